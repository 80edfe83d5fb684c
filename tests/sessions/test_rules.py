"""Plans of sessions without a database."""

from datetime import date, timedelta

import pytest

from app.sessions import rules

TODAY = date(2021, 10, 1)
YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


@pytest.mark.parametrize(
    ("held_on", "was", "begun", "problems"),
    [
        (TODAY, None, False, []),
        (TOMORROW, None, False, []),
        (YESTERDAY, None, False, ["session_past"]),
        (TODAY + timedelta(366), None, False, []),
        (TODAY + timedelta(367), None, False, ["session_far"]),
        (TOMORROW, TODAY, False, []),
        (TOMORROW, TODAY, True, ["session_begun"]),
        (TODAY, TODAY, True, []),
        (TOMORROW, YESTERDAY, False, ["session_over"]),
        (YESTERDAY, YESTERDAY, True, ["session_over"]),
    ],
)
def test_the_day_of_a_session(held_on, was, begun, problems):
    assert rules.date_problems(held_on, was, begun, TODAY) == problems


@pytest.mark.parametrize(
    ("tables", "capacity", "received", "problems"),
    [
        (1, 1, 0, []),
        (99, 20_000, 0, []),
        (0, 100, 0, [("tables", "tables_range")]),
        (100, 0, 0, [("tables", "tables_range"), ("capacity", "capacity_range")]),
        (1, 20_001, 0, [("capacity", "capacity_range")]),
        (1, 9, 10, [("capacity", "capacity_below")]),
        (1, 10, 10, []),
    ],
)
def test_tables_and_capacity(tables, capacity, received, problems):
    assert rules.size_problems(tables, capacity, received) == problems


def test_lots_that_are_out_of_date_on_the_day():
    lots = [("A", YESTERDAY), ("B", TODAY), ("C", TOMORROW)]
    assert rules.lots_too_old(lots, TODAY) == ["A"]
    assert rules.lots_too_old(lots, TOMORROW) == ["A", "B"]
