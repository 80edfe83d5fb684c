"""Codes, PINs and the slots of the paper."""

import secrets
from types import SimpleNamespace

import pytest

from app.certificates import rules
from app.visits.rules import STATES, VACCINATED

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODES = [rules.new_code(secrets.token_bytes(10)) for _ in range(50)]


def test_a_code_can_be_read_aloud():
    for code in CODES:
        assert len(code) == 17 and set(code) <= set(SIGNS)
        assert not set(code) & set("ILOU")


def test_a_code_keeps_all_eighty_random_bits():
    for _ in range(50):
        chance = secrets.token_bytes(10)
        number = 0
        for sign in rules.new_code(chance)[:16]:
            number = number * 32 + SIGNS.index(sign)
        assert number.to_bytes(10, "big") == chance


@pytest.mark.parametrize(
    "typed",
    [
        str,
        str.lower,
        rules.grouped,
        lambda code: " ".join(code),
        lambda code: f"\t{code[:9]} – {code[9:]}\n",
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: code.lower().replace("0", "o").replace("1", "l"),
    ],
)
def test_a_code_may_be_typed_in_many_ways(typed):
    for code in CODES:
        assert rules.normal(typed(code)) == code


def test_every_wrong_sign_is_noticed():
    for code in CODES[:3]:
        for at in range(17):
            for sign in SIGNS.replace(code[at], ""):
                assert rules.normal(code[:at] + sign + code[at + 1 :]) is None


def test_two_neighbours_swapped_are_noticed():
    for code in CODES:
        for at in range(16):
            swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
            assert swapped == code or rules.normal(swapped) is None


@pytest.mark.parametrize(
    "text", ["", " ", "001080000001", "U" * 17, "1" * 16, "1" * 18, "0" * 500, "😀" * 17, "\0" * 17]
)
def test_what_is_no_code(text):
    assert rules.normal(text) is None


def test_a_code_is_grouped_in_fours():
    assert rules.grouped("7QK2M9PXC4RT80WZ5") == "7QK2-M9PX-C4RT-80WZ5"


def test_a_pin_is_six_digits_of_key_and_nonce():
    pins = {rules.pin(b"key", str(n)) for n in range(1000)}
    assert all(len(pin) == 6 and pin.isdecimal() for pin in pins)
    assert len(pins) > 990
    assert rules.pin(b"key", "1") == rules.pin(b"key", "1") != rules.pin(b"other", "1")


@pytest.mark.parametrize("state", STATES)
def test_a_slip_only_after_the_observation(state):
    """QĐ 3588/QĐ-BYT."""
    expected = {"done": "", "observing": "slip_too_soon"}.get(state, "slip_no_dose")
    assert rules.slip_problem(state) == expected
    assert (expected != "slip_no_dose") == (state in VACCINATED)


def dose(kind: str, seq: int) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, seq=seq)


def drawn(*doses: SimpleNamespace) -> dict[str, list[str]]:
    """Kind → rows; "1*" is a slot with a dose."""
    return {
        kind: [" ".join(f"{slot.seq}{'*' if slot.dose else ''}" for slot in row) for row in rows]
        for kind, rows in rules.slots(doses).items()
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["1 2 3", "1", "1 2 3"]),
        ([("CO_BAN", 1)], ["1* 2 3", "1", "1 2 3"]),
        ([("CO_BAN", 1), ("CO_BAN", 2), ("BO_SUNG", 1)], ["1* 2* 3", "1*", "1 2 3"]),
        # Abdala: three base doses; the next is a booster, not "mũi 4".
        (
            [("CO_BAN", 1), ("CO_BAN", 2), ("CO_BAN", 3), ("NHAC_LAI", 1)],
            ["1* 2* 3*", "1", "1* 2 3"],
        ),
        # Janssen: one base dose, then the booster.
        ([("CO_BAN", 1), ("NHAC_LAI", 1)], ["1* 2 3", "1", "1* 2 3"]),
        # An earlier dose that nobody recorded leaves its slot empty.
        ([("CO_BAN", 2)], ["1 2* 3", "1", "1 2 3"]),
    ],
    ids=lambda value: None if value and isinstance(value[0], str) else f"QĐ 43 {value}",
)
def test_doses_stand_in_the_slot_of_their_kind(given, expected):
    assert [rows[0] for rows in drawn(*(dose(*one) for one in given)).values()] == expected
    assert list(rules.slots([])) == ["CO_BAN", "BO_SUNG", "NHAC_LAI"]


def test_doses_beyond_the_paper_go_on_in_further_rows():
    boosters = [dose("NHAC_LAI", n) for n in range(1, 6)]
    extra = [dose("BO_SUNG", 1), dose("BO_SUNG", 2)]
    found = drawn(*boosters, *extra)
    assert found["NHAC_LAI"] == ["1* 2* 3*", "4* 5*"]
    assert found["BO_SUNG"] == ["1* 2*"]


def test_two_doses_with_one_number_are_both_shown():
    first, second = dose("CO_BAN", 1), dose("CO_BAN", 1)
    slots = rules.slots([first, second])["CO_BAN"]
    assert [slot.dose for row in slots for slot in row] == [first, second, None, None]
