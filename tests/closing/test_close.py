"""A session closes when every dose and every visit is accounted for; otherwise it says what is
missing and leads there."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.amendments import actions as amendments
from app.amendments.models import Amendment
from app.audit import AuditEntry
from app.closing import actions
from app.closing.models import Closing
from app.sessions import actions as sessions
from app.sessions.models import VaccinationSession
from app.visits import actions as visits
from app.visits.models import Dose, Visit
from app.words import Refused
from tests import build
from tests.closing.conftest import as_signed_in, count, of


def codes(refused):
    return [code for _field, code, _values in refused.value.reasons]


def is_closed(session):
    return VaccinationSession.get_by_id(session.id).closed_at is not None


def test_a_session_that_is_accounted_for_closes(here):
    count(here.session, here.lot, 10, 5)
    actions.waste(here.session.id, here.lot.id, 2, "waste_broken", "", here.by)
    page = here.client.open_page(here.path).follow("Kết thúc buổi tiêm")
    assert "Trước khi kết thúc" not in page.text
    page = page.form("Kết thúc buổi tiêm").submit()
    assert page.status == 200 and "Biên bản kết thúc" in page.text
    assert here.staff.name in page.text
    session = VaccinationSession.get_by_id(here.session.id)
    assert session.closed_at and session.closed_by_id == here.staff.id
    entry = AuditEntry.select().where(AuditEntry.noun == "session").order_by(-AuditEntry.id)
    assert entry.where(AuditEntry.action == "change").get().detail == {
        "closed": [[55, 10, 3, 0, 2, 5]]
    }


def test_the_sheet_says_all_lot_by_lot(here):
    count(here.session, here.lot, 5, 2)
    count(here.session, here.other, 7, 7)
    Dose.update(source="late").where(Dose.id == here.doses[0].id).execute()
    actions.close(here.session.id, here.by)
    page = here.client.open_page(f"{here.path}/closing")
    rows = [[cell.text_content().strip() for cell in row] for row in page.css("tbody tr")]
    assert [row[1:] for row in rows] == [
        ["5", "3", "1", "0", "2", "0"], ["7", "0", "0", "0", "7", "0"],
    ]  # fmt: skip
    assert "Đã tiêm, hoàn thành: 3" in page.text
    assert not page.css("form button[name]"), "nothing but the reopening is asked"


def test_the_lead_from_what_is_missing_to_where_it_is_mended(here):
    count(here.session, here.lot, 5)
    waiting = build.visit(here.session, state="ready")
    page = here.client.open_page(f"{here.path}/closing").form("Kết thúc buổi tiêm").submit()
    assert page.status == 422 and not is_closed(here.session)
    assert f"Lô {here.lot.lot.number}: còn 2 liều đã lấy ra" in page.text
    for link, path in (
        ("Nhập hồi cứu", "late"),
        ("Ghi hủy", f"lots/waste?lot={here.lot.id}"),
        ("Ghi trả lại", f"lots?lot={here.lot.id}"),
        ("Sửa số đếm", f"lots/{here.lot.id}"),
    ):
        hrefs = [a.get("href") for a in page.css("a") if a.text_content() == link]
        assert hrefs == [f"{here.path}/{path}"] and here.client.open_page(hrefs[0]).status == 200
    assert page.follow(waiting.person.name).url == f"/visits/{waiting.id}"
    assert page.follow("Xem các mũi đã ghi").status == 200


def test_the_lot_that_was_led_to_is_chosen(here):
    count(here.session, here.other, 0)
    page = here.client.open_page(f"{here.path}/lots?lot={here.other.id}")
    assert page.form("doses").values["lot"] == [str(here.other.id)]
    page = here.client.open_page(f"{here.path}/lots/waste?lot={here.other.id}")
    assert page.form("doses").values["lot"] == [str(here.other.id)]


@pytest.mark.parametrize(
    ("taken", "returned", "found"),
    [(3, 0, []), (5, 2, []), (4, 0, ["doses_missing"]), (2, 0, ["doses_beyond"])],
)
def test_doses_that_are_not_accounted_for_keep_it_open(here, taken, returned, found):
    count(here.session, here.lot, taken, returned)
    try:
        actions.close(here.session.id, here.by)
        assert found == []
    except Refused as refused:
        assert [code for _field, code, _values in refused.reasons] == found
    assert is_closed(here.session) == (not found)


def test_a_lot_that_nobody_counted_keeps_it_open(here):
    count(here.session, here.lot, 3)
    build.dose(build.visit(here.session, state="ready"), here.other)
    with pytest.raises(Refused) as refused:
        actions.close(here.session.id, here.by)
    assert refused.value.reasons == [
        ("", "doses_beyond", {"lot": here.other.lot.number, "n": 1})
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["arrived", "consented", "ready", "observing"])
def test_a_visit_without_an_end_keeps_it_open(here, state):
    count(here.session, here.lot, 3)
    build.visit(here.session, state=state)
    with pytest.raises(Refused) as refused:
        actions.close(here.session.id, here.by)
    assert codes(refused) == ["visits_waiting"] and not is_closed(here.session)


@pytest.mark.parametrize("kind", ["late", "void"])
def test_a_request_that_nobody_decided_keeps_it_open(here, kind):
    count(here.session, here.lot, 3)
    about = {"session": here.session} if kind == "late" else {"dose": here.doses[0]}
    asked = Amendment.create(
        kind=kind, unit=here.site, person=here.visits[0].person, asked_by=here.staff,
        asked_at=clock.now(), **about,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.close(here.session.id, here.by)
    assert codes(refused) == ["requests_pending"]
    page = here.client.open_page(f"{here.path}/closing")
    assert "1 đề nghị" in page.text and page.follow("Xem đề nghị").status == 200
    Amendment.update(state="rejected", decided_at=clock.now()).where(
        Amendment.id == asked.id
    ).execute()
    actions.close(here.session.id, here.by)


def test_a_dose_that_does_not_stand_is_not_counted(here):
    count(here.session, here.lot, 3)
    Dose.update(voided_at=clock.now()).where(Dose.id == here.doses[0].id).execute()
    Visit.update(state="voided").where(Visit.id == here.visits[0].id).execute()
    with pytest.raises(Refused) as refused:
        actions.close(here.session.id, here.by)
    assert codes(refused) == ["doses_missing"]


def test_a_session_to_come_does_not_close(here):
    session = build.session(here.site, [], held_on=clock.today() + timedelta(1))
    page = here.client.open_page(f"/sessions/{session.id}/closing")
    assert "chưa tới ngày" in page.text and not page.css("main form")
    with pytest.raises(Refused) as refused:
        actions.close(session.id, here.by)
    assert codes(refused) == ["session_to_come"]


def test_a_second_press_closes_nothing_more(here):
    count(here.session, here.lot, 3)
    form = here.client.open_page(f"{here.path}/closing").form("Kết thúc buổi tiêm")
    other = here.client.open_page(f"{here.path}/closing").form("Kết thúc buổi tiêm")
    assert form.submit().status == form.submit().status == 200
    page = other.submit()
    assert page.status == 422 and "Buổi tiêm đã kết thúc" in page.text
    assert Closing.select().count() == 1


def test_nobody_is_received_in_a_closed_session(here):
    count(here.session, here.lot, 3)
    gone = build.visit(here.session, state="left")
    actions.close(here.session.id, here.by)
    for person in (build.person(here.site), gone.person):
        with pytest.raises(Refused) as refused:
            visits.check_in(here.session.id, person.id, here.by)
        assert codes(refused) == ["session_closed"]
        given = visits.Injection(here.lot.id, here.staff.id)
        asked = visits.AtDesk(here.session.id, person.id, "dose", "", None, given)
        with pytest.raises(Refused):
            visits.at_desk(asked, here.by)
    assert Visit.get_by_id(gone.id).state == "left"


def request(here, kind, **after):
    """Somebody asked for the first dose to be changed or voided."""
    dose = here.doses[0]
    return Amendment.create(
        kind=kind, unit=here.site, person=dose.person, dose=dose, version=dose.version,
        after=after, before={}, reason="x", asked_by=build.user(here.site), asked_at=clock.now(),
    ).id  # fmt: skip


@pytest.mark.parametrize("kind", ["void", "change"])
def test_the_count_of_a_closed_session_does_not_drift(here, kind):
    count(here.session, here.lot, 3)
    actions.close(here.session.id, here.by)
    asked = request(here, kind, holding_id=build.holding(here.site).id)
    with pytest.raises(Refused) as refused:
        amendments.decide(asked, True, "", here.by)
    assert codes(refused) == ["session_closed"]
    actions.reopen(here.session.id, "sửa mũi tiêm", here.by)
    amendments.decide(asked, True, "", here.by)
    assert of(here.session, here.lot).difference == 1


def test_what_does_not_count_is_put_right_in_a_closed_session(here):
    count(here.session, here.lot, 3)
    actions.close(here.session.id, here.by)
    amendments.decide(request(here, "change", body_part="right_arm"), True, "", here.by)
    assert Dose.get_by_id(here.doses[0].id).body_part == "right_arm"
    assert is_closed(here.session)


def test_the_plan_and_the_list_of_a_closed_session_stay(here):
    count(here.session, here.lot, 3)
    actions.close(here.session.id, here.by)
    page = here.client.open_page(here.path)
    assert "Đã kết thúc" in page.text and "Sửa buổi tiêm" not in page.text
    assert "Vào buổi tiêm" not in page.text
    session = VaccinationSession.within("/").where(VaccinationSession.id == here.session.id).get()
    plan = sessions.Plan(session.held_on, "day", 5, 300)
    with pytest.raises(Refused) as refused:
        sessions.change(session, plan, here.by)
    assert codes(refused) == ["session_closed"]
    with pytest.raises(Refused) as refused:
        sessions.expect(session.id, build.person(here.site).id, here.by)
    assert codes(refused) == ["session_over"]


def test_the_head_opens_it_again_with_a_reason_that_stays(here):
    count(here.session, here.lot, 3)
    actions.close(here.session.id, here.by)
    page = here.client.open_page(f"{here.path}/closing").submit(why="")
    assert page.status == 422 and is_closed(here.session)
    page = page.submit(why="thêm một mũi ghi trên giấy")
    assert page.status == 200 and not is_closed(here.session)
    assert "mở lại lúc" in page.text and "thêm một mũi ghi trên giấy" in page.text
    page.form("Kết thúc buổi tiêm").submit()
    assert is_closed(here.session)
    rows = list(Closing.of(here.session.id))
    assert [bool(row.reopened_at) for row in rows] == [False, True]
    entry = AuditEntry.select().where(AuditEntry.noun == "session", AuditEntry.action == "change")
    assert [row.detail.get("reopened") for row in entry.order_by(AuditEntry.id)] == [
        None, True, None,
    ]  # fmt: skip


def test_an_open_session_is_not_opened(here):
    with pytest.raises(Refused) as refused:
        actions.reopen(here.session.id, "x", here.by)
    assert codes(refused) == ["session_not_closed"]


def test_a_reopening_that_comes_twice(here):
    count(here.session, here.lot, 3)
    actions.close(here.session.id, here.by)
    first, second = (
        here.client.open_page(f"{here.path}/closing").form("why") for _ in range(2)
    )  # fmt: skip
    assert first.submit(why="một").status == 200
    page = second.submit(why="hai")
    assert page.status == 422 and "đang mở" in page.text
    assert Closing.get().reopened_why == "một"


@pytest.mark.parametrize(("role", "may"), [("site_head", True), ("vaccinator", False)])
def test_who_closes(here, role, may):
    count(here.session, here.lot, 3)
    build.sign_in(here.client, build.user(here.site, role))
    page = here.client.open_page(f"{here.path}/closing")
    assert page.status == 200
    assert bool([b for b in page.css("main button") if "Kết thúc" in b.text_content()]) == may


def test_who_may_not_see_records_sees_no_names(here):
    waiting = build.visit(here.session)
    build.sign_in(here.client, build.user(here.site, "storekeeper"))
    page = here.client.open_page(f"{here.path}/closing")
    assert waiting.person.name not in page.text and waiting.person.masked in page.text


@pytest.mark.parametrize("path", ["closing", "close", "reopen"])
def test_a_stranger_does_not_see_that_it_exists(here, path):
    elsewhere = build.user(build.unit("station", here.province))
    build.sign_in(here.client, elsewhere)
    assert here.client.get(f"{here.path}/{path}").status_code in (404, 405)


def test_the_number_of_queries_does_not_grow(here):
    def queries(path):
        with count_queries() as counter:
            assert here.client.open_page(path).status == 200
        return counter.count

    paths = [f"{here.path}/closing", f"{here.path}/lots"]
    for path in paths:
        queries(path)
    few = [queries(path) for path in paths]
    for _ in range(4):
        build.visit(here.session)
        build.dose(build.visit(here.session, state="ready"), build.holding(here.site))
        actions.waste(here.session.id, here.lot.id, 1, "waste_broken", "", here.by)
    assert [queries(path) for path in paths] == few and max(few) <= 10


def test_a_mobile_site_counts_the_lots_of_its_station(here):
    mobile = build.unit("mobile", here.site)
    session = build.session(mobile, [here.lot])
    worker = as_signed_in(build.user(mobile))
    actions.take(session.id, here.lot.id, 6, worker)
    actions.waste(session.id, here.lot.id, 6, "waste_broken", "", worker)
    actions.close(session.id, worker)
    assert is_closed(session) and not is_closed(here.session)
