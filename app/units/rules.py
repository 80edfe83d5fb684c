"""What may stand below what, which areas are in force on a day, and how units are numbered."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

# NQ 203/2025/QH15: no districts and other communes from this day on.
TWO_LEVELS_FROM = date(2025, 7, 1)
# The rank of a site of its own; what ranks lower is a site of a site (điểm tiêm lưu động).
SITE = 5
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{1,19}")


class Kind(NamedTuple):
    """What a level is: see units.models.Level."""

    rank: int
    is_site: bool
    valid_to: date | None


def may_stand_below(kind: Kind, above: Kind, day: date) -> bool:
    """Whether a unit of one kind can be made below another on a day. Mobile sites belong to a
    site, all other units to an authority."""
    in_force = kind.valid_to is None or day <= kind.valid_to
    return in_force and kind.rank > above.rank and above.is_site == (kind.rank > SITE)


def scheme_on(day: date) -> str:
    """The scheme of administrative areas in force on a day."""
    return "vn34" if day >= TWO_LEVELS_FROM else "vn63"


def code(text: str) -> str:
    """The code of a unit as it is kept, or "" when it cannot be one."""
    found = text.strip().upper()
    return found if _CODE.fullmatch(found) else ""


def stem(kind: Kind, above: str, area: str, province: str) -> tuple[str, int]:
    """What the code of a new unit begins with, and how many digits follow: a site is its province
    and three digits (01015, domain 1.4), a mobile site its site and one (01015-1), an authority
    its area ("DV00004")."""
    if kind.rank > SITE:
        return f"{above}-", 1
    return (province or "00", 3) if kind.is_site else (f"DV{area}", 0)


def next_code(start: str, digits: int, taken: Iterable[str]) -> str:
    """The first free code after the highest taken one; a code is never given twice."""
    used = {text[len(start) :] for text in taken if text.startswith(start)}
    if not digits and "" not in used:
        return start
    numbers = [int(rest.lstrip("-")) for rest in used if rest.lstrip("-").isdecimal()]
    n = max(numbers, default=0 if digits else 1) + 1
    return f"{start}{n:0{digits}}" if digits else f"{start}-{n}"


def state(first: date, last: date | None, day: date) -> str:
    """Whether a unit works on a day, a code of app/words.py."""
    if day < first:
        return "unit_later"
    return "unit_closed" if last and day > last else "unit_open"


def date_problems(
    first: date | None, last: date | None, above: tuple[date, date | None]
) -> list[tuple[str, str]]:
    """(field, reason code) of what is wrong with the days of a unit below one that works on the
    days `above`. `first` is None when it does not change."""
    found = []
    if first and (first < above[0] or (above[1] and first > above[1])):
        found.append(("valid_from", "unit_outside_parent"))
    if first and last and last < first:
        found.append(("valid_to", "unit_ends_first"))
    if above[1] and (last is None or last > above[1]):
        found.append(("valid_to", "unit_outside_parent"))
    return found
