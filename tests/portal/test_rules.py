"""The holder among the slips."""

from collections import Counter
from types import SimpleNamespace

import pytest

from app.portal import rules


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
