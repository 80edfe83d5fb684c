"""The plain facts that rules are about: a person, the doses given, a calendar span, a problem."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any, NamedTuple

CO_BAN, BO_SUNG, NHAC_LAI = "CO_BAN", "BO_SUNG", "NHAC_LAI"  # CV 10225/BYT-DP
KINDS = (CO_BAN, BO_SUNG, NHAC_LAI)

# What may be known of a person beside age and sex; rules and forms name them in their data.
FLAGS = frozenset(
    {
        "pregnant",
        "breastfeeding",
        "immunosuppressed",
        "high_exposure",
        "heart_failure",
        "chest_symptoms",
        "blood_pressure_history",
        "heart_disease",
    }
)
FEMALE = "F"


class Birth(NamedTuple):
    """A birth date of which only the year need be known."""

    year: int
    month: int | None = None
    day: int | None = None


class Person(NamedTuple):
    """What the rules ask about somebody. birth: anything with year, month and day (the last two
    may be None); sex: "F", "M" or None; flags: some of FLAGS; covid_on: first day of the last
    COVID-19 illness."""

    birth: Any = None
    sex: str | None = None
    deceased: bool = False
    flags: frozenset[str] = frozenset()
    covid_on: date | None = None


class GivenDose(NamedTuple):
    """A dose in somebody's history. product: a product code, also one that is not in use here."""

    product: str
    kind: str
    seq: int
    given_on: date


class Problem(NamedTuple):
    """severity: "refuse" (never possible) or "warn" (a reason and a second person are needed);
    code: a key of words.REASONS, params: its values; field: the answer or sign it is about."""

    severity: str
    code: str
    params: dict[str, Any] = {}
    field: str = ""


def refuse(code: str, field: str = "", **params: Any) -> Problem:
    """A problem that cannot be overruled."""
    return Problem("refuse", code, params, field)


def warn(code: str, field: str = "", **params: Any) -> Problem:
    """A problem that may be overruled with a reason and a second person."""
    return Problem("warn", code, params, field)


class Span(NamedTuple):
    """A length of time as the documents say it: calendar months, weeks of seven days, days."""

    months: int = 0
    weeks: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The day that lies this span after `day`; a month too short ends on its last day."""
        months = day.year * 12 + day.month - 1 + self.months
        year, month = months // 12, months % 12 + 1
        if year > date.max.year:
            return date.max
        start = date(year, month, min(day.day, monthrange(year, month)[1]))
        extra = timedelta(weeks=self.weeks, days=self.days)
        return start + extra if extra <= date.max - start else date.max


def birth_bounds(birth: Any) -> tuple[date, date]:
    """The first and the last day on which the person may have been born."""
    first = date(birth.year, birth.month or 1, birth.day or 1)
    month = birth.month or 12
    return first, date(birth.year, month, birth.day or monthrange(birth.year, month)[1])


def age(born: date, on: date) -> int:
    """Completed years, counted from the exact birthday (đủ tuổi)."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_range(birth: Any, on: date) -> tuple[int, int]:
    """The youngest and the oldest age the person may have; equal when the birth date is whole."""
    first, last = birth_bounds(birth)
    return age(last, on), age(first, on)
