"""What a session may be planned as, and what may still change once people came."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta

HALF_DAYS = ("morning", "afternoon", "day")
# People are called for the half-hours of a session.
MORNING = tuple(time(hour, minute) for hour in range(7, 11) for minute in (0, 30))
AFTERNOON = tuple(time(hour, minute) for hour in range(13, 17) for minute in (0, 30))
HOURS = {"morning": MORNING, "afternoon": AFTERNOON, "day": MORNING + AFTERNOON}
# Why a session is called off; "other" needs a note.
OFF = ("no_vaccine", "storm", "no_staff", "off_other")
FURTHEST = timedelta(days=366)
MOST_TABLES = 99
MOST_PEOPLE = 20_000


def date_problems(held_on: date, was: date | None, begun: bool, today: date) -> list[str]:
    """Reason codes against the day of a session. was: its day until now, None for a new one;
    begun: somebody was received."""
    if was is not None and was < today:
        return ["session_over"]
    if begun and held_on != was:
        return ["session_begun"]
    if held_on < today:
        return ["session_past"]
    return ["session_far"] if held_on > today + FURTHEST else []


def off_problems(
    shut: str, received: int, at_tables: list[str], reason: str, note: str
) -> list[tuple[str, str, dict[str, str]]]:
    """(field, reason code, values) against calling a session off. shut: why its list is closed;
    received: how many came already; at_tables: lots that were taken out and not brought back."""
    found: list[tuple[str, str, dict[str, str]]] = []
    if shut:
        found.append(("", shut, {}))
    if received:
        found.append(("", "off_begun", {}))
    if at_tables:
        found.append(("", "off_lots_out", {"lots": ", ".join(at_tables)}))
    if reason not in OFF:
        found.append(("reason", "not_a_choice", {}))
    if reason == "off_other" and not note:
        found.append(("note", "required", {}))
    return found


def lots_too_old(expiries: Iterable[tuple[str, date]], held_on: date) -> list[str]:
    """The numbers of those lots (number, expiry) that are out of date on the day."""
    return [number for number, expires_on in expiries if expires_on < held_on]


def size_problems(tables: int, capacity: int, received: int) -> list[tuple[str, str]]:
    """(field, reason code) against tables and capacity; received: how many came already."""
    found = []
    if not 1 <= tables <= MOST_TABLES:
        found.append(("tables", "tables_range"))
    if not 1 <= capacity <= MOST_PEOPLE:
        found.append(("capacity", "capacity_range"))
    elif capacity < received:
        found.append(("capacity", "capacity_below"))
    return found


def is_due(next_on: date | None, held_on: date) -> bool:
    """Whether a dose that is due from a day on (None: no dose) is due on that of a session."""
    return next_on is not None and next_on <= held_on


def hours_left(half_day: str, held_on: date, today: date, now: time) -> list[time]:
    """The hours for which somebody may still be called."""
    return [hour for hour in HOURS[half_day] if held_on > today or hour > now]


def hours(
    half_day: str, capacity: int, first: time, taken: Mapping[time, int], people: int
) -> list[time]:
    """The hours of so many more people from `first` on, in their order; each hour takes its share
    of the capacity. Fewer when the session ends before. taken: hour → who was called for it."""
    all_hours = HOURS[half_day]
    each = -(-capacity // len(all_hours))
    free = [
        hour
        for hour in all_hours if hour >= first
        for _ in range(each - taken.get(hour, 0))
    ]  # fmt: skip
    return free[:people]


def spread(half_day: str, people: int) -> list[time]:
    """The hours of so many people, evenly over the half-day."""
    hours = HOURS[half_day]
    return [hours[n * len(hours) // people] for n in range(people)]
