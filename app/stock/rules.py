"""Kinds of movements and their signs, the state of a lot, and what may be received."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

# kind → sign of its doses; 0: a correction goes either way. An undo gives back what a dose took
# that was wrongly written down, an unwaste what was wrongly written down as waste.
KINDS: Mapping[str, int] = {
    "receipt": 1, "dose": -1, "undo": 1, "waste": -1, "unwaste": 1, "return": -1, "correction": 0,
}  # fmt: skip

# Why doses are thrown away; "other" needs a note.
WASTE = (
    "waste_broken", "waste_expired", "waste_open_too_long", "waste_cold_chain", "waste_frozen",
    "waste_short_vial", "waste_contaminated", "waste_other",
)  # fmt: skip

STATES = ("lot_usable", "lot_soon", "lot_out_of_date", "lot_stopped", "lot_none_left")
SOON = timedelta(days=30)
LONGEST_LIFE = timedelta(days=5 * 366)
MOST_DOSES = 100_000

_NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9./ -]*[A-Z0-9])?")


def allowed(kind: str, doses: int) -> bool:
    """Whether a line of this kind may carry this (signed) number of doses."""
    return doses != 0 and kind in KINDS and doses * KINDS[kind] >= 0


def lot_number(text: str) -> str | None:
    """A lot number as it is kept: capitals, single spaces, at most 30 characters; None when it
    cannot be one."""
    number = " ".join(text.upper().split())
    return number if len(number) <= 30 and _NUMBER.fullmatch(number) else None


def receipt_problems(expires_on: date, doses: int, today: date) -> list[tuple[str, str]]:
    """(field, reason code) against what is about to be received."""
    found = []
    if expires_on < today:
        found.append(("expires_on", "expiry_past"))
    elif expires_on > today + LONGEST_LIFE:
        found.append(("expires_on", "expiry_far"))
    if not 1 <= doses <= MOST_DOSES:
        found.append(("doses", "doses_range"))
    return found


def state(balance: int, expires_on: date, suspended: bool, today: date) -> str:
    """What holds back the doses of a lot at a site, the gravest first; one of STATES. A lot may be
    used up to the end of the day that is printed on it."""
    if suspended:
        return "lot_stopped"
    if balance <= 0:
        return "lot_none_left"
    if expires_on < today:
        return "lot_out_of_date"
    return "lot_soon" if expires_on <= today + SOON else "lot_usable"
