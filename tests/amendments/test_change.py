"""A dose written down wrongly: asked, locked, decided by another, and both versions kept."""

from datetime import timedelta

import pytest

from app import clock
from app.amendments import actions
from app.amendments.models import Amendment
from app.audit import chain_key, verify
from app.outbox import OutboxEvent
from app.reactions.actions import note
from app.sessions.models import VaccinationSession
from app.stock.models import Holding, Movement
from app.visits.models import Dose, Visit
from app.words import Refused
from tests import build
from tests.amendments.conftest import working


@pytest.fixture
def dose(here):
    """A dose of an hour ago, by the staff."""
    at = clock.now() - timedelta(hours=1)
    at = max(at, clock.day_bounds(clock.today())[0])
    visit = build.visit(here.session, state="ready")
    return build.dose(visit, here.lot, given_at=at)


def change_form(here, dose):
    return here.client.open_page(f"/doses/{dose.id}").follow("Đề nghị sửa")


WHY = {"reason": "gõ nhầm"}


def approve(here, row=None):
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/amendments/{(row or Amendment.get()).id}")
    return page.form("answer").submit(button="yes")


def test_the_page_of_a_dose(here, dose):
    page = here.client.open_page(f"/people/{dose.person_id}/doses")
    assert "Ghi tại buổi tiêm" in page.text
    page = page.follow(clock.local(dose.given_at).strftime("%d/%m/%Y"))
    assert page.url == f"/doses/{dose.id}" and dose.lot_number in page.text
    assert dose.person.name in page.text and here.staff.name in page.text


def test_a_change_is_asked_locked_approved_and_kept(here, dose):
    other = build.holding(here.site, doses=5)
    page = change_form(here, dose)
    assert "đang ghi: Cánh tay trái" in page.text
    page = page.submit("reason", holding_id=str(other.id), body_part="right_arm", **WHY)
    assert page.status == 200 and "giữ nguyên cho đến khi" in page.text
    assert here.doctor.name in page.css(".warn")[0].text_content()
    assert "Đề nghị sửa" not in page.text
    assert Dose.get().body_part == "left_arm", "nothing changes before the approval"
    page = approve(here)
    assert page.status == 200 and "Đã duyệt" in page.text
    row, now = Amendment.get(), Dose.get()
    assert (now.body_part, now.holding, now.lot_number) == ("right_arm", other, other.lot.number)
    assert (now.version, now.kind, now.seq) == (2, dose.kind, dose.seq)
    assert row.before == {"holding_id": here.lot.id, "body_part": "left_arm"}
    assert row.after == {"holding_id": other.id, "body_part": "right_arm"}
    assert (row.reason, row.asked_by, row.decided_by) == ("gõ nhầm", here.staff, here.doctor)
    assert Holding.get_by_id(here.lot.id).balance == 10
    assert Holding.get_by_id(other.id).balance == 4
    kinds = [(line.kind, line.holding_id) for line in Movement.select().order_by(Movement.id)]
    assert sorted(kinds[-2:]) == [("dose", other.id), ("undo", here.lot.id)]
    assert OutboxEvent.get(OutboxEvent.event == "dose.changed").payload == {"dose": dose.id}
    page = here.client.open_page(f"/doses/{dose.id}")
    assert "Cánh tay trái" in page.text and "Cánh tay phải" in page.text and "gõ nhầm" in page.text
    assert verify(chain_key())[1] == []


def test_whoever_injected_it_may_have_left_since(here, dose):
    gone = build.user(here.site, "vaccinator", active=False)
    Dose.update(vaccinator=gone).execute()
    page = change_form(here, dose)
    assert page.form("reason").values["vaccinator_id"] == [str(gone.id)]
    page.submit("reason", body_part="right_arm", **WHY)
    assert Amendment.get().after == {"body_part": "right_arm"}
    approve(here)
    assert Dose.get().vaccinator == gone and Dose.get().body_part == "right_arm"


def test_of_two_doses_on_one_day_either_can_be_set_right(here, dose):
    second = build.visit(build.session(here.site, [here.lot]), dose.person, state="ready")
    build.dose(second, here.lot)
    change_form(here, dose).submit("reason", body_part="right_arm", **WHY)
    assert approve(here).status == 200 and Dose.get_by_id(dose.id).body_part == "right_arm"


def test_another_vaccine_has_its_own_volume(here, dose):
    other = build.holding(here.site, "ASTRAZENECA", 5)
    change_form(here, dose).submit("reason", holding_id=str(other.id), **WHY)
    assert Amendment.get().after["volume_ml"] == "0.50"
    approve(here)
    now = Dose.get()
    assert (now.product, float(now.volume_ml)) == ("ASTRAZENECA", 0.5)


def test_the_time_moves_the_end_of_the_observation(here, dose):
    before = Visit.get()
    at = dose.given_at - timedelta(minutes=7)
    if clock.local(at).date() != clock.today():
        pytest.skip("just after midnight")
    typed = clock.local(at).strftime("%H:%M")
    change_form(here, dose).submit("reason", given_time=typed, **WHY)
    approve(here)
    now, visit = Dose.get(), Visit.get()
    assert clock.local(now.given_at).strftime("%H:%M") == typed
    assert visit.observe_until == now.given_at + timedelta(minutes=30)
    assert visit.version == before.version + 1


def test_kind_and_number_can_be_set_right(here, dose):
    change_form(here, dose).submit("reason", kind="NHAC_LAI", seq="1", **WHY)
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/amendments/{Amendment.get().id}")
    assert "Theo lịch tiêm" in page.css(".warn")[-1].text_content()
    approve(here)
    now = Dose.get()
    assert (now.kind, now.seq, now.confirmed_by) == ("NHAC_LAI", 1, here.doctor)
    assert "kind_differs" in now.warnings


def test_a_void_gives_the_unit_back_and_counts_no_more(here, dose):
    page = here.client.open_page(f"/doses/{dose.id}").follow("Đề nghị hủy")
    page = page.submit("reason", reason="người này chưa tiêm", evidence="biên bản 3")
    assert page.status == 200 and not Dose.get().voided_at
    approve(here)
    now = Dose.get()
    assert now.voided_at and now.version == 2 and Visit.get().state == "voided"
    assert Holding.get_by_id(here.lot.id).balance == 10
    assert OutboxEvent.get(OutboxEvent.event == "dose.voided").payload == {"dose": dose.id}
    page = here.client.open_page(f"/doses/{dose.id}")
    assert "Đã hủy ghi nhận" in page.text and "biên bản 3" in page.text
    page = here.client.open_page(f"/people/{dose.person_id}/doses")
    assert "Đã hủy ghi nhận" in page.text and "Chưa có mũi tiêm nào" in page.text
    assert verify(chain_key())[1] == []


def test_after_a_reaction_the_approver_is_warned(here, dose):
    with here.app.test_request_context():
        note(Visit.get(), ["fever"], False, "", working(here.staff))
    actions.ask_void(dose.id, 1, "nhầm", "", working(here.staff))
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/amendments/{Amendment.get().id}")
    assert "phản ứng" in page.css(".warn")[-1].text_content()


def test_a_closed_session_does_not_keep_a_mistake(here, dose):
    VaccinationSession.update(closed_at=clock.now()).execute()
    change_form(here, dose).submit("reason", body_part="right_arm", **WHY)
    assert approve(here).status == 200 and Dose.get().body_part == "right_arm"


def test_one_request_at_a_time(here, dose):
    form = change_form(here, dose).form("reason")
    actions.ask_void(dose.id, 1, "nhầm", "", working(here.staff))
    page = form.submit(body_part="right_arm", **WHY)
    assert page.status == 422 and "chờ duyệt" in page.text
    assert Amendment.select().count() == 1


def test_pressing_twice_is_one_request(here, dose):
    form = change_form(here, dose).form("reason")
    for _ in range(2):
        assert form.submit(body_part="right_arm", **WHY).status == 200
    assert Amendment.select().count() == 1


def test_a_stale_page_shows_both_versions(here, dose):
    form = change_form(here, dose).form("reason")
    by = working(here.staff)
    row = actions.ask_change(
        dose.id, 1, actions.as_given(actions.values_of(dose) | {"table_no": 2}), "bàn 2", "", by
    )
    actions.decide(row, True, "", working(here.doctor))
    page = form.submit(body_part="right_arm", **WHY)
    assert page.status == 409
    cells = [
        [" ".join(cell.text_content().split()) for cell in line.cssselect("th, td")]
        for line in page.css("table tbody tr")
    ]
    assert ["Vị trí tiêm", "Cánh tay trái", "Cánh tay phải", "Cánh tay trái"] in cells
    assert ["Bàn tiêm", "1", "1", "2"] in cells
    assert "bàn 2" in page.text
    assert Amendment.select().count() == 1 and Dose.get().body_part == "left_arm"
    form = page.follow("Xem bản hiện nay").follow("Đề nghị sửa").form("reason")
    assert form.values["table_no"] == ["2"]


def test_a_void_of_a_stale_page(here, dose):
    form = here.client.open_page(f"/doses/{dose.id}/void").form("reason")
    Dose.update(version=2).execute()
    page = form.submit(reason="nhầm")
    assert page.status == 409 and not Amendment.select().count()


def test_no_undo_while_a_request_waits(here):
    visit = build.visit(here.session, state="ready")
    here.client.open_page(f"/visits/{visit.id}").submit("holding_id")
    actions.ask_void(Dose.get().id, 1, "nhầm", "", working(here.staff))
    page = here.client.open_page(f"/visits/{visit.id}").form("Hoàn tác").submit()
    assert page.status == 422 and "chờ duyệt" in page.text and not Dose.get().voided_at


def test_the_asker_is_no_second_person(here, dose):
    row = actions.ask_void(dose.id, 1, "nhầm", "", working(here.staff))
    with pytest.raises(Refused, match="amend_own"):
        actions.decide(row, True, "", working(here.staff))
    assert not Dose.get().voided_at


def test_the_last_unit_of_the_other_lot(here, dose):
    other = build.holding(here.site, doses=1)
    change_form(here, dose).submit("reason", holding_id=str(other.id), **WHY)
    Holding.update(balance=0).where(Holding.id == other.id).execute()
    page = approve(here)
    assert page.status == 422 and "hết liều" in page.text
    assert Dose.get().holding == here.lot and Holding.get_by_id(here.lot.id).balance == 9
    assert Amendment.get().state == "pending"
    assert verify(chain_key())[1] == []


def test_a_lot_that_is_empty_now_stays_a_choice_for_its_own_dose(here, dose):
    Holding.update(balance=0).execute()
    page = change_form(here, dose).submit("reason", body_part="right_arm", **WHY)
    assert page.status == 200 and approve(here).status == 200
    assert Dose.get().body_part == "right_arm" and Holding.get().balance == 0


BAD = [
    ("given_time", "25:00"), ("given_time", ""), ("given_time", "23:59"), ("table_no", "3"),
    ("table_no", ""), ("holding_id", "999"), ("vaccinator_id", "999"), ("body_part", "nose"),
    ("volume_ml", "3"), ("kind", "X"), ("seq", "0"), ("seq", "100"), ("reason", ""),
    ("reason", "x" * 2000), ("reason", "\u202e"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD)
def test_bad_input_is_refused_at_its_field(here, dose, name, value):
    page = change_form(here, dose).submit("reason", **(WHY | {name: value}))
    assert page.status == 422 and page.css(f"#{name}-e"), page.text
    assert not Amendment.select().count()


def test_nothing_changed_is_no_request(here, dose):
    page = change_form(here, dose).submit("reason", **WHY)
    assert page.status == 422 and "Chưa có mục nào khác" in page.text


def test_a_void_needs_a_reason(here, dose):
    page = here.client.open_page(f"/doses/{dose.id}/void").submit("reason", reason=" ")
    assert page.status == 422 and page.css("#reason-e") and not Amendment.select().count()


def test_strangers_and_others_are_kept_out(here, dose):
    far = build.user(build.country()[2])
    build.sign_in(here.client, far)
    for path in ("", "/change", "/void"):
        here.client.open_page(f"/doses/{dose.id}{path}", status=404)
    with pytest.raises(Refused, match="amend_not_yours"):
        actions.ask_void(dose.id, 1, "nhầm", "", working(far))
    build.sign_in(here.client, here.doctor)
    here.client.open_page(f"/doses/{dose.id}/void", status=403)
    build.sign_in(here.client, build.user(here.site, "storekeeper"))
    here.client.open_page(f"/doses/{dose.id}", status=403)


def test_the_unit_above_may_ask_only_when_the_site_has_ended(here, dose):
    head = working(build.user(here.province, "province"))
    with pytest.raises(Refused, match="amend_not_yours"):
        actions.ask_void(dose.id, 1, "nhầm", "", head)
    here.site.valid_to = clock.today() - timedelta(days=1)
    here.site.save()
    assert actions.ask_void(dose.id, 1, "nhầm", "", head)


def test_a_mobile_site_is_decided_by_the_people_of_its_station(here):
    mobile = build.unit("mobile", here.site)
    session = build.session(mobile, [here.lot])
    build.dose(build.visit(session, state="ready"), here.lot)
    row = actions.ask_void(Dose.get().id, 1, "nhầm", "", working(here.staff))
    names = [one.name for one in actions.may_approve(Amendment.get())]
    assert here.doctor.name in names and here.staff.name not in names
    actions.decide(row, True, "", working(here.doctor))
    assert Dose.get().voided_at
