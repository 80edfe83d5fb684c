"""Which dose of how many a certificate says (dn/sd). Pure."""

from collections.abc import Sequence
from typing import Protocol

CO_BAN, BO_SUNG, NHAC_LAI = "CO_BAN", "BO_SUNG", "NHAC_LAI"  # CV 10225/BYT-DP
USUAL_SERIES = 2


class Counted(Protocol):
    """A dose as it is counted. base_doses: how many make the base of its product."""

    @property
    def kind(self) -> str:
        """CO_BAN, BO_SUNG or NHAC_LAI."""

    @property
    def seq(self) -> int:
        """The number within the kind that is on record."""

    @property
    def base_doses(self) -> int:
        """1 for Janssen, 3 for Abdala, 2 for most."""


def series(doses: Sequence[Counted]) -> tuple[int, int]:
    """(number, series) of the newest of `doses`, which go from the oldest to it: base 1/2, 2/2;
    a further dose after a base of two 3/3, 4/4; after a base of one 2/1, 3/1.

    Numbers on record count and rows do not, because an imported history may lack doses. The first
    base dose says how long the base is, also when the doses after it were of another product.
    Source: Decision (EU) 2021/2301; an additional dose counts like a booster.
    """
    newest = doses[-1]
    base = next((dose.base_doses for dose in doses if dose.kind == CO_BAN), USUAL_SERIES)
    number = newest.seq
    if newest.kind != CO_BAN:
        number = max(base, _last(doses, CO_BAN)) + _last(doses, BO_SUNG) + _last(doses, NHAC_LAI)
    return number, 1 if base == 1 else max(base, number)


def _last(doses: Sequence[Counted], kind: str) -> int:
    return max((dose.seq for dose in doses if dose.kind == kind), default=0)
