"""How often one may try in vain: number and neighbours before the address; honest people pass."""

import threading
from datetime import datetime, timedelta

import pytest

from app import clock
from app.audit import AuditEntry
from app.db import db, is_postgres
from app.portal import rules
from app.verification import rules as limits
from app.verification.actions.limits import SWEEPERS, buckets
from app.verification.models import LookUpCount, Tally
from tests.portal.conftest import wrong

MORNING = datetime(2026, 11, 20, 8, 1)


@pytest.fixture(autouse=True)
def morning():
    """All tries in one window, a minute after its beginning."""
    with clock.frozen(MORNING):
        yield


def tries(values: dict[str, str], of: str) -> list[int]:
    """What is counted for the limits of this kind."""
    mine = list(buckets(limits.LOOK_UP, values, clock.now()))
    found = dict(LookUpCount.select(LookUpCount.bucket, LookUpCount.tries).tuples())
    kinds = [limit.of for limit in limits.LOOK_UP]
    return [found.get(b, 0) for b, kind in zip(mine, kinds, strict=True) if kind == of]


def spend(of: str, count: int, **values: str) -> None:
    """So many tries in vain were made before."""
    values = {"number": "x", "neighbours": "x", "address": "x"} | values
    mine = buckets(limits.LOOK_UP, values, clock.now())
    for (bucket, end), limit in zip(mine.items(), limits.LOOK_UP, strict=True):
        if limit.of == of:
            LookUpCount.add({bucket: end}, count)


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_five_wrong_pins_then_wait_also_with_the_right_one(holder, known):
    number = holder.number if known else "001080999999"
    for _ in range(5):
        assert holder.ask(what=number, pin=wrong(holder.pin)).status == 200
    page = holder.ask(what=number)
    assert page.status == 429
    assert "Hãy thử lại sau 14 phút" in page.text
    assert page.response.headers["Retry-After"] == "840"
    assert page.form("what").values["what"] == [number]
    with clock.frozen(MORNING + timedelta(minutes=14)):
        assert ("Đã tiêm" in holder.ask(what=number).text) == known


def test_the_limited_answer_tells_nothing(holder):
    bodies = []
    for number in (holder.number, "001080999999"):
        for _ in range(6):
            page = holder.ask(what=number, pin=wrong(holder.pin))
        assert page.status == 429
        bodies.append(page.body.replace(number, "…"))
    assert bodies[0] == bodies[1]


def test_who_is_shut_out_by_a_strangers_tries_uses_the_code_of_the_slip(holder):
    for _ in range(6):
        page = holder.ask(pin=wrong(holder.pin))
    assert page.status == 429
    assert "Đã tiêm" in holder.ask(what=holder.slip.code).text


def test_twenty_wrong_pins_in_a_day(holder):
    for quarter in range(4):
        with clock.frozen(MORNING + timedelta(minutes=15 * quarter)):
            for _ in range(5):
                assert holder.ask(pin=wrong(holder.pin)).status == 200
    with clock.frozen(MORNING + timedelta(hours=2)):
        assert holder.ask().status == 429
    with clock.frozen(MORNING + timedelta(days=1)):
        assert "Đã tiêm" in holder.ask().text


def test_success_is_not_counted(holder):
    values = {
        "number": holder.number, "neighbours": rules.neighbours(holder.number),
        "address": limits.network("127.0.0.1"),
    }  # fmt: skip
    for _ in range(12):
        assert "Đã tiêm" in holder.ask().text
    assert [tries(values, of) for of in values] == [[0, 0], [0], [0]]
    holder.ask(pin=wrong(holder.pin))
    assert [tries(values, of) for of in values] == [[1, 1], [1], [1]]


def test_five_thousand_honest_people_behind_one_address_are_served(holder):
    """Each of them mistypes once; the limit of the address comes last and counts only that."""
    spend("address", 5000, address=limits.network("127.0.0.1"))
    assert "Đã tiêm" in holder.ask().text
    spend("address", 1000, address=limits.network("127.0.0.1"))
    page = holder.ask()
    assert page.status == 429 and "59 phút" in page.text


def test_the_neighbours_of_a_number_share_a_limit(holder):
    spend("neighbours", 100, neighbours=rules.neighbours(holder.number))
    assert holder.ask().status == 429
    assert holder.ask(what="079080999999").status == 200


def test_other_addresses_are_not_touched(app, holder):
    spend("address", 6000, address=limits.network("127.0.0.1"))
    assert holder.ask().status == 429
    options = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}
    assert "Đã tiêm" in holder.ask(**options).text


def test_the_counts_hold_no_number_and_no_address(holder):
    holder.ask(pin=wrong(holder.pin))
    rows = [str(row) for row in LookUpCount.select().tuples()]
    assert len(rows) == 4
    for plain in (holder.number, holder.number[:-3], "127.0.0"):
        assert not any(plain in row for row in rows)


def sweeper() -> str:
    """A number whose look-up in this window sweeps."""
    for number in range(10**11, 10**12):
        values = {"number": str(number), "neighbours": "", "address": ""}
        first = next(iter(buckets(limits.LOOK_UP, values, clock.now())))
        if first.startswith(SWEEPERS):
            return str(number)
    raise AssertionError


def test_old_counts_are_swept_away(holder):
    holder.ask(pin=wrong(holder.pin))
    with clock.frozen(MORNING + timedelta(days=2)):
        holder.ask(what=sweeper(), pin=wrong(holder.pin))
        assert LookUpCount.select().count() == 4
        assert not LookUpCount.select().where(LookUpCount.ends_at < clock.now()).count()


def test_the_first_refusal_in_a_window_is_audited_without_what_was_typed(holder):
    for _ in range(9):
        holder.ask(pin=wrong(holder.pin))
    row = AuditEntry.get(AuditEntry.action == "refuse")
    assert (row.noun, row.person_id, row.detail) == ("look_up", None, {"of": "number"})
    assert AuditEntry.select().where(AuditEntry.action == "refuse").count() == 1
    assert AuditEntry.select().where(AuditEntry.action == "look_up").count() == 5


def test_tries_at_the_same_moment_get_no_further(app, holder):
    """Twenty at once: five are heard, as if they had come one after the other."""
    if not is_postgres():
        pytest.skip("threads share one writer in SQLite")
    seen, start = [], threading.Barrier(20)

    def attack() -> None:
        with app.app_context():
            browser = app.test_client()
            start.wait()
            data = {"what": holder.number, "dob": "17/05/1980", "pin": wrong(holder.pin)}
            seen.append(browser.post("/tra-cuu", data=data).status_code)
            db.close()

    threads = [threading.Thread(target=attack) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [200] * 5 + [429] * 15
    assert Tally.of("limit", [clock.today()]) == {"number": [1]}


def test_workers_count_together(app):
    if not is_postgres():
        pytest.skip("threads share one writer in SQLite")
    start = threading.Barrier(5)

    def note() -> None:
        with app.app_context():
            start.wait()
            for _ in range(40):
                Tally.note("inbound", "forged")
            db.close()

    threads = [threading.Thread(target=note) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Tally.of("inbound", [clock.today()]) == {"forged": [200]}
