"""Reading the keys of a reaction."""

import pytest

from app.reactions import rules


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1", (["fever"], False, [])),
        ("12", (["fever", "local_pain"], False, [])),
        ("1, 2 1", (["fever", "local_pain"], False, [])),
        ("0", ([], True, [])),
        ("90", (["other_sign"], True, [])),
        ("", ([], False, ["sign_needed"])),
        ("x", ([], False, ["sign_unknown"])),
        ("1x", (["fever"], False, ["sign_unknown"])),
        ("١", ([], False, ["sign_unknown"])),
    ],
)
def test_two_keys_note_a_reaction(typed, expected):
    assert rules.read_keys(typed) == expected
