"""Goal C4 on the real database: its indexes lead to everybody whom the rules find alike."""

import random

import pytest

from app.people import rules
from app.people.models import look_alikes
from tests import build
from tests.people.test_rules_errors import (
    ERRORS,
    TODAY,
    lost_zeros,
    made_up,
    one_digit,
    rightly,
    swapped_day_and_month,
    swapped_digits,
)

PEOPLE = 25
OF_NUMBERS = (swapped_digits, one_digit, lost_zeros)
OF_DAYS = (swapped_day_and_month,)


@pytest.fixture
def known(station) -> dict[int, rules.Identity]:
    """People of one station, some with a telephone, some with only a year or without a number."""
    chance, found = random.Random(7), {}
    for n in range(PEOPLE):
        one = made_up(chance)
        dob = rules.PartialDate(one.dob.year) if n % 5 == 4 else one.dob
        number = one.numbers[0].number if n % 3 else None
        row = build.person(
            station, number, name=one.name, sex=one.sex, dob_year=dob.year, dob_month=dob.month,
            dob_day=dob.day, phone=f"09{n // 2:08}" if n % 2 else None,
        )  # fmt: skip
        found[row.id] = row.identity
    return found


def typed_as(form, phone) -> rules.Identity | None:
    """The identity that entry reads; None when a field refuses it."""
    try:
        name, dob = rules.clean_name(form.name), rules.parse_date(form.dob, TODAY)
    except rules.Unfit:
        return None
    numbers = (rules.Number("CCCD", form.number),) if form.number else ()
    return rules.Identity(name, dob, form.sex, phone, numbers)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: f"goal C4 {error.__name__}")
def test_the_database_misses_nobody_whom_the_rules_find(station, known, error):
    chance, tried = random.Random(8), 0
    for one in known.values():
        if error in OF_NUMBERS and not one.numbers or error in OF_DAYS and not one.dob.day:
            continue
        wrong = typed_as(error(rightly(one), chance), one.phone)
        if wrong is None:
            continue
        should = {(other.key, sign) for other, sign in rules.look_alikes(wrong, known.values())}
        does = {(alike.person.id, alike.sign) for alike in look_alikes(wrong, station.path)}
        assert does == should
        tried += 1
    assert tried >= 8
