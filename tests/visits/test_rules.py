"""The order of a visit."""

from datetime import datetime, timedelta

import pytest

from app.visits import rules


def test_no_dose_without_an_eligible_conclusion():
    """QĐ 3588/QĐ-BYT: consent, then screening, then the dose."""
    assert [state for (state, event) in rules.TRANSITIONS if event == "inject"] == ["ready"]
    ways = {event for (_s, event), after in rules.TRANSITIONS.items() if after == "ready"}
    assert ways == {"DU_DIEU_KIEN", "THAN_TRONG", "undo"}


def test_no_end_before_the_observation():
    ways = {way for way, after in rules.TRANSITIONS.items() if after == "done"}
    assert {way for way in ways if way[1] != "enter_late"} == {("observing", "finish")}


@pytest.mark.parametrize(
    ("conclusion", "state"),
    [
        ("DU_DIEU_KIEN", "ready"),
        ("THAN_TRONG", "ready"),
        ("TRI_HOAN", "delayed"),
        ("CHONG_CHI_DINH", "contraindicated"),
        ("CHUYEN_BV", "referred"),
    ],
    ids=lambda value: f"QĐ 4355 {value}",
)
def test_each_conclusion_has_its_state(conclusion, state):
    assert rules.after("consented", conclusion) == state


@pytest.mark.parametrize("state", rules.STATES)
def test_every_state_can_be_reached_and_ends_somewhere(state):
    reached = {"arrived"} | set(rules.TRANSITIONS.values())
    assert state in reached
    after_the_fact = ("undo", "void", "enter_late")
    ways = [(start, event) for start, event in rules.TRANSITIONS if event not in after_the_fact]
    leads_on = any(start == state for start, _event in ways)
    assert leads_on == (state in (*rules.WAITING, "left"))


def test_thirty_minutes_and_not_a_second_less():
    """QĐ 3588/QĐ-BYT, TT 13/2026/TT-BYT."""
    given = datetime(2021, 10, 20, 8, 0)
    until = rules.observe_until(given)
    assert until - given == timedelta(minutes=30)
    assert not rules.may_finish(until, until - timedelta(seconds=1))
    assert rules.may_finish(until, until)


@pytest.mark.parametrize(
    ("warnings", "reason", "confirmer", "codes"),
    [
        ([], "", None, []),
        (["too_early"], "", None, ["reason_needed", "confirmation_needed"]),
        (["too_early"], "hết vắc xin", None, ["confirmation_needed"]),
        (["too_early"], "hết vắc xin", 1, ["confirmation_by_other"]),
        (["too_early"], "  ", 2, ["reason_needed"]),
        (["too_early"], "hết vắc xin", 2, []),
    ],
)
def test_a_warning_needs_a_reason_and_a_second_person(warnings, reason, confirmer, codes):
    found = rules.confirmation_problems(warnings, reason, 1, confirmer)
    assert [code for _field, code in found] == codes


@pytest.mark.parametrize(
    ("part", "table", "fields"),
    [
        ("left_arm", 1, []),
        ("left_arm", 2, []),
        ("left_arm", 3, ["table_no"]),
        ("left_arm", 0, ["table_no"]),
        ("nose", 1, ["body_part"]),
    ],
)
def test_where_a_dose_is_given(part, table, fields):
    assert [name for name, _code in rules.body_problems(part, table, 2)] == fields


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("7", [7]),
        ("1-3, 5", [1, 2, 3, 5]),
        ("5;1 – 2  2", [1, 2, 5]),
        ("00012", [12]),
    ],
)
def test_numbers_of_a_list(text, numbers):
    assert rules.list_numbers(text, 10) == numbers


@pytest.mark.parametrize(
    "text", ["0", "3-1", "1-11", "1-6,11-16", "a", "1--2", "-1", "1.5", "123456", "١"]
)
def test_what_are_no_numbers_of_a_list(text):
    with pytest.raises(ValueError):
        rules.list_numbers(text, 10)
