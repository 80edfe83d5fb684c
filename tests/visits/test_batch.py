"""Many people, one lot, one POST: each gets exactly one dose, or stays with the reason."""

import threading
import time
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.audit import AuditEntry, chain_key, verify
from app.db import db
from app.outbox import OutboxEvent
from app.people.actions import add_alert
from app.stock.models import Holding, Movement
from app.visits import actions
from app.visits.models import Dose, Visit
from tests import build
from tests.visits.test_parallel import all_at_once, give, working


def waiting(here, count, **given):
    return [build.visit(here.session, state="ready", **given) for _ in range(count)]


def page_of(here):
    return here.client.open_page(f"/sessions/{here.session.id}/batch", status=200)


def all_ticked(here):
    return page_of(here).form("holding_id").submit(button="Chọn tất cả").form("holding_id")


def state(visit):
    return Visit.get_by_id(visit.id).state


def balance(lot):
    return Holding.get_by_id(lot.id).balance


def left(page):
    return [" ".join(li.text_content().split()) for li in page.css(".warn[role=status] li")]


def test_thirty_people_are_one_post(here):
    lot = build.holding(here.site, doses=30)
    mate = build.user(here.site, "vaccinator")
    visits = waiting(here, 30)
    page = here.client.open_page(f"/sessions/{here.session.id}/board?at=dose")
    page = page.follow("Ghi mũi tiêm cho nhiều người")
    assert not page.css("input[checked]") and page.css("button[autofocus]")[0].get("value") == "all"
    page = page.form("holding_id").submit(
        button="plan", holding_id=str(lot.id), vaccinator_id=str(mate.id), table_no="2"
    )
    page = page.form("holding_id").submit(button="Chọn tất cả")
    assert len(page.css("input[checked]")) == 30
    assert page.css("button[autofocus]")[0].get("value") == "dose"
    page = page.form("holding_id").submit(button="dose")
    assert page.status == 200 and "Đã ghi 30 mũi tiêm (số 1, 2, 3," in page.text
    assert {state(visit) for visit in visits} == {"observing"} and not left(page)
    doses = list(Dose.select())
    assert {(d.holding_id, d.vaccinator_id, d.table_no, d.recorded_by_id) for d in doses} == {
        (lot.id, mate.id, 2, here.staff.id)
    }
    assert len({dose.person_id for dose in doses}) == 30 and balance(lot) == 0
    assert Movement.select().where(Movement.kind == "dose").count() == 30
    assert OutboxEvent.select().where(OutboxEvent.event == "dose.recorded").count() == 30
    assert AuditEntry.select().where(AuditEntry.noun == "dose").count() == 30
    assert verify(chain_key())[1] == []


def test_a_batch_writes_the_same_as_the_station(here):
    one, two = waiting(here, 2)
    all_ticked(here).submit(button="dose", visit=[f"{one.id}.1"])
    here.client.open_page(f"/visits/{two.id}").submit("holding_id")
    rows = [
        {key: value for key, value in row.items() if key not in ("id", "given_at", "recorded_at")}
        for row in Dose.select().order_by(Dose.id).dicts()
    ]
    for row in rows:
        row.pop("visit"), row.pop("person")
    assert rows[0] == rows[1]


def test_pressing_again_gives_the_same_answer(here):
    visits = waiting(here, 3, conclusion="DU_DIEU_KIEN")
    warned = waiting(here, 1, conclusion="THAN_TRONG")[0]
    page = page_of(here)
    form = all_ticked(here)
    form.values["visit"].append(f"{warned.id}.1")
    pages = [form.submit(button="dose") for _ in range(3)]
    assert {page.status for page in pages} == {200}
    assert all("Đã ghi 3 mũi tiêm (số 1, 2, 3)" in page.text for page in pages)
    assert {tuple(left(page)) for page in pages} == {tuple(left(pages[0]))}
    assert len(left(pages[0])) == 1 and "Đủ điều kiện" in left(pages[0])[0]
    assert Dose.select().count() == 3 and balance(here.lot) == 7
    # Somebody else opened the same page before: what it says is true now.
    late = page.form("holding_id").submit(button="dose", visit=[f"{v.id}.1" for v in visits])
    assert late.status == 200 and "Đã ghi" not in late.text
    assert [text.endswith("Bàn khác đã ghi mũi tiêm này. (Đang theo dõi)") for text in left(late)]
    assert len(left(late)) == 3 and Dose.select().count() == 3


def test_the_rest_is_named_when_the_lot_runs_out(here):
    Holding.update(balance=2).where(Holding.id == here.lot.id).execute()
    visits = waiting(here, 4)
    form = all_ticked(here)
    pages = [form.submit(button="dose") for _ in range(2)]
    for page in pages:
        assert page.status == 200 and "Đã ghi 2 mũi tiêm (số 1, 2)" in page.text
        assert len(left(page)) == 2 and "Lô này đã hết liều" in left(page)[0]
        assert visits[2].person.name in left(page)[0]
    assert [state(visit) for visit in visits] == ["observing"] * 2 + ["ready"] * 2
    assert balance(here.lot) == 0 and Dose.select().count() == 2
    links = AuditEntry.select().where(AuditEntry.action == "change", AuditEntry.noun == "visit")
    assert links.count() == 2, "what was undone left no trace"
    assert verify(chain_key())[1] == []


def before(here, person, days=7):
    session = build.session(here.site, [here.lot], held_on=clock.today() - timedelta(days=days))
    at = clock.now() - timedelta(days=days)
    return build.dose(build.visit(session, person, state="ready"), given_at=at)


def too_early(here, visit):
    before(here, visit.person)


def grave_alert(here, visit):
    add_alert(visit.person_id, "reaction", "Phản vệ", serious=True)


def contraindication(here, visit):
    add_alert(visit.person_id, "contraindication", "Dị ứng PEG")


def caution(here, visit):
    Visit.update(conclusion="THAN_TRONG").where(Visit.id == visit.id).execute()


def too_young(here, visit):
    visit.person.dob_year = clock.today().year - 3
    visit.person.save()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (too_early, "Sớm"),
        (grave_alert, "ghi ở trang riêng"),
        (contraindication, "ghi ở trang riêng"),
        (caution, "Đủ điều kiện"),
        (too_young, "tuổi"),
    ],
)
def test_who_is_not_routine_has_no_tick_and_is_refused_all_the_same(here, spoil, reason):
    fine, other = waiting(here, 2)
    form = all_ticked(here)  # shown before anything spoke against it
    spoil(here, other)
    again = page_of(here)
    row = next(tr for tr in again.css("tbody tr") if other.person.name in tr.text_content())
    assert not row.cssselect("input") and reason in row.text_content()
    assert len(again.css("[type=checkbox]")) == 1
    page = form.submit(button="dose")
    assert [state(fine), state(other)] == ["observing", "ready"]
    assert len(left(page)) == 1 and reason in left(page)[0]
    assert page.css(f"li a[href='/visits/{other.id}']")


def test_a_light_reaction_of_old_is_shown_and_hinders_nobody(here):
    visit = waiting(here, 1)[0]
    add_alert(visit.person_id, "reaction", "Sốt nhẹ")
    page = all_ticked(here).page
    assert "Sốt nhẹ" in page.text
    page.form("holding_id").submit(button="dose")
    assert state(visit) == "observing"


def test_another_lot_is_looked_at_before_it_is_recorded(here):
    other = build.holding(here.site, "SPIKEVAX", doses=5)
    visit = waiting(here, 1)[0]
    page = all_ticked(here).submit(button="dose", holding_id=str(other.id))
    assert page.status == 422 and "Đã đổi lô" in " ".join(page.errors())
    assert page.form("holding_id").values["visit"] == [f"{visit.id}.1"]
    assert state(visit) == "ready"
    page.form("holding_id").submit(button="dose")
    assert Dose.get().product == "SPIKEVAX"


def test_only_who_is_ticked_gets_a_dose(here):
    visits = waiting(here, 3)
    page = all_ticked(here).submit(button="dose", visit=[f"{visits[1].id}.1"])
    assert [state(visit) for visit in visits] == ["ready", "observing", "ready"]
    assert len(page.css("tbody tr")) == 2, "the rest waits on"


def test_what_was_chosen_stays_for_the_next_batch(here):
    other = build.holding(here.site, doses=5)
    one, _two = waiting(here, 2)
    page = page_of(here).form("holding_id").submit(button="plan", holding_id=str(other.id))
    page = page.form("holding_id").submit(button="dose", visit=[f"{one.id}.1"], table_no="2")
    values = page.form("holding_id").values
    assert values["holding_id"] == [str(other.id)] and values["table_no"] == ["2"]
    assert "visit" not in values


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"visit": []}, "Chưa chọn ai"),
        ({"visit": ["x", "9999999999.1", "0.0"]}, "Đã ghi"),
        ({"table_no": "0"}, "Số này phải từ"),
        ({"table_no": "9"}, "không có bàn tiêm"),
        ({"table_no": "một"}, "số nguyên"),
        ({"holding_id": "999"}, "Hãy chọn một mục"),
        ({"vaccinator_id": "999"}, "Hãy chọn một mục"),
        ({"body_part": "nose"}, "Hãy chọn một mục"),
    ],
)
def test_bad_input_is_told_at_its_field_and_writes_nothing(here, typed, message):
    visit = waiting(here, 1)[0]
    page = all_ticked(here).submit(button="dose", **typed)
    if message != "Đã ghi":
        assert page.status == 422 and message in " ".join(page.errors())
    assert state(visit) == "ready" and not Dose.select().count() and balance(here.lot) == 10


def test_a_visit_of_another_session_is_none_of_ours(here):
    elsewhere = build.session(build.country()[2])
    stranger = build.visit(elsewhere, state="ready")
    yesterday = build.visit(build.session(here.site, [here.lot]), state="ready")
    waiting(here, 1)
    page = all_ticked(here).submit(
        button="dose", visit=[f"{stranger.id}.1", f"{yesterday.id}.1"]
    )  # fmt: skip
    assert stranger.person.name not in page.text and not Dose.select().count()


def test_a_stale_tick_is_told(here):
    visit = waiting(here, 1)[0]
    form = all_ticked(here)
    actions.screen_again(visit, 1)
    page = form.submit(button="dose")
    assert "Chờ khám sàng lọc" in left(page)[0] and not Dose.select().count()


def test_without_a_lot_nothing_is_offered(here):
    waiting(here, 1)
    Holding.update(balance=0).execute()
    page = page_of(here)
    assert "không có lô vắc xin" in page.text and not page.css("tbody tr")


def test_the_page_takes_the_same_few_statements_however_many_wait(here):
    url = f"/sessions/{here.session.id}/batch"
    waiting(here, 1)
    here.client.get(url)  # the first link of a chain is dearer
    with count_queries() as few:
        here.client.get(url)
    waiting(here, 12)
    with count_queries() as many:
        here.client.get(url)
    assert few.count == many.count <= 11


def batch_of(session, visits, lot, staff):
    given = actions.Injection(lot.id, staff.id)
    chosen = {visit.id: visit.version for visit in visits}
    return actions.record_doses(session, chosen, given, working(staff.id))


def test_two_batches_of_the_same_people_at_once(app):
    site = build.country()[2]
    staff, lot = build.user(site), build.holding(site)
    session = build.session(site, [lot])
    visits = [build.visit(session, state="ready") for _ in range(8)]
    works = [
        lambda v=order: batch_of(session, v, lot, staff) for order in (visits, visits[::-1]) * 2
    ]
    found = all_at_once(app, works)
    done = [visit for one in found for visit, why in one.items() if not why]
    assert sorted(done) == sorted(visit.id for visit in visits)
    assert Dose.select().count() == 8 and balance(lot) == 92
    assert verify(chain_key())[1] == []


def test_two_batches_over_the_last_units_of_a_lot(app):
    site = build.country()[2]
    staff, lot = build.user(site), build.holding(site, doses=5)
    session = build.session(site, [lot])
    visits = [build.visit(session, state="ready") for _ in range(8)]
    found = all_at_once(
        app,
        [lambda v=part: batch_of(session, v, lot, staff) for part in (visits[:4], visits[4:])],
    )
    reasons = [why[0][1] for one in found for why in one.values() if why]
    assert reasons == ["lot_empty"] * 3
    assert Dose.select().count() == 5 and balance(lot) == 0
    assert [v.state for v in Visit.select()].count("observing") == 5


def test_a_batch_and_a_desk_do_not_wait_in_a_ring(app):
    site = build.country()[2]
    staff, lot = build.user(site), build.holding(site)
    session = build.session(site, [lot])
    visits = [build.visit(session, state="ready") for _ in range(4)]
    held = threading.Event()

    def desk():
        with db.atomic():
            actions.hold_person(visits[-1].person_id)
            held.set()
            time.sleep(0.5)  # by now the batch would hold the lot, and wait for this person
            return give(visits[-1].id, lot.id, staff.id)

    def many():
        held.wait()
        return batch_of(session, visits, lot, staff)

    found = all_at_once(app, [desk, many])
    assert [why[0][1] for why in found[1].values() if why] == ["dose_recorded_already"]
    assert Dose.select().count() == 4 and balance(lot) == 96
