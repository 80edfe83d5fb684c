"""Closings of sessions, what was counted lot by lot, and which sessions are still open."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from peewee import JOIN, DateTimeField, ForeignKeyField, ModelSelect, TextField

from app.accounts.models import User
from app.amendments.models import Amendment
from app.closing import rules
from app.db import BaseModel, run
from app.sessions.models import SessionLot, VaccinationSession
from app.stock.models import Holding
from app.units.models import Unit
from app.visits.models import Dose

SQL = Path(__file__).parent / "sql"
LOTS, BY_SITE, BY_SESSION = (
    (SQL / f"{name}.sql").read_text(encoding="utf-8") for name in ("lots", "by_site", "by_session")
)


class Closing(BaseModel):
    """A session was closed, and perhaps opened again. As long as one of these is not reopened the
    session is closed."""

    session = ForeignKeyField(VaccinationSession, backref="closings")
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()
    reopened_why = TextField(default="")
    reopened_by = ForeignKeyField(User, null=True, index=False)
    reopened_at = DateTimeField(null=True)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Closing]":
        """The closings at the sites at or below `path`."""
        return cls.select(cls).join(VaccinationSession).join(Unit).where(Unit.below(path))

    @classmethod
    def of(cls, session_id: int) -> "ModelSelect[Closing]":
        """All closings of a session, the newest first, with who did it."""
        opener = User.alias()
        return (
            cls.select(cls, User.name, opener.name)
            .join(User, on=(cls.by == User.id))
            .switch(cls)
            .join(opener, JOIN.LEFT_OUTER, on=(cls.reopened_by == opener.id))
            .where(cls.session == session_id)
            .order_by(cls.id.desc())
        )


# Of two presses at once one is refused.
Closing.add_index(
    Closing.index(
        Closing.session, unique=True, where=Closing.reopened_at.is_null(), name="closing_in_force"
    )
)


def lots(session_id: int) -> list[rules.LotCount]:
    """Every lot that was planned, taken, injected or wasted at a session: one statement."""
    return [rules.LotCount(*row) for row in run(LOTS, session_id, session_id, session_id)]


def offered(session: VaccinationSession) -> "ModelSelect[Holding]":
    """The lots that may be brought to the tables: those of the session first, then what else its
    site holds."""
    planned = SessionLot.select(SessionLot.holding).where(SessionLot.session == session.id)
    mine = Holding.id.in_(planned)
    here = (Holding.unit == session.unit_id) & (Holding.balance > 0)
    return Holding.within("/").where(mine | here).order_by(mine.desc(), Holding.id)


def pending(session_id: int) -> "ModelSelect[Amendment]":
    """The requests about doses of a session that nobody has decided."""
    doses = Dose.select(Dose.id).where(Dose.session == session_id)
    mine = (Amendment.session == session_id) | Amendment.dose.in_(doses)
    return Amendment.select().where(mine, Amendment.decided_at.is_null())


class SessionGap(NamedTuple):
    """A session of an earlier day that is still open: `gap` doses are not accounted for, `waiting`
    visits have no end."""

    session_id: int
    unit_name: str
    held_on: date
    half_day: str
    gap: int
    waiting: int


def open_by_unit(path: str, today: date) -> list[rules.UnitGap]:
    """The sessions of earlier days that are still open, for each child of the unit at `path` and
    for the unit itself; what is oldest is first. One statement, whatever the size."""
    rows = run(BY_SITE, today, f"{path}%", today - rules.OLD)
    return rules.by_child(path, ((row[0], row[1], _day(row[2]), *row[3:]) for row in rows))


def names(units: list[rules.UnitGap]) -> dict[int, str]:
    """Id → name of these units."""
    rows = Unit.select(Unit.id, Unit.name).where(Unit.id.in_([unit.unit_id for unit in units]))
    return {row.id: row.name for row in rows}


def open_sessions(path: str, today: date, most: int, after: int = 0) -> list[SessionGap]:
    """The same session by session, the oldest first; after: the last one of the page before."""
    rows = run(BY_SESSION, today, f"{path}%", after, after, most)
    return [SessionGap._make((*row[:2], _day(row[2]), row[3], *map(int, row[4:]))) for row in rows]


def _day(value: date | str) -> date:
    """SQLite hands raw days back as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
