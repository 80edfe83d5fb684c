"""The public figures. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

EVER = date(2021, 1, 1)  # nobody was vaccinated before


class Sums(NamedTuple):
    """Doses that stand, how many of them are a person's first, sites that gave them, wishes to be
    vaccinated that were sent, and doses that the sites received and did not give back."""

    doses: int = 0
    first: int = 0
    sites: int = 0
    wishes: int = 0
    received: int = 0


NOTHING = Sums()


def added(several: Iterable[Sums]) -> Sums:
    """All of them together."""
    return Sums(*map(sum, zip(*several, strict=True)))


def share(part: int, whole: int | None) -> float | None:
    """The part of a whole, 1 for all of it; None when there is no whole."""
    return part / whole if whole else None
