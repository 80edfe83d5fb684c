"""The one clock: stored in UTC, shown in Viet Nam's time; tests set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone

# Viet Nam has kept UTC+7 without summer time since 1975, so no time zone database is needed.
VIET_NAM = timezone(timedelta(hours=7))
_frozen: datetime | None = None


def now() -> datetime:
    """The present moment as stored: UTC, without tzinfo."""
    return _frozen or datetime.now(timezone.utc).replace(tzinfo=None)


def today() -> date:
    """The calendar day in Viet Nam."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """A stored moment (naive UTC) as wall-clock time in Viet Nam."""
    return moment.replace(tzinfo=timezone.utc).astimezone(VIET_NAM)


def day_bounds(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """The stored moments [start, end) of the Vietnamese days first..last."""
    start = datetime.combine(first, datetime.min.time()) - timedelta(hours=7)
    days = ((last or first) - first).days + 1
    return start, start + timedelta(days=days)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """For tests: time stands still at `moment` (Vietnamese wall-clock time, no tzinfo)."""
    global _frozen
    before, _frozen = _frozen, moment - timedelta(hours=7)
    try:
        yield
    finally:
        _frozen = before
