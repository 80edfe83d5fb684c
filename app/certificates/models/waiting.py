"""What waits at each of the three steps: days of doses, confirmations, people."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from peewee import JOIN, fn

from app import clock
from app.amendments.models import Amendment
from app.certificates.models.certificate import Certificate
from app.certificates.models.confirmed import Confirmation
from app.db import is_postgres, run
from app.people.models import IdentityVersion, Person
from app.units.models import Unit
from app.visits.models import Dose

SQL = Path(__file__).parent.parent / "sql"
DAYS, UNCONFIRMED, UNSIGNED, UNSIGNED_DAYS, BY_SITE = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8")
    for name in ("days", "unconfirmed", "unsigned", "unsigned_days", "by_site")
)
# The day in Viet Nam of a stored moment (see clock.VIET_NAM), which each database writes its way.
LOCAL_DAY = {True: "(given_at + interval '7 hours')::date", False: "date(given_at, '+7 hours')"}
FIRST = date(2021, 3, 8)  # the first dose of the campaign


class Day(NamedTuple):
    """A day of a site: how many doses stand, and of how many confirmation and signature hold."""

    unit_id: int
    unit_name: str
    day: date
    doses: int
    confirmed: int
    signed: int


def days(path: str, since: date, most: int) -> list[Day]:
    """The days from `since` on at the sites at or below `path` that are not all signed, the
    oldest first."""
    sql = DAYS.format(day=LOCAL_DAY[is_postgres()])
    rows = run(sql, f"{path}%", f"{path}%", since, most)
    return [Day(unit_id, name, _day(day), *counts) for unit_id, name, day, *counts in rows]


def unconfirmed(path: str, until: datetime, after: int, most: int) -> list[int]:
    """The ids of doses given before `until`, from the one after `after` on, that nobody confirmed
    as they are now."""
    here = (after, until, f"{path}%")
    return [row[0] for row in run(UNCONFIRMED, *here, *here, most)]


class Unsigned(NamedTuple):
    """A confirmation that holds and is not signed."""

    unit_id: int
    unit_name: str
    day: date
    id: int
    dose_id: int
    version: int
    person_id: int
    identity_seq: int


def unsigned(path: str, most: int) -> list[Unsigned]:
    """What waits for a signature on the `most` oldest days, by day, site and dose."""
    waiting = [_day(row[0]) for row in run(UNSIGNED_DAYS, f"{path}%", most)]
    rows = run(UNSIGNED, f"{path}%", waiting[0], waiting[-1]) if waiting else ()
    return [Unsigned._make((*row[:2], _day(row[2]), *row[3:])) for row in rows]


def doses_on(path: str, day: date, after: int, most: int) -> list[Dose]:
    """The doses of a day that the sites at or below `path` answer for, with person and site, in
    the order in which they were written. after: the last one of the page before."""
    start, end = clock.day_bounds(day)
    query = _doses(path).where(Dose.given_at >= start, Dose.given_at < end, Dose.id > after)
    return list(query.order_by(Dose.id).limit(most))


def doses_of(path: str, dose_ids: Iterable[int]) -> list[Dose]:
    """Those of these doses that stand and that the sites at or below `path` answer for."""
    return list(_doses(path).where(Dose.id.in_(list(dose_ids))).order_by(Dose.id))


def _doses(path: str) -> Any:
    """A dose from elsewhere is answered for by the site that entered it."""
    entered = (
        Amendment.select(Amendment.dose)
        .join(Unit)
        .where(Unit.below(path), Amendment.kind == "elsewhere", Amendment.dose.is_null(False))
    )
    mine = (Dose.source != "elsewhere") & Unit.below(path)
    foreign = (Dose.source == "elsewhere") & Dose.id.in_(entered)
    return (
        Dose.select(Dose, Person, Unit)
        .join(Person)
        .switch(Dose)
        .join(Unit, JOIN.LEFT_OUTER)
        .where(Dose.voided_at.is_null(), mine | foreign)
    )


def entered_by(dose_ids: Iterable[int]) -> dict[int, int]:
    """Of doses from elsewhere: the dose → the unit that entered it."""
    query: Any = Amendment.select(Amendment.dose, Amendment.unit)
    query = query.where(Amendment.dose.in_(list(dose_ids)), Amendment.kind == "elsewhere")
    return dict(query.tuples())


def pending_for(dose_ids: Iterable[int]) -> set[int]:
    """Those of these doses that a request waits for."""
    query: Any = Amendment.select(Amendment.dose).where(
        Amendment.dose.in_(list(dose_ids)), Amendment.decided_at.is_null()
    )
    return {row[0] for row in query.tuples()}


def identity_seqs(person_ids: Iterable[int]) -> dict[int, int]:
    """The number of the newest identity version of each."""
    query: Any = IdentityVersion.select(IdentityVersion.person, fn.MAX(IdentityVersion.seq))
    query = query.where(IdentityVersion.person.in_(list(person_ids)))
    return dict(query.group_by(IdentityVersion.person).tuples())


def waiting_people(after: int, most: int) -> list[int]:
    """The next people of whom something was signed that no certificate was made with yet."""
    query: Any = Confirmation.select(Confirmation.person).where(
        Confirmation.waits, Confirmation.person > after
    )
    query = query.distinct().order_by(Confirmation.person).limit(most)
    return [row[0] for row in query.tuples()]


def running_out(before: datetime, after: int, most: int) -> list[int]:
    """The next people whose certificate runs out before a moment, or has."""
    query: Any = Certificate.select(Certificate.person).where(
        Certificate.current, Certificate.kind == "DCC", Certificate.expires_at < before,
        Certificate.person > after,
    )  # fmt: skip
    query = query.distinct().order_by(Certificate.person).limit(most)
    return [row[0] for row in query.tuples()]


def by_site(path: str) -> list[tuple[str, int]]:
    """(path, people who wait) of the sites at or below `path`."""
    return [(row[0], int(row[1])) for row in run(BY_SITE, f"{path}%")]


def _day(value: date | str) -> date:
    """SQLite hands raw days back as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
