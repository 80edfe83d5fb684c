"""Windows, networks, and the holder among the slips."""

from collections import Counter
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from app.portal import rules


@pytest.mark.parametrize(
    ("now", "window", "end"),
    [
        ("2026-11-20 08:01", timedelta(minutes=15), "2026-11-20 08:15"),
        ("2026-11-20 08:15", timedelta(minutes=15), "2026-11-20 08:30"),
        ("2026-11-20 08:14:59", timedelta(minutes=15), "2026-11-20 08:15"),
        ("2026-11-20 23:59", timedelta(days=1), "2026-11-21 00:00"),
        ("2026-11-20 08:59", timedelta(hours=1), "2026-11-20 09:00"),
    ],
)
def test_windows_begin_at_round_times(now, window, end):
    assert rules.window_end(datetime.fromisoformat(now), window) == datetime.fromisoformat(end)


@pytest.mark.parametrize(("seconds", "told"), [(1, 1), (60, 1), (61, 2), (840, 14)])
def test_whole_minutes_are_told(seconds, told):
    now = datetime(2026, 11, 20, 8, 1)
    assert rules.minutes(now, now + timedelta(seconds=seconds)) == told


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.10", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("2001:db8:1:2:3::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_who_shares_a_connection(one, other, same):
    assert (rules.network(one) == rules.network(other)) == same


@pytest.mark.parametrize("text", ["", "unix:", "999.1.1.1", "<script>"])
def test_an_address_that_is_none(text):
    assert rules.network(text) == ""


def test_only_what_goes_beyond_is_exceeded():
    most = [limit.most for limit in rules.LOOK_UP]
    assert rules.exceeded(rules.LOOK_UP, most) == []
    assert [x.of for x in rules.exceeded(rules.LOOK_UP, [n + 1 for n in most])] == [
        "number", "number", "neighbours", "address",
    ]  # fmt: skip


def test_number_and_neighbours_come_long_before_the_address():
    most = {limit.of: limit.most for limit in rules.LOOK_UP}
    assert max(most["number"], most["neighbours"]) * 10 < most["address"]
    assert most["address"] > 5000


def slip(nonce: str) -> SimpleNamespace:
    return SimpleNamespace(nonce=nonce)


@pytest.mark.parametrize("slips", [0, 1, 3, rules.MOST_SLIPS, rules.MOST_SLIPS + 5])
@pytest.mark.parametrize("typed", ["000001", "999999"])
def test_as_many_pins_are_made_whether_there_are_slips_or_not(slips, typed):
    made = Counter()

    def pin(nonce: str) -> str:
        made["pins"] += 1
        return f"{int(nonce):06}" if nonce != rules.NO_SLIP else "000001"

    found = rules.holder([slip(str(n)) for n in range(slips)], typed, pin, lambda row: True)
    assert made["pins"] == rules.MOST_SLIPS
    assert (found is not None) == (typed == "000001" and slips > 1)


def test_pin_and_birth_date_must_be_of_the_same_slip():
    rows = [slip("1"), slip("2")]
    found = rules.holder(rows, "1", str, lambda row: row.nonce == "2")
    assert found is None
    assert rules.holder(rows, "2", str, lambda row: row.nonce == "2") is rows[1]
