"""Which dose of how many a certificate says."""

from typing import NamedTuple

import pytest

from app.certificates.rules import series


class Dose(NamedTuple):
    kind: str
    seq: int
    base_doses: int = 2


KINDS = {"base": "CO_BAN", "added": "BO_SUNG", "boost": "NHAC_LAI"}


def doses(text: str) -> list[Dose]:
    """Doses from "base1/2 boost1/2": kind, number, base doses of the product."""
    found = []
    for one in text.split():
        word, base = one.split("/")
        found.append(Dose(KINDS[word[:-1]], int(word[-1]), int(base)))
    return found


@pytest.mark.parametrize(
    ("history", "numbers"),
    [
        ("base1/2", (1, 2)),
        ("base1/2 base2/2", (2, 2)),
        ("base1/1", (1, 1)),
        ("base1/3", (1, 3)),
        ("base1/3 base2/3", (2, 3)),
        ("base1/3 base2/3 base3/3", (3, 3)),
        ("base1/2 base2/2 boost1/2", (3, 3)),
        ("base1/2 base2/2 boost1/2 boost2/2", (4, 4)),
        ("base1/1 boost1/2", (2, 1)),
        ("base1/1 boost1/2 boost2/2", (3, 1)),
        ("base1/3 base2/3 base3/3 boost1/2", (4, 4)),
        ("base1/2 base2/2 added1/2", (3, 3)),
        ("base1/2 base2/2 added1/2 boost1/2", (4, 4)),
        ("base1/2 base2/2 boost1/1", (3, 3)),  # Janssen as a booster
        ("base1/2 base2/1", (2, 2)),  # mixed: the first says how many
        ("base1/1 base2/2", (2, 1)),
        ("base2/2", (2, 2)),  # what came before is not on record
        ("base2/2 boost1/2", (3, 3)),
        ("base1/2 boost1/2", (3, 3)),
        ("boost1/2", (3, 3)),
        ("base1/2 base2/2 boost2/2", (4, 4)),
        ("base1/2 base3/2", (3, 3)),
        ("base1/2 base3/2 boost1/2", (4, 4)),
    ],
    ids=str,
)
def test_dose_of_series(history, numbers):
    assert series(doses(history)) == numbers
