"""Planning a session, changing it, and the list of sessions."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry
from app.i18n import show_date
from app.sessions.models import SessionLot, VaccinationSession
from app.stock.models import Holding
from app.visits import actions as visits
from tests import build

TOMORROW = show_date(clock.today() + timedelta(1))


def lots_of(session):
    return {row.holding_id for row in SessionLot.select().where(SessionLot.session == session)}


def test_a_session_of_today_is_planned_in_one_page(here):
    page = here.client.open_page("/sessions").follow("Lập buổi tiêm")
    page = page.submit(half_day="morning", lots=[str(lot.id) for lot in here.lots], tables="2")
    assert page.status == 200 and "Buổi sáng" in page.text
    session = VaccinationSession.get()
    assert (session.unit_id, session.held_on, session.tables, session.capacity) == (
        here.site.id, clock.today(), 2, 100,
    )  # fmt: skip
    assert lots_of(session) == {lot.id for lot in here.lots}
    assert session.default_lot_id == here.lots[0].id, "the first one planned"
    assert AuditEntry.get(AuditEntry.noun == "session").action == "create"
    assert "Vào buổi tiêm" in page.text


def test_the_default_lot_is_chosen(here):
    ids = [str(lot.id) for lot in here.lots]
    here.client.open_page("/sessions/new").submit(lots=ids, default_lot=ids[1])
    assert VaccinationSession.get().default_lot_id == here.lots[1].id


def test_where_there_is_one_lot_none_has_to_be_chosen_first(client):
    site = build.country()[2]
    build.sign_in(client, build.user(site))
    lot = build.holding(site)
    assert client.open_page("/sessions/new").submit(half_day="day").status == 200
    assert VaccinationSession.get().default_lot_id == lot.id


def test_a_change_of_the_note_keeps_the_lots(here):
    ids = [str(lot.id) for lot in here.lots]
    here.client.open_page("/sessions/new").submit(lots=ids, default_lot=ids[1])
    session = VaccinationSession.get()
    page = here.client.open_page(f"/sessions/{session.id}/edit").submit(note="mang thêm ghế")
    assert page.status == 200 and lots_of(session) == {lot.id for lot in here.lots}
    session = VaccinationSession.get()
    assert (session.note, session.default_lot_id) == ("mang thêm ghế", here.lots[1].id)


def test_the_round_is_kept_and_may_be_left_out(here):
    page = here.client.open_page("/sessions/new").submit(round="Đợt 12 (QĐ 3821)")
    session = VaccinationSession.get()
    assert session.round == "Đợt 12 (QĐ 3821)" and session.round in page.text
    page = here.client.open_page(f"/sessions/{session.id}/edit").submit(round="")
    assert VaccinationSession.get().round == "" and "Đợt tiêm" not in page.text


def test_a_session_without_lots_can_be_planned(here):
    assert here.client.open_page("/sessions/new").submit(held_on=TOMORROW).status == 200
    assert not lots_of(VaccinationSession.get())


def test_a_second_press_plans_nothing_more(here):
    form = here.client.open_page("/sessions/new").form("held_on")
    form.submit()
    form.submit()
    assert VaccinationSession.select().count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("held_on", "", "chưa điền"),
        ("held_on", "31/02/2027", "không có trong lịch"),
        ("held_on", "2027", "Nhập ngày dạng"),
        ("held_on", "hôm nay", "Nhập ngày dạng"),
        ("held_on", "01/01/2021", "đã qua"),
        ("held_on", "01/01/1899", "1900"),
        ("held_on", "01/01/9999", "một năm"),
        ("held_on", "9" * 1000, "Nhập ngày dạng"),
        ("half_day", "night", "chọn một mục"),
        ("tables", "0", "từ 1 đến 99"),
        ("tables", "", "chưa điền"),
        ("tables", "hai", "số nguyên"),
        ("capacity", "-5", "từ 1 đến"),
        ("capacity", "9" * 4400, "số nguyên"),
        ("lots", "999999", "chọn một mục"),
        ("lots", "x", "chọn một mục"),
        ("default_lot", "999999", "chọn một mục"),
        ("note", "n" * 301, "Dài quá 300 ký tự"),
        ("note", "a\x00b", "điều khiển"),
        ("note", "a\u202eb", "đổi chiều"),
        ("note", "nghỉ 🙂", "biểu tượng"),
        ("note", "x" * 400_000, "Dài quá"),
    ],
)
def test_a_plan_with_bad_input_is_refused_at_the_field(here, field, typed, message):
    page = here.client.open_page("/sessions/new").submit("held_on", **{field: typed})
    assert page.status == 422
    assert message in " ".join(page.errors())
    assert not VaccinationSession.select().exists()


def test_what_was_typed_stays(here):
    page = here.client.open_page("/sessions/new").submit(
        held_on="31/02/2027", tables="7", note="Nhà văn hóa", lots=[str(here.lots[1].id)]
    )
    kept = page.form("held_on").values
    assert (kept["held_on"], kept["tables"], kept["note"]) == (
        ["31/02/2027"],
        ["7"],
        ["Nhà văn hóa"],
    )
    assert kept["lots"] == [str(here.lots[1].id)]


def test_a_lot_of_another_site_is_no_choice(here):
    foreign = build.holding(build.unit("station", here.province))
    page = here.client.open_page("/sessions/new").submit("held_on", lots=[str(foreign.id)])
    assert page.status == 422 and not VaccinationSession.select().exists()


@pytest.mark.parametrize("state", ["suspended", "expired", "empty"])
def test_a_lot_that_cannot_be_used_is_no_choice(here, state):
    given = {
        "suspended": {"suspended_at": clock.now()},
        "expired": {"expires_on": clock.today() - timedelta(1)},
        "empty": {"doses": 0},
    }[state]
    lot = build.holding(here.site, **given)
    page = here.client.open_page("/sessions/new")
    assert lot.lot.number not in page.text
    assert page.submit("held_on", lots=[str(lot.id)]).status == 422


def test_a_lot_that_expires_before_the_day_is_refused(here):
    lot = build.holding(here.site, expires_on=clock.today() + timedelta(3))
    day = show_date(clock.today() + timedelta(4))
    page = here.client.open_page("/sessions/new").submit(held_on=day, lots=[str(lot.id)])
    assert page.status == 422 and lot.lot.number in page.css("#lots-e, .err")[0].text_content()


def test_the_default_lot_must_be_planned(here):
    first, second = (str(lot.id) for lot in here.lots)
    page = here.client.open_page("/sessions/new").submit(
        "held_on", lots=[first], default_lot=second
    )
    assert page.status == 422 and "một trong các lô" in page.text


def test_a_mobile_site_uses_the_lots_of_its_station(here):
    mobile = build.unit("mobile", here.site, name="Nhà văn hóa thôn 3")
    page = here.client.open_page("/sessions/new")
    page = page.submit(unit_id=str(mobile.id), lots=[str(here.lots[0].id)])
    assert page.status == 200 and "Nhà văn hóa thôn 3" in page.text
    session = VaccinationSession.get()
    assert session.unit_id == mobile.id
    assert {lot.id for lot in visits.lots_for(session)} == {here.lots[0].id}


def test_a_unit_without_sites_is_told_so(here):
    head = build.user(build.unit("province", here.nation), "site_head")
    build.sign_in(here.client, head)
    page = here.client.open_page("/sessions/new")
    assert "không có điểm tiêm" in page.text and not page.css("input[name=held_on]")


def test_a_plan_is_changed(here):
    session = build.session(here.site, here.lots[:1], note="cũ")
    page = here.client.open_page(f"/sessions/{session.id}").follow("Sửa buổi tiêm")
    assert page.form("held_on").values["lots"] == [str(here.lots[0].id)]
    page = page.submit(held_on=TOMORROW, lots=[str(here.lots[1].id)], note="mới")
    assert page.status == 200 and TOMORROW in page.text and "mới" in page.text
    session = VaccinationSession.get()
    assert lots_of(session) == {here.lots[1].id}
    assert session.default_lot_id == here.lots[1].id


def test_a_planned_lot_that_ran_out_may_stay_in_the_plan(here):
    session = build.session(here.site, here.lots[:1])
    Holding.update(balance=0).where(Holding.id == here.lots[0].id).execute()
    page = here.client.open_page(f"/sessions/{session.id}/edit").submit(note="x")
    assert page.status == 200 and lots_of(session) == {here.lots[0].id}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"held_on": TOMORROW}, "không đổi ngày được"),
        ({"capacity": "1"}, "đã tiếp đón nhiều người hơn"),
    ],
)
def test_what_no_longer_changes_once_people_came(here, values, message):
    session = build.session(here.site)
    VaccinationSession.update(last_queue_no=2).execute()
    page = here.client.open_page(f"/sessions/{session.id}/edit").submit(**values)
    assert page.status == 422 and message in page.text


def test_a_session_that_is_over_stays_as_it_was(here):
    session = build.session(here.site, held_on=clock.today() - timedelta(1))
    page = here.client.open_page(f"/sessions/{session.id}")
    assert "Sửa buổi tiêm" not in page.text and "Vào buổi tiêm" not in page.text
    page = here.client.open_page(f"/sessions/{session.id}/edit").submit(note="x", held_on=TOMORROW)
    assert page.status == 422 and "đã qua" in page.text


def test_today_is_first_then_what_comes_then_what_was(here):
    for days in (-2, -1, 0, 1, 2):
        session = build.session(here.site, held_on=clock.today() + timedelta(days))
        for _ in range(3 + days):
            build.expected(session, build.person(here.site))
    page = here.client.open_page("/sessions")
    heads = [item.text_content() for item in page.css("caption, h2")]
    assert heads == ["Hôm nay", "Sắp tới", "Đã qua"]
    counts = [row.text_content() for row in page.css("tbody tr")]
    assert [text.split("/100 người")[0].split()[-1] for text in counts] == [
        "ngày3", "ngày4", "ngày5", "ngày2", "ngày1",
    ]  # fmt: skip


def test_long_lists_of_sessions_are_paged(here):
    for days in range(60):
        build.session(here.site, [], held_on=clock.today() - timedelta(1 + days // 2))
    page = here.client.open_page("/sessions").follow("Trang sau")
    seen = [row.get("href") for row in page.css("tbody td:first-child a")]
    assert len(seen) == 50
    first = here.client.open_page("/sessions?when=past")
    page = first.follow("Trang sau")
    rest = [row.get("href") for row in page.css("tbody td:first-child a")]
    assert len(rest) == 10 and not set(rest) & {a.get("href") for a in first.css("tbody a")}
    assert here.client.open_page("/sessions?when=never&after=x").status == 200


def test_the_number_of_queries_does_not_grow(here):
    def queries(path):
        with count_queries() as counter:
            assert here.client.open_page(path).status == 200
        return counter.count

    session = build.session(here.site, [])
    build.expected(session, build.person(here.site))
    queries(f"/sessions/{session.id}")
    few = queries("/sessions"), queries(f"/sessions/{session.id}")
    for days in range(5):
        other = build.session(here.site, [], held_on=clock.today() + timedelta(days))
        build.expected(other, build.person(here.site))
        build.expected(session, build.person(here.site))
    assert (queries("/sessions"), queries(f"/sessions/{session.id}")) == few
    assert few[0] <= 7 and few[1] <= 9


PATHS = ("/sessions/{id}", "/sessions/{id}/edit", "/sessions/{id}/add", "/sessions/{id}/import")


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_does_not_see_that_it_exists(here, path):
    session = build.session(here.site)
    elsewhere = build.user(build.unit("station", here.province), "site_head")
    build.sign_in(here.client, elsewhere)
    assert here.client.open_page(path.format(id=session.id)).status == 404
    assert "Không có buổi tiêm nào" in here.client.open_page("/sessions").text


@pytest.mark.parametrize("path", ["/sessions/new", *PATHS[1:]])
def test_the_wrong_role_is_refused(here, path):
    session = build.session(here.site)
    build.sign_in(here.client, build.user(here.site, "vaccinator"))
    assert here.client.open_page(path.format(id=session.id)).status == 403
    page = here.client.open_page(f"/sessions/{session.id}")
    assert page.status == 200 and "Thêm người" not in page.text
