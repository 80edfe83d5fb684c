"""Dates of birth of which the day, or the month too, may be unknown."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from app.people.rules.text import Unfit, clean

OLDEST = 1900


class PartialDate(NamedTuple):
    """A year, perhaps a month, perhaps a day. Unknown is None and never 1. `str()` shows
    "15/07/1950", "07/1950" or "1950". Source: domain 4.6."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        known = [f"{part:02}" for part in (self.day, self.month) if part]
        return "/".join([*known, f"{self.year:04}"])

    def iso(self) -> str:
        """As FHIR and the DCC write it: "1950-07-15", "1950-07" or "1950"."""
        known = [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join([f"{self.year:04}", *known])

    def earliest(self) -> date:
        """The first day that it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        """The last day that it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def agrees(self, other: "PartialDate") -> bool:
        """Whether both can be the same day: equal wherever both are known."""
        return self.year == other.year and all(
            mine is None or theirs is None or mine == theirs
            for mine, theirs in zip(self[1:], other[1:], strict=True)
        )

    def age_range(self, on: date) -> tuple[int, int]:
        """The least and the most completed years on a day; equal when the age is sure.

        A year is complete on the birthday itself ("đủ tuổi"). Who was born on 29/02
        completes it on 01/03 of a common year. Never below 0.
        """
        least, most = self.age_months(on)
        return least // 12, most // 12

    def age_months(self, on: date) -> tuple[int, int]:
        """The least and the most completed months on a day. Never below 0."""
        return _months(self.latest(), on), _months(self.earliest(), on)


def _months(born: date, on: date) -> int:
    months = (on.year - born.year) * 12 + on.month - born.month
    return max(0, months - (on.day < born.day))


def partial_date(year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    """A date that exists. Raises Unfit: date_impossible, date_month_first (month 13-31 and a
    day that could be a month), date_too_old (before 1900)."""
    if month and month > 12 and day and day <= 12:
        raise Unfit("date_month_first")
    if day and not month:
        raise Unfit("date_impossible")
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        raise Unfit("date_impossible") from None
    if year < OLDEST:
        raise Unfit("date_too_old")
    return PartialDate(year, month or None, day or None)


_FORMS = [
    re.compile(form)
    for form in (
        r"(?P<d>[0-9]{1,2})[/. -]+(?P<m>[0-9]{1,2})[/. -]+(?P<y>[0-9]{4})",
        r"(?P<m>[0-9]{1,2})[/. -]+(?P<y>[0-9]{4})",
        r"(?P<y>[0-9]{4})",
        r"(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4})",
        r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})(?:-(?P<d>[0-9]{1,2}))?",
    )
]
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/. -]+[0-9]{1,2}[/. -]+[0-9]{2}|[0-9]{6}|[0-9]{1,2}")


def parse_date(text: str, today: date) -> PartialDate:
    """A typed date of birth: "15/07/1950" (also with . - or space), "7/1950", "1950",
    "15071950", "1950-07-15"; 00 for an unknown day or month. Day before month, always.

    Raises Unfit: date_form, date_two_digit_year, date_future, and those of partial_date.
    Source: domain 4.6.
    """
    if len(text) > 100:
        raise Unfit("date_form")
    text = clean(text)
    if _SHORT_YEAR.fullmatch(text):
        raise Unfit("date_two_digit_year")
    match = next((m for form in _FORMS if (m := form.fullmatch(text))), None)
    if not match:
        raise Unfit("date_form")
    parts = {name: int(digits) for name, digits in match.groupdict().items() if digits}
    found = partial_date(parts["y"], parts.get("m"), parts.get("d"))
    if found.earliest() > today:
        raise Unfit("date_future")
    return found
