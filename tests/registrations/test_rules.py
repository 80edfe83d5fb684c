"""The code that is read over the telephone, who comes first, what a stranger is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registrations import rules

CHANCES = st.integers(0, rules.CODES - 1)


@given(CHANCES)
def test_a_code_is_twelve_digits_and_reads_back_however_it_is_grouped(chance):
    code = rules.code(chance)
    assert len(code) == 12 and code.isdigit() and code.startswith(f"{chance:011}")
    for typed in (code, rules.grouped(code), ".".join(code), f" {code} "):
        assert rules.normal(typed) == code


@given(CHANCES, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(chance, place, step):
    code = rules.code(chance)
    digit = str((int(code[place]) + step) % 10)
    assert rules.normal(code[:place] + digit + code[place + 1 :]) == ""


@given(CHANCES, st.integers(0, 10))
def test_two_neighbours_that_were_swapped_are_noticed(chance, place):
    code = rules.code(chance)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert rules.normal(swapped) == ("" if swapped != code else code)


@pytest.mark.parametrize("typed", ["", "1", "0" * 11, "0" * 13, "a" * 12, "²" * 12, "٣" * 12])
def test_what_is_no_code(typed):
    assert rules.normal(typed) == ""


@pytest.mark.parametrize(
    ("group", "rank"), [("1", 1), ("16", 16), ("", 99), ("x", 99), ("²", 99), ("100", 99)]
)
def test_a_group_gives_the_place(group, rank):
    assert rules.rank(group) == rank


ONE = rules.Wanted("001080000001", "nguyen van a", (1980, 5, 17), "M", "0912345678")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"number": ""}, True),
        ({"key": "nguyen van b"}, True),
        ({"number": "", "key": "nguyen van b"}, False),
        ({"number": "", "sex": "F"}, False),
        ({"phone": "0912345679"}, False),
        ({"born": (1980, 5, 18)}, False),
        ({"born": (1980, None, None)}, False),
    ],
)
def test_who_knows_the_telephone_and_the_birth_date_too_is_told(other, same):
    assert rules.same_person(ONE, ONE._replace(**other)) is same
    assert rules.same_person(ONE._replace(**other), ONE) is same
