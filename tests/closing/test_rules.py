"""The reconciliation without a database."""

from datetime import date, timedelta

import pytest

from app.closing import rules
from app.closing.rules import LotCount

TODAY = date(2021, 10, 1)


def lot(**counts):
    return LotCount(1, "COMIRNATY", "A1", **counts)


@pytest.mark.parametrize(
    ("counts", "difference"),
    [
        ({}, 0),
        ({"taken": 60, "recorded": 58, "wasted": 2}, 0),
        ({"taken": 60, "recorded": 50, "late": 4, "returned": 10}, 0),
        ({"taken": 60, "recorded": 57, "wasted": 2}, 1),
        ({"taken": 60, "recorded": 59, "wasted": 2}, -1),
        ({"recorded": 3}, -3),
        ({"taken": 6}, 6),
    ],
)
def test_a_difference(counts, difference):
    assert lot(**counts).difference == difference
    assert bool(rules.differences([lot(**counts)])) == bool(difference)


@pytest.mark.parametrize(
    ("lots", "waiting", "pending", "days", "found"),
    [
        ([], 0, 0, 0, []),
        ([lot(taken=2, recorded=2)], 0, 0, 3, []),
        ([], 0, 0, -1, [("session_to_come", {})]),
        ([], 2, 0, 0, [("visits_waiting", {"n": 2})]),
        ([], 0, 3, 0, [("requests_pending", {"n": 3})]),
        ([lot(taken=3, recorded=1)], 0, 0, 0, [("doses_missing", {"lot": "A1", "n": 2})]),
        ([lot(recorded=1)], 1, 0, 0,
         [("doses_beyond", {"lot": "A1", "n": 1}), ("visits_waiting", {"n": 1})]),
        # What is missing of one lot is not made good by another.
        ([lot(taken=1), lot(recorded=1)], 0, 0, 0,
         [("doses_missing", {"lot": "A1", "n": 1}), ("doses_beyond", {"lot": "A1", "n": 1})]),
    ],
)  # fmt: skip
def test_what_stands_against_closing(lots, waiting, pending, days, found):
    assert rules.problems(lots, waiting, pending, TODAY - timedelta(days), TODAY) == found


@pytest.mark.parametrize(
    ("taken", "returned", "found"),
    [
        (30, 0, []),
        (30, 30, []),
        (0, 0, []),
        (35, 0, []),
        (36, 0, [("taken", "taken_too_many", {"left": 5})]),
        (20, 21, [("returned", "returned_too_many", {"taken": 20})]),
    ],
)
def test_what_may_be_counted(taken, returned, found):
    """Of 30 taken 10 were given; the books say 25 are left, so 5 are not on the tables."""
    known = lot(balance=25, taken=30, recorded=10)
    assert rules.count_problems(known, taken, returned) == found


def test_a_count_that_is_beyond_the_books_may_still_go_down():
    known = lot(balance=0, taken=30, recorded=10)
    assert rules.count_problems(known, 29, 0) == []
    assert rules.count_problems(known, 31, 0)[0][1] == "taken_too_many"


@pytest.mark.parametrize(("days", "old"), [(0, False), (1, False), (2, True)])
def test_what_is_missing_for_more_than_a_day_is_old(days, old):
    assert rules.is_old(TODAY - timedelta(days), TODAY) == old


def test_sites_are_put_together_by_the_child_above_them():
    sites = [
        ("/1/2/30/31/", 1, TODAY, 0, 0, 2),
        ("/1/2/30/32/", 2, TODAY - timedelta(3), 1, 4, 0),
        ("/1/2/9/", 1, TODAY - timedelta(1), 0, 5, 1),
        ("/1/2/", 1, TODAY, 0, 0, 0),
    ]
    assert rules.by_child("/1/2/", sites) == [
        (30, 3, TODAY - timedelta(3), 1, 4, 2),
        (9, 1, TODAY - timedelta(1), 0, 5, 1),
        (2, 1, TODAY, 0, 0, 0),
    ]
    assert rules.by_child("/1/2/", []) == []
