"""Counting the vials of a session during the day."""

import pytest
from peewee import fn

from app.audit import AuditEntry
from app.closing import actions
from app.sessions.models import SessionLot, VaccinationSession
from app.stock.models import Holding, Movement
from app.words import Refused
from tests import build
from tests.closing.conftest import count, of


def codes(refused):
    return [(field, code) for field, code, _values in refused.value.reasons]


def numbers(lot):
    return lot.taken, lot.recorded, lot.wasted, lot.returned


def test_doses_are_taken_and_brought_back(here):
    page = here.client.open_page(here.path).follow("Vắc xin của buổi tiêm")
    page = page.submit("doses", lot=str(here.lot.id), doses="20")
    assert page.status == 200
    page = page.form("doses").submit("return", lot=str(here.lot.id), doses="6")
    assert page.status == 200 and numbers(of(here.session, here.lot)) == (20, 3, 0, 6)
    assert [cell.text_content() for cell in page.css("tbody tr")[0].cssselect("td.n")] == [
        "20", "3", "0", "6", "11",
    ]  # fmt: skip
    entry = AuditEntry.select().where(AuditEntry.noun == "session_lot").order_by(-AuditEntry.id)
    assert entry.get().detail == {
        "holding": here.lot.id, "taken": [20, 20], "returned": [0, 6],
    }  # fmt: skip


def test_a_lot_that_nobody_planned_gets_its_row(here):
    assert not SessionLot.select().where(SessionLot.holding == here.other).exists()
    page = here.client.open_page(f"{here.path}/lots")
    assert page.submit("doses", lot=str(here.other.id), doses="5").status == 200
    assert numbers(of(here.session, here.other)) == (5, 0, 0, 0)


def test_a_second_press_counts_nothing_more(here):
    form = here.client.open_page(f"{here.path}/lots").form("doses")
    form.submit(doses="5")
    form.submit(doses="5")
    assert of(here.session, here.lot).taken == 5


@pytest.mark.parametrize(
    ("doses", "button", "message"),
    [
        ("", "take", "chưa điền"),
        ("0", "take", "từ 1 đến"),
        ("-4", "take", "từ 1 đến"),
        ("hai", "take", "số nguyên"),
        ("9" * 4400, "take", "số nguyên"),
        ("61", "take", "còn lấy thêm được 60 liều"),
        ("1", "return", "Chỉ lấy ra 0 liều"),
    ],
)
def test_a_count_that_cannot_be_is_refused_at_the_field(here, doses, button, message):
    # Three of sixty were given without being taken.
    count(here.session, here.lot, 0)
    page = here.client.open_page(f"{here.path}/lots").form("doses").submit(button, doses=doses)
    assert page.status == 422 and message in page.css("#doses-e")[0].text_content()
    assert page.form("doses").values["doses"] == ([doses] if doses else [""])
    assert of(here.session, here.lot).taken == 0


def test_a_lot_of_another_site_is_no_choice(here):
    foreign = build.holding(build.unit("station", here.province))
    page = here.client.open_page(f"{here.path}/lots")
    assert page.submit("doses", lot=str(foreign.id), doses="5").status == 422
    assert here.client.open_page(f"{here.path}/lots/{foreign.id}").status == 404


def test_a_wrong_count_is_mended_with_a_reason(here):
    count(here.session, here.lot, 30, 1)
    page = here.client.open_page(f"{here.path}/lots").follow(here.lot.lot.number)
    assert page.form("taken").values["taken"] == ["30"]
    assert page.submit(taken="3", returned="0", why="").status == 422
    page = page.submit(taken="3", returned="0", why="gõ nhầm")
    assert page.status == 200 and numbers(of(here.session, here.lot)) == (3, 3, 0, 0)
    entry = AuditEntry.select().where(AuditEntry.noun == "session_lot").get()
    assert entry.detail["taken"] == [30, 3] and entry.detail["why"] == "gõ nhầm"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"taken": "3", "returned": "4", "why": "x"}, "không trả lại nhiều hơn"),
        ({"taken": "3000", "returned": "0", "why": "x"}, "còn lấy thêm được"),
        ({"taken": "10", "returned": "2", "why": "x"}, "không có gì thay đổi"),
        ({"taken": "-1", "returned": "2", "why": "x"}, "từ 0 đến"),
        ({"taken": "3", "returned": "2", "why": "x", "shown": "9.2"}, "Số đếm đã đổi"),
        ({"taken": "3", "returned": "2", "why": "x", "shown": "²."}, "Số đếm đã đổi"),
        ({"taken": "3", "returned": "2", "why": "x" * 201}, "Dài quá"),
    ],
)
def test_a_mended_count_that_cannot_be_is_refused(here, values, message):
    count(here.session, here.lot, 10, 2)
    page = here.client.open_page(f"{here.path}/lots/{here.lot.id}").submit("taken", **values)
    assert page.status == 422 and message in " ".join(page.errors())
    assert numbers(of(here.session, here.lot)) == (10, 3, 0, 2)


def test_a_stale_page_shows_the_count_and_may_be_sent_again(here):
    page = here.client.open_page(f"{here.path}/lots/{here.lot.id}")
    actions.take(here.session.id, here.lot.id, 4, here.by)
    page = page.submit(taken="5", returned="0", why="đếm lại")
    assert page.status == 422 and "đã lấy ra 4" in page.text
    assert page.submit("taken").status == 200 and of(here.session, here.lot).taken == 5


def test_a_broken_vial_counts_for_the_session_and_leaves_the_store(here):
    page = here.client.open_page(f"{here.path}/lots").follow("Hủy vắc xin")
    page = page.submit(lot=str(here.lot.id), doses="6", reason="waste_broken", note="rơi lọ")
    assert page.status == 200 and "vỡ, hỏng lọ: rơi lọ" in page.text
    assert of(here.session, here.lot).wasted == 6
    holding = Holding.get_by_id(here.lot.id)
    assert holding.balance == 51 == ledger(holding)
    line = Movement.select().order_by(Movement.id.desc()).get()
    assert (line.kind, line.doses, line.session_id) == ("waste", -6, here.session.id)


def ledger(holding):
    return Movement.select(fn.SUM(Movement.doses)).where(Movement.holding == holding).scalar()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"doses": "58"}, "doses"),
        ({"doses": "0"}, "doses"),
        ({"doses": "1", "reason": "waste_other"}, "note"),
        ({"doses": "1", "reason": "stolen"}, "reason"),
    ],
)
def test_waste_that_cannot_be_is_refused_at_the_field(here, values, field):
    page = here.client.open_page(f"{here.path}/lots/waste").submit("doses", **values)
    assert page.status == 422 and page.css(f"#{field}-e")
    assert of(here.session, here.lot).wasted == 0


def test_a_wrong_line_of_waste_is_taken_back_once(here):
    actions.waste(here.session.id, here.lot.id, 6, "waste_broken", "", here.by)
    form = here.client.open_page(f"{here.path}/lots").form("Ghi nhầm")
    page = form.submit("Ghi nhầm")
    assert page.status == 200 and "Đã hủy ở buổi này" not in page.text
    assert form.submit("Ghi nhầm").status == 200, "a second press does no harm"
    assert of(here.session, here.lot).wasted == 0
    holding = Holding.get_by_id(here.lot.id)
    assert holding.balance == 57 == ledger(holding)
    line = Movement.get(Movement.kind == "waste")
    with pytest.raises(Refused) as refused:
        actions.take_back_waste(here.session.id, line.id, here.by)
    assert codes(refused) == [("", "waste_taken_back")]


def test_waste_of_another_session_is_not_taken_back_here(here):
    other = build.session(here.site, [here.lot])
    actions.waste(other.id, here.lot.id, 6, "waste_broken", "", here.by)
    line = Movement.get(Movement.kind == "waste")
    actions.waste(here.session.id, here.lot.id, 1, "waste_broken", "", here.by)
    form = here.client.open_page(f"{here.path}/lots").form("Ghi nhầm")
    form.values["line"] = [str(line.id)]
    for item in form.element.cssselect("button"):
        item.set("value", str(line.id))
    page = form.submit()
    assert page.status == 422 and "đã được bỏ rồi" in page.text
    assert of(other, here.lot).wasted == 6


def test_only_waste_of_the_session_is_counted(here):
    other = build.session(here.site, [here.lot])
    actions.waste(other.id, here.lot.id, 2, "waste_broken", "", here.by)
    assert of(here.session, here.lot).wasted == 0 and of(other, here.lot).wasted == 2
    assert "Đã hủy ở buổi này" not in here.client.open_page(f"{here.path}/lots").text


def close(session):
    VaccinationSession.update(closed_at=session.created_at).where(
        VaccinationSession.id == session.id
    ).execute()


ACTS = {
    "take": lambda here: actions.take(here.session.id, here.lot.id, 1, here.by),
    "return": lambda here: actions.give_back(here.session.id, here.lot.id, 1, here.by),
    "count": lambda here: actions.correct(
        here.session.id, here.lot.id, (9, 0), 8, 0, "x"
    ),
    "waste": lambda here: actions.waste(
        here.session.id, here.lot.id, 1, "waste_broken", "", here.by
    ),
    "unwaste": lambda here: actions.take_back_waste(
        here.session.id, Movement.get(Movement.kind == "waste").id, here.by
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_counted_in_a_closed_session(here, act):
    count(here.session, here.lot, 9)
    actions.waste(here.session.id, here.lot.id, 1, "waste_broken", "", here.by)
    before = of(here.session, here.lot)
    close(here.session)
    with pytest.raises(Refused) as refused:
        ACTS[act](here)
    assert codes(refused) == [("", "session_closed")]
    assert of(here.session, here.lot) == before


@pytest.mark.parametrize("path", ["lots", "lots/waste", "lots/{lot}"])
def test_the_pages_of_a_closed_session_show_and_ask_nothing(here, path):
    close(here.session)
    page = here.client.open_page(f"{here.path}/{path.format(lot=here.lot.id)}")
    assert "đã kết thúc" in page.text and not page.css("main form input:not([type=hidden])")


def test_a_lot_that_was_taken_stays_in_the_plan(here):
    count(here.session, here.lot, 5)
    SessionLot.create(session=here.session, holding=here.other)
    page = here.client.open_page(f"{here.path}/edit").submit("held_on", lots=[])
    assert page.status == 200
    rows = list(SessionLot.select().where(SessionLot.session == here.session))
    assert [(row.holding_id, row.taken) for row in rows] == [(here.lot.id, 5)]


PATHS = ("lots", "lots/waste", "lots/{lot}")


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_does_not_see_that_it_exists(here, path):
    elsewhere = build.user(build.unit("station", here.province))
    build.sign_in(here.client, elsewhere)
    address = f"{here.path}/{path.format(lot=here.lot.id)}"
    assert here.client.open_page(address).status == 404


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("role", "status"), [("observer", 403), ("vaccinator", 200)])
def test_who_counts(here, path, role, status):
    build.sign_in(here.client, build.user(here.site, role))
    address = f"{here.path}/{path.format(lot=here.lot.id)}"
    assert here.client.open_page(address).status == status
