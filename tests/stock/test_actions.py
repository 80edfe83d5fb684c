"""The ledger: what comes in, what goes out, and that nothing falls below zero."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from peewee import IntegrityError, fn

from app import clock
from app.audit import AuditEntry
from app.db import db
from app.outbox import OutboxEvent
from app.stock import actions
from app.stock.models import Holding, Lot, Movement, Suspension
from app.words import Refused
from tests import build
from tests.stock.conftest import as_signed_in


def codes(refused):
    return [(field, code) for field, code, _values in refused.value.reasons]


def balance(holding):
    return Holding.get_by_id(holding.id).balance


def ledger_sum(holding):
    return Movement.select(fn.SUM(Movement.doses)).where(Movement.holding == holding.id).scalar()


def receive(store, number="FK0112", expires_in=90, doses=60, product="COMIRNATY"):
    day = clock.today() + timedelta(expires_in)
    return actions.receive(product, number, day, doses, "", store.site.id, store.keeper)


def test_doses_arrive_and_more_of_the_same_lot(store):
    first = receive(store)
    assert receive(store, doses=30) == first
    assert Holding.get_by_id(first).balance == 90
    assert [line.move.doses for line in Movement.ledger(first)] == [30, 60]
    assert AuditEntry.select().where(AuditEntry.noun == "movement").count() == 2


def test_one_lot_is_the_same_lot_at_two_sites(store):
    other = build.unit("station", store.province)
    day = clock.today() + timedelta(90)
    one = receive(store)
    two = actions.receive("COMIRNATY", "FK0112", day, 5, "", other.id, store.keeper)
    assert one != two
    assert Holding.get_by_id(one).lot_id == Holding.get_by_id(two).lot_id


def test_another_expiry_of_a_known_lot_is_refused_with_both_dates(store):
    receive(store)
    with pytest.raises(Refused) as refused:
        receive(store, expires_in=91)
    ((field, code, dates),) = refused.value.reasons
    assert (field, code) == ("expires_on", "lot_other_expiry")
    assert dates["typed"] - dates["known"] == timedelta(1)
    assert Movement.select().count() == 2, "one by the fixture, one by the first receipt"


def test_the_same_number_of_another_product_is_another_lot(store):
    assert receive(store) != receive(store, expires_in=30, product="SPIKEVAX")


def test_a_dose_takes_one_unit_and_leaves_a_line(store):
    actions.take_dose(store.lot.id, 77, store.keeper)
    line = Movement.select().order_by(Movement.id.desc()).get()
    assert (line.kind, line.doses, line.source_id, line.by_id) == ("dose", -1, 77, store.keeper.id)
    assert balance(store.lot) == 9 == ledger_sum(store.lot)


@pytest.mark.parametrize(
    ("lot", "doses", "why"),
    [
        ({}, 0, "lot_empty"),
        ({"expires_on": -1}, 5, "lot_expired"),
        ({"expires_on": -1}, 0, "lot_expired"),
        ({"suspended_at": True}, 5, "lot_suspended"),
        ({"suspended_at": True, "expires_on": -1}, 5, "lot_suspended"),
    ],
)
def test_a_dose_is_refused_by_the_state_of_the_lot(store, lot, doses, why):
    if "expires_on" in lot:
        lot = lot | {"expires_on": clock.today() + timedelta(lot["expires_on"])}
    if "suspended_at" in lot:
        lot = lot | {"suspended_at": clock.now()}
    holding = build.holding(store.site, doses=doses, **lot)
    with pytest.raises(Refused) as refused:
        actions.take_dose(holding.id, 1, store.keeper)
    assert codes(refused) == [("holding_id", why)]
    assert balance(holding) == doses
    assert not Movement.select().where(Movement.kind == "dose").exists()


def test_a_lot_may_be_used_on_its_last_day(store):
    holding = build.holding(store.site, expires_on=clock.today())
    actions.take_dose(holding.id, 1, store.keeper)
    assert balance(holding) == 99


def test_a_lot_that_does_not_exist_is_empty(store):
    with pytest.raises(Refused) as refused:
        actions.take_dose(10**6, 1, store.keeper)
    assert codes(refused) == [("holding_id", "lot_empty")]


def test_the_last_unit_is_taken_once(store):
    holding = build.holding(store.site, doses=1)
    threads = 8
    together = Barrier(threads)

    def take(dose_id):
        with db.connection_context(), store.app.app_context():
            together.wait()
            try:
                with db.atomic():
                    actions.take_dose(holding.id, dose_id, store.keeper)
            except Refused as refused:
                return refused.reasons[0][1]
        return "taken"

    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(take, range(1, threads + 1)))
    assert sorted(results) == ["lot_empty"] * (threads - 1) + ["taken"]
    assert balance(holding) == 0
    assert Movement.select().where(Movement.kind == "dose").count() == 1


def test_two_sites_receive_a_new_lot_at_the_same_moment(store):
    sites = [build.unit("station", store.province) for _ in range(4)]
    together = Barrier(len(sites))
    day = clock.today() + timedelta(60)

    def take_in(site):
        with db.connection_context(), store.app.app_context():
            together.wait()
            return actions.receive("COMIRNATY", "NEW1", day, 10, "", site.id, store.keeper)

    with ThreadPoolExecutor(len(sites)) as pool:
        list(pool.map(take_in, sites))
    lot = Lot.get(Lot.number == "NEW1")
    assert [h.balance for h in Holding.select().where(Holding.lot == lot)] == [10] * 4


def test_the_database_itself_refuses_less_than_nothing(store):
    with pytest.raises(IntegrityError), db.atomic():
        Holding.update(balance=-1).where(Holding.id == store.lot.id).execute()
    with pytest.raises(IntegrityError), db.atomic():
        Movement.create(holding=store.lot, kind="waste", doses=0, by=store.account, at=clock.now())


def test_waste_goes_out_with_its_reason(store):
    actions.waste(store.lot.id, 3, "waste_broken", "", store.keeper)
    line, left = Movement.ledger(store.lot.id)[0]
    assert (line.kind, line.doses, line.reason, left) == ("waste", -3, "waste_broken", 7)


@pytest.mark.parametrize(
    ("doses", "reason", "note", "problem"),
    [
        (11, "waste_broken", "", ("doses", "doses_too_many")),
        (0, "waste_broken", "", ("doses", "doses_range")),
        (-4, "waste_broken", "", ("doses", "doses_range")),
        (1, "lost", "", ("reason", "not_a_choice")),
        (1, "waste_other", "", ("note", "note_needed")),
    ],
)
def test_waste_that_cannot_be(store, doses, reason, note, problem):
    with pytest.raises(Refused) as refused:
        actions.waste(store.lot.id, doses, reason, note, store.keeper)
    assert codes(refused) == [problem]
    assert balance(store.lot) == 10 == ledger_sum(store.lot)


def test_doses_go_back(store):
    actions.send_back(store.lot.id, 10, "PXK 12", store.keeper)
    assert balance(store.lot) == 0 == ledger_sum(store.lot)
    with pytest.raises(Refused) as refused:
        actions.send_back(store.lot.id, 1, "", store.keeper)
    assert codes(refused) == [("doses", "doses_too_many")]


@pytest.mark.parametrize("counted", [8, 12, 0])
def test_a_count_corrects_the_books(store, counted):
    actions.correct(store.lot.id, 10, counted, "đếm cuối ngày", store.keeper)
    assert balance(store.lot) == counted == ledger_sum(store.lot)


@pytest.mark.parametrize(
    ("shown", "counted", "note", "problem"),
    [
        (10, 9, "", ("note", "note_needed")),
        (10, 10, "đếm", ("counted", "count_same")),
        (12, 9, "đếm", ("counted", "count_stale")),
        (None, 9, "đếm", ("counted", "count_stale")),
    ],
)
def test_a_count_that_says_nothing(store, shown, counted, note, problem):
    with pytest.raises(Refused) as refused:
        actions.correct(store.lot.id, shown, counted, note, store.keeper)
    assert codes(refused) == [problem]
    assert balance(store.lot) == 10


def test_the_ledger_shows_what_was_left_after_each_line(store):
    for number in range(1, 8):
        actions.take_dose(store.lot.id, number, store.keeper)
    first = Movement.ledger(store.lot.id, limit=5)
    assert [line.left for line in first] == [3, 4, 5, 6, 7]
    rest = Movement.ledger(store.lot.id, before=first[-1].move.id, limit=5)
    assert [(line.kind, left) for line, left in rest] == [("dose", 8), ("dose", 9), ("receipt", 10)]
    assert Movement.ledger(store.lot.id, before=rest[-1].move.id) == []


class TestSuspension:
    """TT 13/2026/TT-BYT: a serious reaction stops the lot at once, everywhere."""

    def test_it_stops_the_lot_at_every_site(self, store):
        other = build.unit("station", store.province)
        elsewhere = Holding.create(lot=store.lot.lot_id, unit=other, balance=5)
        actions.suspend(store.lot.lot_id, "phản vệ", store.keeper)
        with pytest.raises(Refused) as refused:
            actions.take_dose(elsewhere.id, 1, store.keeper)
        assert codes(refused) == [("holding_id", "lot_suspended")]
        assert OutboxEvent.get().event == "lot.suspended"

    def test_it_is_lifted_where_it_was_made_and_its_history_stays(self, store):
        actions.suspend(store.lot.lot_id, "phản vệ", store.keeper)
        actions.resume(store.lot.lot_id, "đã kiểm tra", store.keeper)
        actions.take_dose(store.lot.id, 1, store.keeper)
        stop = Suspension.get()
        assert (stop.why, stop.lifted_why, stop.lifted_by_id) == (
            "phản vệ", "đã kiểm tra", store.keeper.id,
        )  # fmt: skip

    def test_a_station_cannot_undo_what_the_province_did(self, store):
        head = as_signed_in(build.user(store.province, "province"))
        actions.suspend(store.lot.lot_id, "phản vệ", store.keeper)
        actions.suspend(store.lot.lot_id, "chờ kết luận", head)
        actions.resume(store.lot.lot_id, "đã kiểm tra", store.keeper)
        assert Lot.get_by_id(store.lot.lot_id).suspended_at, "the province has not lifted it"
        with pytest.raises(Refused) as refused:
            actions.resume(store.lot.lot_id, "đã kiểm tra", store.keeper)
        assert codes(refused) == [("", "lot_stopped_elsewhere")]
        actions.resume(store.lot.lot_id, "kết luận: an toàn", head)
        assert Lot.get_by_id(store.lot.lot_id).suspended_at is None

    def test_a_unit_above_lifts_what_a_station_stopped(self, store):
        head = as_signed_in(build.user(store.province, "province"))
        actions.suspend(store.lot.lot_id, "phản vệ", store.keeper)
        actions.resume(store.lot.lot_id, "an toàn", head)
        assert Lot.get_by_id(store.lot.lot_id).suspended_at is None

    def test_twice_or_without_need_is_refused(self, store):
        with pytest.raises(Refused) as refused:
            actions.resume(store.lot.lot_id, "x", store.keeper)
        assert codes(refused) == [("", "lot_not_stopped")]
        actions.suspend(store.lot.lot_id, "phản vệ", store.keeper)
        with pytest.raises(Refused) as refused:
            actions.suspend(store.lot.lot_id, "phản vệ", store.keeper)
        assert codes(refused) == [("", "lot_stopped_already")]
