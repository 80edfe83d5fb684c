"""Until when, and by whom."""

from datetime import datetime, timedelta

import pytest

from app.amendments import rules

NOW = datetime(2021, 10, 20, 8, 0)
JUST = NOW - timedelta(minutes=1)
EDGE = NOW - rules.UNDO_WITHIN
OVER = EDGE - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "by", "at", "codes"),
    [
        ("observing", 1, JUST, []),
        ("observing", 1, EDGE, []),
        ("observing", 1, OVER, ["undo_too_late"]),
        ("observing", 2, JUST, ["undo_not_yours"]),
        ("observing", None, JUST, ["undo_not_yours"]),
        ("refused", 1, JUST, []),
        ("delayed", 1, JUST, []),
        ("contraindicated", 1, JUST, []),
        ("referred", 1, JUST, []),
        ("done", 1, JUST, ["undo_nothing"]),
        ("ready", 1, JUST, ["undo_nothing"]),
        ("left", 1, JUST, ["undo_nothing"]),
        ("voided", 1, JUST, ["undo_nothing"]),
        ("refused", 1, None, ["undo_nothing"]),
    ],
)
def test_who_pressed_wrongly_may_undo_within_a_quarter_of_an_hour(state, by, at, codes):
    assert rules.undo_problems(rules.Step(state, by, at), 1, NOW) == codes
