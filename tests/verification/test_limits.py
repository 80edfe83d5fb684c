"""Windows, networks, and which limits are exceeded."""

from datetime import datetime, timedelta

import pytest

from app.verification import rules
from app.verification.rules import limits


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


def test_what_is_counted_together_has_one_limit():
    """A name in a window is one count: two limits of that name would spend each other."""
    most: dict[tuple[str, timedelta], set[int]] = {}
    for name, those in vars(limits).items():
        # A telephone stands in the place of an address there, so it is another count.
        apart = name in ("LOOK_UP_SMS", "OPEN_WISH_SMS")
        of = [] if apart or not isinstance(those, tuple) else those
        for limit in of:
            most.setdefault((limit.of, limit.window), set()).add(limit.most)
    assert len(most) > 15 and all(len(those) == 1 for those in most.values())
