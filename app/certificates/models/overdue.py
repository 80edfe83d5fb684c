"""What has waited at the three steps for longer than a day, for the first pages. What came before
yesterday has; so a page says the same from midnight to midnight."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from app import clock
from app.certificates.models.waiting import LOCAL_DAY
from app.certificates.rules.overdue import ABOVE, AT_A_SITE, Late, by_child
from app.db import is_postgres, run

SQL = Path(__file__).parent.parent / "sql"
SITE, DAYS, ISSUE = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("overdue", "overdue_days", "overdue_issue")
)


class Overdue(NamedTuple):
    """What waits at a step: `number`: of doses, at "issue" of people; days: of sites."""

    step: str
    number: int
    days: int
    since: date


def overdue_at(path: str) -> list[Overdue]:
    """What waits for confirming and signing at a site: one statement."""
    since, until = _before(AT_A_SITE), _before(1)
    here, given, entered = f"{path}%", (since, until, until), (since, until)
    sql = SITE.format(day=LOCAL_DAY[is_postgres()])
    rows = run(sql, here, *given, here, *entered, here, until)
    return [Overdue(step, count, days, _day(day)) for step, count, days, day in sorted(rows)]


def overdue_below(path: str) -> list[Late]:
    """The same for an authority, by the units below it: one statement, whatever the size."""
    today, here = clock.today(), f"{path}%"
    days = (today - timedelta(ABOVE), today - timedelta(1))
    rows = run(DAYS, here, *days, here, _before(1), prepare=False)
    return by_child(path, ((*row[:3], _day(row[3])) for row in rows))


def overdue_issue(path: str) -> list[Overdue]:
    """What was signed and waits for the centre: one statement."""
    row = run(ISSUE, f"{path}%", _before(1), _before(1), prepare=False).fetchone()
    return [Overdue("issue", row[0], row[1], _day(row[2]))] if row[0] else []


def _before(days: int) -> datetime:
    """The moment at which the day so many days ago began."""
    return clock.day_bounds(clock.today() - timedelta(days))[0]


def _day(value: date | str) -> date:
    """SQLite hands raw days back as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
