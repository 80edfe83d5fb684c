"""Rows that speak of one person, and the order of an upload."""

import pytest

from app.imports import rules
from app.imports.rules import Key, doubles


@pytest.mark.parametrize(
    ("rows", "doubled", "torn"),
    [
        pytest.param(
            [("001050000017", "an", "1950"), ("001050732917", "an", "1950")], {}, {},
            id="namesakes",
        ),
        pytest.param(
            [("001050000017", "an", "1950"), ("001050000071", "an", "1950")], {2: 1}, {},
            id="digits swapped",
        ),
        pytest.param(
            [("012345678", "an", "1950"), ("001050000017", "an", "1950")], {2: 1}, {},
            id="CMND and CCCD",
        ),
        pytest.param([("1", "an", "1950"), ("1", "an", "1951")], {2: 1}, {}, id="same number"),
        pytest.param([("1", "an", "1950"), ("1", "binh", "1950")], {}, {1: 2, 2: 1}, id="torn"),
        pytest.param([("1", "an", "1950"), ("", "an", "1950")], {2: 1}, {}, id="number once"),
        pytest.param([("", "an", "1950"), ("", "an", "1950")], {2: 1}, {}, id="no numbers"),
        pytest.param([("", "an", ""), ("", "an", "")], {}, {}, id="no birth dates"),
        pytest.param([("", "", "1950"), ("", "", "1950")], {}, {}, id="no names"),
        pytest.param(
            [("1", "an", "1950"), ("1", "an", "1950"), ("1", "an", "1950")],
            {2: 1, 3: 1}, {}, id="three times",
        ),
    ],
)  # fmt: skip
def test_rows_with_one_person(rows, doubled, torn):
    keys = [Key(number, *row) for number, row in enumerate(rows, 1)]
    assert doubles(keys) == (doubled, torn)


def test_every_state_leads_somewhere_and_ends():
    for (state, _event), after in rules.ROW_TRANSITIONS.items():
        assert after in ("unread", *rules.ASK, *rules.READY, *rules.OUT, *rules.ENDED)
        assert state not in rules.ENDED
    for (state, _event), after in rules.UPLOAD_TRANSITIONS.items():
        assert {state, after} <= set(rules.UPLOAD_STATES)


@pytest.mark.parametrize(
    ("state", "event", "after"),
    [
        ("row_alike", "same", "row_known"), ("row_alike", "other", "unread"),
        ("row_fix", "accept", "unread"), ("row_new", "accept", None),
        ("row_wrong", "accept", None), ("row_wrong", "again", None), ("row_listed", "leave", None),
        ("row_registered", "leave", None), ("row_new", "", None),
    ],
)  # fmt: skip
def test_what_may_be_decided(state, event, after):
    assert rules.after(state, event) == after
