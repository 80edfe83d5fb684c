"""Which holder the three things typed belong to. Pure."""

import hmac
from collections.abc import Callable, Iterable
from typing import Any

MOST_SLIPS = 16  # of one number; so many PINs are made for each look-up, whether there are or not
NO_SLIP = "-"


def neighbours(number: str) -> str:
    """What a number has in common with the thousand numbers around it."""
    return number[:-3]


def holder(
    slips: Iterable[Any], typed: str, pin: Callable[[str], str], agrees: Callable[[Any], bool]
) -> Any:
    """The slip whose PIN was typed and whose person agrees with the birth date, or None.
    Takes the same work for any number of slips up to MOST_SLIPS, none included."""
    rows = list(slips)[:MOST_SLIPS]
    found = None
    for row in [*rows, *[None] * (MOST_SLIPS - len(rows))]:
        same = hmac.compare_digest(pin(row.nonce if row else NO_SLIP), typed)
        if same and row and agrees(row):
            found = found or row
    return found
