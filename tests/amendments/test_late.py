"""Hồi cứu: what was given on paper is asked for, approved by a second person, and counted apart."""

import logging
from datetime import datetime, timedelta

import pytest

from app import clock
from app.amendments import actions
from app.amendments.models import Amendment, late_doses
from app.audit import chain_key, verify
from app.outbox import OutboxEvent
from app.people.models import Care, Person
from app.sessions.models import VaccinationSession
from app.stock.models import Holding, Lot, Movement
from app.visits.models import Dose, Visit
from app.words import Refused
from tests import build
from tests.amendments.conftest import working
from tests.visits.test_stations import number_of

EVENING = datetime(2021, 10, 20, 19, 30)


@pytest.fixture(autouse=True)
def evening():
    with clock.frozen(EVENING):
        yield


def late_form(here, person, session=None):
    page = here.client.open_page(f"/sessions/{(session or here.session).id}/late")
    return page.submit(what=number_of(person))


PAPER = {"given_time": "10:45", "papers": "yes", "evidence": "DS-0001, dòng 7"}


def asked(here, person, **typed):
    return late_form(here, person).submit("given_time", **(PAPER | typed))


def approve(here, row=None, by=None):
    build.sign_in(here.client, by or here.doctor)
    page = here.client.open_page(f"/amendments/{(row or Amendment.get()).id}")
    return page.form("answer").submit(button="yes")


def test_a_dose_on_paper_is_entered_with_a_second_person(here):
    person = build.person(here.site)
    page = here.client.open_page(f"/sessions/{here.session.id}").follow("Nhập hồi cứu")
    page = page.submit(what=number_of(person)).submit("given_time", **PAPER)
    assert page.status == 200 and "Chờ người thứ hai duyệt" in page.text
    assert person.name in page.css("table")[0].text_content()
    assert not Dose.select().count() and not Visit.select().count()
    page = approve(here)
    assert page.status == 200 and "Đã duyệt" in page.text
    visit, dose, row = Visit.get(), Dose.get(), Amendment.get()
    assert (visit.state, visit.person, visit.session) == ("done", person, here.session)
    assert (dose.source, dose.evidence, dose.visit) == ("late", "DS-0001, dòng 7", visit)
    assert clock.local(dose.given_at).strftime("%d/%m %H:%M") == "20/10 10:45"
    assert dose.recorded_at == clock.now()
    assert (dose.recorded_by, dose.confirmed_by) == (here.staff, here.doctor)
    assert (dose.kind, dose.seq, dose.overall) == ("CO_BAN", 1, 1)
    assert (row.state, row.dose, row.decided_by) == ("approved", dose, here.doctor)
    assert Holding.get_by_id(here.lot.id).balance == 9
    assert Movement.get(Movement.kind == "dose").source_id == dose.id
    assert Care.select().where(Care.person == person, Care.unit == here.site).count() == 1
    assert OutboxEvent.get(OutboxEvent.event == "dose.recorded").payload == {"dose": dose.id}
    assert verify(chain_key())[1] == []


def test_hours_are_shown_and_counted_apart(here):
    asked(here, build.person(here.site))
    approve(here)
    page = here.client.open_page(f"/sessions/{here.session.id}/late")
    assert "Đã nhập hồi cứu: 1 mũi" in page.text and "8,8" in page.text
    today = clock.today()
    assert [str(row.hours) for row in late_doses(here.province.path, today, today)] == ["8.8"]
    assert late_doses(build.country()[1].path, today, today) == []
    assert late_doses(here.province.path, today - timedelta(1), today - timedelta(1)) == []


def test_somebody_received_before_the_power_went(here):
    visit = build.visit(here.session, state="consented")
    asked(here, visit.person)
    approve(here)
    again = Visit.get()
    assert (again.id, again.state, again.conclusion) == (visit.id, "done", "DU_DIEU_KIEN")
    assert Dose.get().visit == visit


def test_what_was_typed_stays_for_the_next_person(here):
    one, two = build.person(here.site), build.person(here.site)
    page = asked(here, one, table_no="2", cause="cause_service", body_part="right_arm")
    values = page.submit(what=number_of(two)).form("given_time").values
    assert (values["table_no"], values["cause"], values["body_part"]) == (
        ["2"], ["cause_service"], ["right_arm"],
    )  # fmt: skip
    assert values["given_time"] == [""] and values["evidence"] == [PAPER["evidence"]]


def test_a_past_session_that_is_open_and_a_lot_that_expired_since(here):
    yesterday = clock.today() - timedelta(days=1)
    lot = build.holding(here.site, expires_on=yesterday)
    session = build.session(here.site, [lot], held_on=yesterday)
    page = late_form(here, build.person(here.site), session)
    page.submit("given_time", holding_id=str(lot.id), **PAPER)
    approve(here)
    dose = Dose.get()
    assert clock.local(dose.given_at).date() == yesterday
    assert Holding.get_by_id(lot.id).balance == 99


def test_several_are_approved_with_one_press(here):
    people = [build.person(here.site) for _ in range(3)]
    for person in people:
        asked(here, person)
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/sessions/{here.session.id}/late")
    rows = [item.get("value") for item in page.css("input[name=row]")]
    assert len(rows) == 3
    form = page.form("row")
    page = form.submit(row=rows[:2])
    assert "Đã duyệt 2 mũi" in page.text and Dose.select().count() == 2
    assert len(page.css("input[name=row]")) == 1
    form.submit(row=rows[:2])
    assert Dose.select().count() == 2 and Holding.get_by_id(here.lot.id).balance == 8
    assert sorted(visit.queue_no for visit in Visit.select()) == [1, 2]
    assert verify(chain_key())[1] == []


def test_one_that_cannot_be_approved_does_not_hold_up_the_others(here):
    for person in (build.person(here.site), build.person(here.site)):
        asked(here, person)
    Holding.update(balance=1).execute()
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/sessions/{here.session.id}/late")
    rows = [item.get("value") for item in page.css("input[name=row]")]
    page = page.form("row").submit(row=rows)
    assert page.status == 422 and "Đã duyệt 1 mũi" in page.text
    assert "hết liều" in page.css("[role=alert]")[0].text_content()
    assert Dose.select().count() == Visit.select().count() == 1
    assert [row.state for row in Amendment.select().order_by(Amendment.id)] == [
        "approved", "pending",
    ]  # fmt: skip
    assert verify(chain_key())[1] == []


def test_nothing_ticked(here):
    asked(here, build.person(here.site))
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/sessions/{here.session.id}/late").form("row").submit()
    assert page.status == 422 and "đánh dấu ít nhất một" in page.text


def test_the_asker_is_no_second_person(here):
    asked(here, build.person(here.site))
    page = here.client.open_page(f"/sessions/{here.session.id}/late")
    assert not page.css("input[name=row]")
    page = page.follow("Xem")
    assert "Ai duyệt được" in page.text and here.doctor.name in page.text
    assert here.staff.name not in page.css("ul")[-1].text_content()
    with pytest.raises(Refused, match="amend_own"):
        actions.decide(Amendment.get().id, True, "", working(here.staff))
    assert not Dose.select().count()


def test_it_can_be_rejected_with_a_reason(here):
    asked(here, build.person(here.site))
    build.sign_in(here.client, here.doctor)
    form = here.client.open_page(f"/amendments/{Amendment.get().id}").form("answer")
    page = form.submit(button="no")
    assert page.status == 422 and "Ghi lý do từ chối" in page.text
    page = page.form("answer").submit(button="no", answer="không có trong danh sách giấy")
    assert page.status == 200 and "không có trong danh sách giấy" in page.text
    assert Amendment.get().state == "rejected" and not Dose.select().count()


def test_it_can_be_withdrawn_and_asked_again(here):
    person = build.person(here.site)
    asked(here, person)
    page = asked(here, person)
    assert page.status == 422 and "đã có đề nghị" in page.text
    page = here.client.open_page(f"/amendments/{Amendment.get().id}").submit("Rút đề nghị")
    assert page.status == 200 and "Đã rút" in page.text
    assert asked(here, person).status == 200
    assert [row.state for row in Amendment.select().order_by(Amendment.id)] == [
        "withdrawn", "pending",
    ]  # fmt: skip


def test_pressing_twice_is_one_request(here):
    form = late_form(here, build.person(here.site)).form("given_time")
    assert form.submit(**PAPER).status == form.submit(**PAPER).status == 200
    assert Amendment.select().count() == 1


def test_a_decision_that_came_too_late(here):
    asked(here, build.person(here.site))
    build.sign_in(here.client, here.doctor)
    row = Amendment.get()
    form = here.client.open_page(f"/amendments/{row.id}").form("answer")
    actions.decide(row.id, True, "", working(build.user(here.site, "site_head")))
    page = form.submit(button="no", answer="sai")
    assert page.status == 409 and "đã được quyết định" in page.text and "Đã duyệt" in page.text
    assert not page.css("[name=approve]")
    assert Amendment.get().state == "approved" and Dose.select().count() == 1


BAD = [
    ("given_time", "25:00"), ("given_time", ""), ("given_time", "20:00"), ("given_time", "\u202e1"),
    ("table_no", "3"), ("table_no", "x"), ("holding_id", "999"), ("vaccinator_id", "999"),
    ("body_part", "nose"), ("volume_ml", "3"), ("evidence", ""), ("evidence", "x" * 900),
    ("cause", "x"), ("papers", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD)
def test_bad_input_is_refused_at_its_field(here, name, value):
    page = asked(here, build.person(here.site), **{name: value})
    assert page.status == 422 and page.css(f"#{name}-e"), page.text
    assert page.form("given_time").values["reason"] == [""]
    assert not Amendment.select().count()


def test_another_cause_needs_words(here):
    page = asked(here, build.person(here.site), cause="cause_other")
    assert page.status == 422 and page.css("#reason-e")
    assert page.submit("given_time", reason="máy hỏng", papers="yes").status == 200


def refused(here, page, text):
    assert page.status == 422 and text in page.text, page.text
    assert not Amendment.select().where(Amendment.kind == "late").count()


def test_not_into_a_closed_session(here):
    person = build.person(here.site)
    form = late_form(here, person).form("given_time")
    VaccinationSession.update(closed_at=clock.now()).execute()
    refused(here, form.submit(**PAPER), "Buổi tiêm đã kết thúc")
    page = here.client.open_page(f"/sessions/{here.session.id}/late")
    assert "Buổi tiêm đã kết thúc" in page.text and not page.css("[name=what]")


def test_closed_between_asking_and_approving(here):
    asked(here, build.person(here.site))
    VaccinationSession.update(closed_at=clock.now()).execute()
    with pytest.raises(Refused, match="session_closed"):
        actions.decide(Amendment.get().id, True, "", working(here.doctor))
    assert not Dose.select().count() and Amendment.get().state == "pending"


def test_never_twice_in_a_session(here):
    visit = build.visit(here.session, state="ready")
    build.dose(visit, here.lot)
    refused(here, asked(here, visit.person), "đã có lượt tiêm trong buổi này")


def test_not_for_somebody_who_was_turned_away(here):
    visit = build.visit(here.session, state="refused")
    refused(here, asked(here, visit.person), "Không đồng ý tiêm chủng")


def test_not_with_a_dose_on_the_same_day_elsewhere(here):
    person = build.person(here.site)
    other = build.session(here.site, [here.lot])
    build.dose(build.visit(other, person, state="ready"), here.lot)
    refused(here, asked(here, person), "cùng ngày")


@pytest.mark.parametrize("hours", [-10, 10])
def test_a_lot_that_was_stopped_before_or_after_the_injection(here, hours):
    at = clock.now() - timedelta(hours=9) + timedelta(hours=hours)
    Lot.update(suspended_at=at).execute()
    page = asked(here, build.person(here.site))
    assert (page.status == 422) == (hours < 0)
    assert ("tạm dừng" in page.text) == (hours < 0)


def test_a_lot_of_another_site_is_no_choice(here):
    far = build.holding(build.country()[2])
    page = asked(here, build.person(here.site), holding_id=str(far.id))
    assert page.status == 422 and page.css("#holding_id-e")


def test_warnings_are_shown_to_whoever_approves(here):
    person = build.person(here.site)
    before = build.session(here.site, [here.lot], held_on=clock.today() - timedelta(days=7))
    build.dose(build.visit(before, person, state="ready"), here.lot,
               given_at=clock.now() - timedelta(days=7))  # fmt: skip
    asked(here, person, papers="no")
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/amendments/{Amendment.get().id}")
    told = " ".join(item.text_content() for item in page.css(".warn"))
    assert "Sớm" in told and "trên giấy không đủ" in told
    approve(here)
    dose = Dose.select().order_by(Dose.id.desc()).get()
    assert "too_early" in dose.warnings and dose.seq == 2
    assert Visit.select().order_by(Visit.id.desc()).get().conclusion is None


def test_somebody_who_died_since_was_vaccinated_all_the_same(here):
    person = build.person(here.site)
    asked(here, person)
    Person.update(deceased_on=clock.today()).where(Person.id == person.id).execute()
    approve(here)
    assert Dose.get().person == person


def test_a_full_session_takes_those_who_were_vaccinated(here):
    VaccinationSession.update(capacity=1, last_queue_no=1).execute()
    asked(here, build.person(here.site))
    approve(here)
    assert Visit.get().queue_no == 2


def test_a_voided_visit_can_be_entered_rightly(here):
    visit = build.visit(here.session, state="voided")
    asked(here, visit.person)
    approve(here)
    assert Visit.get().state == "done"


def test_the_work_list_shows_what_waits_here(here):
    person = build.person(here.site)
    asked(here, person)
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page("/sessions").follow("Duyệt")
    assert person.name in page.text
    assert person.name in page.follow("Nhập hồi cứu").text
    build.sign_in(here.client, build.user(build.country()[2]))
    assert person.name not in here.client.open_page("/amendments").text
    here.client.open_page(f"/amendments/{Amendment.get().id}", status=404)
    here.client.open_page(f"/sessions/{here.session.id}/late", status=404)


def test_the_province_decides_only_when_the_site_has_ended(here):
    asked(here, build.person(here.site))
    head = build.user(here.province, "province")
    row = Amendment.get()
    with pytest.raises(Refused, match="amend_not_yours"):
        actions.decide(row.id, True, "", working(head))
    here.site.valid_to = clock.today() - timedelta(days=1)
    here.site.save()
    assert head.name in [one.name for one in actions.may_approve(Amendment.within("/").get())]
    assert approve(here, by=head).status == 200 and Dose.select().count() == 1


def test_somebody_else_of_the_same_name_is_chosen(here):
    for _ in range(2):
        build.person(here.site, name="TRẦN VĂN SINH")
    page = here.client.open_page(f"/sessions/{here.session.id}/late").submit(what="tran van sinh")
    page = page.form("person").submit()
    assert page.form("given_time").submit(**PAPER).status == 200
    spoilt = page.form("given_time")
    spoilt.values["person"] = ["1.abc"]
    assert spoilt.submit(**PAPER).status == 422
    assert Amendment.select().count() == 1


def test_lists_cost_the_same_however_long_they_are(here, caplog):
    def asks(path):
        caplog.clear()
        with caplog.at_level(logging.DEBUG, "peewee"):
            here.client.open_page(path)
        return len([one for one in caplog.records if one.name == "peewee"])

    paths = ("/amendments", f"/sessions/{here.session.id}/late")
    asked(here, build.person(here.site))
    few = [asks(path) for path in paths]
    assert all(few)
    for _ in range(5):
        asked(here, build.person(here.site))
    assert [asks(path) for path in paths] == few
