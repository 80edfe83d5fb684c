"""Due dates, routing, and what may follow what."""

from datetime import date

import pytest

from app.corrections import rules
from app.corrections.models import holidays
from app.corrections.rules import HEALTH, IDENTITY, Place


@pytest.mark.parametrize(
    "asked, answer",
    [
        (date(2026, 11, 25), date(2026, 11, 27)),  # Wednesday
        (date(2026, 11, 26), date(2026, 11, 30)),  # over a weekend
        (date(2026, 11, 28), date(2026, 12, 1)),  # Saturday
        (date(2026, 2, 13), date(2026, 2, 24)),  # over Tết
        (date(2026, 8, 31), date(2026, 9, 4)),
    ],
)
def test_an_answer_is_due_after_two_working_days(asked, answer):
    assert rules.due("missing", asked, holidays()).answer == answer


def test_settling_takes_ten_days_and_a_withdrawal_fifteen():
    day = date(2026, 11, 25)
    assert rules.due("missing", day, ()).settle == date(2026, 12, 5)
    assert rules.due("withdraw", day, ()).settle == date(2026, 12, 10)


def test_holidays_are_days_of_work():
    """A holiday on a weekend would be a mistake of whoever edits the list."""
    assert all(day.weekday() < 5 for day in holidays())


@pytest.mark.parametrize(
    "half, way, unit",
    [
        (HEALTH, [Place(3, True, False), Place(2, True, True)], 3),
        (HEALTH, [Place(3, False, False), Place(2, True, False)], 2),
        (HEALTH, [Place(3, False, False), Place(2, False, False)], 2),  # nobody else is left
        (IDENTITY, [Place(3, True, False), Place(2, True, True)], 2),
        (IDENTITY, [Place(3, True, False), Place(2, False, True), Place(1, True, True)], 1),
        # No police: who may appoint them, else the station.
        (IDENTITY, [Place(3, True, False), Place(2, True, False, True)], 2),
        (IDENTITY, [Place(3, True, False, True), Place(2, True, True)], 2),
        (IDENTITY, [Place(3, True, False), Place(2, False, False, True)], 3),
        (IDENTITY, [Place(3, True, False), Place(2, True, False)], 3),
        (HEALTH, [Place(3, True, False), Place(2, True, False, True)], 3),
    ],
)
def test_who_answers(half, way, unit):
    assert rules.route(half, way) == unit


def test_what_may_follow_what():
    assert not rules.act_problems("answer", "new", "x")
    assert rules.act_problems("answer", "new", " ") == [("text", "required")]
    assert rules.act_problems("reply", "new", "x") == [("", "ticket_not_now")]
    for act in rules.ACTS:
        for ended in rules.ENDED:
            assert rules.act_problems(act, ended, "x") == [("", "ticket_not_now")]


@pytest.mark.parametrize(
    "kind, person, dose, claim, fields",
    [
        ("missing", 1, None, {"given_on": "x", "place": "y"}, []),
        ("missing", 1, None, {}, ["given_on", "place"]),
        ("missing", None, None, {"given_on": "x", "place": "y"}, ["name", "dob"]),
        ("not_me", 1, 5, {}, []),
        ("not_me", 1, None, {}, ["dose"]),
        ("wrong_identity", 1, None, {}, ["name"]),
        ("wrong_identity", 1, None, {"dob": "x"}, []),
        ("who_saw", 1, None, {}, []),
        ("nonsense", 1, None, {}, ["kind"]),
    ],
)
def test_enough_is_said_to_find_the_dose(kind, person, dose, claim, fields):
    found = [name for name, _code in rules.claim_problems(kind, person, dose, claim)]
    assert found == fields


def test_a_claim_keeps_what_was_filled_in():
    said = {"given_on": date(2021, 8, 10), "place": " HN001 ", "note": "", "lot_number": None}
    assert rules.claim(said) == {"given_on": "2021-08-10", "place": "HN001"}
