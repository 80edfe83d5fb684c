"""A session that does not take place is called off as one act."""

from datetime import date, datetime, time, timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.closing import actions as closing
from app.imports.actions import paste
from app.outbox import OutboxEvent
from app.registrations.models import Registration
from app.sessions import actions, rules
from app.sessions.models import Appointment, Expected, VaccinationSession
from app.stock import actions as stock
from app.visits import actions as visits
from app.words import Refused
from tests import build
from tests.sessions.conftest import as_signed_in
from tests.sessions.wishes import given, now

AT_TEN = datetime(2021, 8, 10, 10)
DAY = date(2021, 8, 10)


@pytest.fixture(autouse=True)
def at_ten():
    with clock.frozen(AT_TEN):
        yield


@pytest.fixture
def session(here):
    return build.session(here.site, [], held_on=DAY, half_day="day", capacity=160)


@pytest.fixture
def called(here, session):
    """Two wishes that were called for 13:00, and somebody who was put on the list by hand."""
    rows = [given(here), given(here)]
    actions.call(session.id, [row.id for row in rows], time(13), here.by)
    build.expected(session, build.person(here.site))
    return [now(row) for row in rows]


def reasons(work, *args):
    with pytest.raises(Refused) as refused:
        work(*args)
    return [code for _field, code, _values in refused.value.reasons]


def off(session, here, reason="storm", note=""):
    return actions.call_off(session.id, reason, note, here.by)


def fresh(session):
    return VaccinationSession.get_by_id(session.id)


def test_the_page_asks_once_more_and_empties_the_list(here, session, called):
    page = here.client.open_page(f"/sessions/{session.id}").follow("Hủy buổi tiêm")
    assert "Danh sách có 3 người" in page.text
    assert "2 người được gọi nhận một tin nhắn" in page.text
    assert "1 người khác không có tin nhắn" in page.text
    assert Expected.select().count() == 3
    page = page.submit(reason="no_vaccine", note="Xe lạnh hỏng")
    assert page.url == f"/sessions/{session.id}"
    assert f"Đã hủy: vắc xin chưa về; Xe lạnh hỏng. {here.head.name}, 10/08/2021 10:00" in page.text
    row = fresh(session)
    assert (row.off_reason, row.closed_at, row.closed_by) == ("no_vaccine", clock.now(), here.head)
    assert Expected.select().count() == 0
    assert {one.ended for one in Appointment.select()} == {"removed"}


def test_the_wishes_wait_again_at_their_place(here, session, called):
    off(session, here)
    later = build.session(here.site, [], held_on=DAY + timedelta(5))
    higher, after = given(here, rank=1), given(here)
    page = here.client.open_page(f"/sessions/{later.id}/wishes")
    shown = [box.get("value") for box in page.css("input[name=ids]")]
    assert shown == [str(row.id) for row in (higher, *called, after)]
    assert "Vắng mặt" not in page.text
    actions.call(later.id, [called[0].id], time(8), here.by)
    assert now(called[0]).state == "listed"


def test_whoever_was_called_is_told_once_and_of_nothing_else(here, session, called):
    off(session, here)
    about = OutboxEvent.event.startswith("appointment.")
    rows = list(OutboxEvent.select().where(about).order_by(OutboxEvent.id))
    names = [row.event for row in rows]
    assert names == ["appointment.made"] * 2 + ["appointment.called_off"] * 2
    told = [row.payload["appointment"] for row in rows[2:]]
    assert told == [row.id for row in Appointment.select().order_by(Appointment.id)]


def test_it_is_written_down(here, session, called):
    here.client.open_page(f"/sessions/{session.id}/call-off").submit(reason="storm")
    rows = list(AuditEntry.select().where(AuditEntry.action == "change").order_by(AuditEntry.id))
    act = next(row for row in rows if row.noun == "session")
    assert (act.noun_id, act.user_id, act.detail) == (
        session.id,
        here.head.id,
        {"called_off": "storm"},
    )
    people = [row.person_id for row in rows if row.noun == "expected"]
    assert len(people) == 3 and {row.person_id for row in called} < set(people)


def test_pressed_twice_it_is_done_once(here, session, called):
    form = here.client.open_page(f"/sessions/{session.id}/call-off").form("reason")
    again = here.client.open_page(f"/sessions/{session.id}/call-off").form("reason")
    assert form.submit(reason="storm").status == 200
    assert form.submit(reason="storm").status == 200
    page = again.submit(reason="no_staff")
    assert page.status == 422 and "Buổi tiêm này đã hủy." in page.text
    assert OutboxEvent.select().where(OutboxEvent.event == "appointment.called_off").count() == 2
    assert fresh(session).off_reason == "storm"


def test_another_reason_needs_a_note_and_the_form_a_reason(here, session, called):
    page = here.client.open_page(f"/sessions/{session.id}/call-off")
    assert page.submit(reason="off_other").status == 422
    page = page.submit("reason", note="Mất điện cả xã")
    assert page.status == 422 and "Mất điện cả xã" in page.body
    assert fresh(session).off_reason == "" and Expected.select().count() == 3
    assert page.submit(reason="off_other").url == f"/sessions/{session.id}"
    assert fresh(session).off_note == "Mất điện cả xã"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"last_queue_no": 1}, "off_begun"),
        ({"held_on": DAY - timedelta(1)}, "session_over"),
        ({"closed_at": AT_TEN}, "session_closed"),
    ],
)
def test_only_a_session_that_has_not_begun_is_called_off(here, session, called, changed, code):
    VaccinationSession.update(**changed).where(VaccinationSession.id == session.id).execute()
    assert reasons(off, session, here) == [code]
    page = here.client.open_page(f"/sessions/{session.id}")
    assert "Hủy buổi tiêm" not in page.text
    assert not here.client.open_page(f"/sessions/{session.id}/call-off").css("input[name=reason]")
    assert now(called[0]).state == "listed" and Expected.select().count() == 3


def test_somebody_who_was_received_and_left_is_enough(here, session):
    person = build.person(here.site)
    visits.check_in(session.id, person.id, here.by)
    assert reasons(off, session, here) == ["off_begun"]


def test_doses_at_the_tables_are_brought_back_first(here, session):
    lot = here.lots[0]
    closing.take(session.id, lot.id, 6, here.by)
    assert reasons(off, session, here) == ["off_lots_out"]
    stock.waste(lot.id, 2, "waste_broken", "", here.by, session.id)
    assert reasons(off, session, here) == ["off_lots_out"]
    closing.give_back(session.id, lot.id, 4, here.by)
    assert off(session, here) == session.id


def test_nothing_is_done_at_a_session_that_was_called_off(here, session, called):
    off(session, here)
    person, row = build.person(here.site), fresh(session)
    assert reasons(visits.check_in, session.id, person.id, here.by) == ["session_off"]
    assert reasons(actions.expect, session.id, person.id, here.by) == ["session_off"]
    assert reasons(actions.call, session.id, [called[0].id], time(13), here.by) == ["session_off"]
    assert reasons(paste, row, "079080001234", here.by) == ["session_off"]
    assert reasons(closing.take, session.id, here.lots[0].id, 5, here.by) == ["session_off"]
    assert reasons(closing.close, session.id, here.by) == ["session_off"]
    assert reasons(closing.reopen, session.id, "Nhầm", here.by) == ["session_off"]
    plan = actions.Plan(DAY, "day")
    assert reasons(actions.change, row, plan, here.by) == ["session_off"]


def test_its_pages_offer_nothing(here, session, called):
    off(session, here)
    page = here.client.open_page(f"/sessions/{session.id}")
    links = [link.get("href") for link in page.css("main a")]
    assert not [link for link in links if f"/sessions/{session.id}/" in link]
    assert here.client.open_page(f"/sessions/{session.id}/closing").url == f"/sessions/{session.id}"
    build.sign_in(here.client, build.user(here.site))
    for path in ("wishes", "arrivals"):
        assert (
            "Buổi tiêm này đã hủy." in here.client.open_page(f"/sessions/{session.id}/{path}").text
        )


def test_it_is_seen_as_called_off_and_not_as_open(here, session, called):
    off(session, here)
    page = here.client.open_page("/sessions")
    assert "Đã hủy" in page.text and "Vào buổi tiêm" not in page.text
    with clock.frozen(AT_TEN + timedelta(days=1)):
        page = here.client.open_page("/sessions")
        assert "Đã hủy" in page.text and "chưa kết thúc" not in page.text.lower()


def test_citizens_do_not_see_it_among_the_sites(here, session, called):
    from app.portal.models import coming

    days = (DAY, DAY + timedelta(7))
    assert coming([here.site], days)
    off(session, here)
    assert not coming([here.site], days)


def test_who_may_not_plan_may_not_call_off(here, session):
    build.sign_in(here.client, build.user(here.site, "reception"))
    assert "Hủy buổi tiêm" not in here.client.open_page(f"/sessions/{session.id}").text
    assert here.client.get(f"/sessions/{session.id}/call-off").status_code == 403


def test_a_long_list_takes_as_many_statements_as_a_short_one(here):
    def statements(people):
        session = build.session(here.site, [], held_on=DAY, capacity=5000)
        rows = [given(here) for _ in range(people)]
        for row in rows:
            person = build.person(here.site)
            build.expected(session, person)
            Appointment.create(registration=row, session=session, person=person, hour=time(13))
        Registration.update(state="listed").where(Registration.id.in_(rows)).execute()
        with count_queries() as counter:
            off(session, here)
        return counter.count

    statements(2)  # the first act begins the chain of the audit
    assert statements(40) == statements(2) <= 20


@pytest.mark.parametrize("reason", [*rules.OFF, "", "no_idea"])
def test_the_rules_know_the_reasons(reason):
    problems = {
        (field, code) for field, code, _values in rules.off_problems("", 0, [], reason, "x")
    }
    assert problems == (set() if reason in rules.OFF else {("reason", "not_a_choice")})


def test_two_heads_call_off_one_after_the_other(here, session):
    other = as_signed_in(build.user(here.site, "site_head"))
    off(session, here)
    assert reasons(actions.call_off, session.id, "storm", "", other) == ["session_off"]


def again(here, session):
    return here.client.open_page(f"/sessions/{session.id}").form("Mở lại buổi tiêm")


def test_one_called_off_by_mistake_is_planned_again_with_an_empty_list(here, session, called):
    off(session, here, "off_other", "Nhầm ngày")
    page = here.client.open_page(f"/sessions/{session.id}")
    assert "những người được gọi đã nhận tin hủy" in page.text
    page = page.form("Mở lại buổi tiêm").submit()
    assert page.status == 200 and "Danh sách còn trống" in page.text
    row = fresh(session)
    assert (row.off_reason, row.off_note, row.closed_at, row.closed_by) == ("", "", None, None)
    assert not Expected.select().exists() and not Appointment.standing(session.id).exists()
    assert {now(wish).state for wish in called} == {"allocated"}
    act = AuditEntry.select().where(AuditEntry.noun == "session", AuditEntry.action == "change")
    assert act.order_by(AuditEntry.id.desc()).get().detail == {"planned_again": "off_other"}
    assert "Đã hủy" not in here.client.open_page("/sessions").text


def test_the_people_of_one_planned_again_can_be_called_anew(here, session, called):
    off(session, here)
    again(here, session).submit()
    made = OutboxEvent.select().where(OutboxEvent.event == "appointment.made")
    before = made.count()
    actions.call(session.id, [called[0].id], time(13), here.by)
    assert now(called[0]).state == "listed" and made.count() == before + 1
    assert off(session, here) == session.id, "and it can be called off again"


def test_it_is_planned_again_once(here, session, called):
    off(session, here)
    first, other = again(here, session), again(here, session)
    assert [first.submit().status, first.submit().status] == [200, 200]
    page = other.submit()
    assert page.status == 422 and "đã được mở lại" in page.text
    assert "Mở lại buổi tiêm" not in page.text


@pytest.mark.parametrize("why", ["planned", "closed", "past"])
def test_only_one_that_was_called_off_and_is_not_past_is_planned_again(here, session, why):
    if why == "closed":
        VaccinationSession.update(closed_at=clock.now(), closed_by=here.head).execute()
    if why == "past":
        off(session, here)
    with clock.frozen(AT_TEN + timedelta(days=why == "past")):
        assert "Mở lại buổi tiêm" not in here.client.open_page(f"/sessions/{session.id}").text
        code = "session_over" if why == "past" else "session_not_off"
        assert reasons(actions.plan_again, session.id) == [code]


def test_who_may_not_plan_does_not_plan_it_again(here, session):
    off(session, here)
    build.sign_in(here.client, build.user(here.site, "reception"))
    assert "Mở lại buổi tiêm" not in here.client.open_page(f"/sessions/{session.id}").text
