"""Requests to change what is known of a dose, and what was decided."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from peewee import (
    JOIN,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    ModelSelect,
    TextField,
)

from app import clock
from app.accounts.models import Membership, User
from app.accounts.roles import verbs
from app.amendments import rules
from app.db import BaseModel
from app.people.models import Person
from app.sessions.models import VaccinationSession
from app.units.models import Unit
from app.visits.models import Dose


class Amendment(BaseModel):
    """One request of a `kind` of rules.KINDS. While nobody has decided, it locks the dose (or the
    place of the person in the session); once decided the row never changes again, so that the rows
    of a dose are its history.

    `unit`: the site that recorded (or records) the dose and that decides. `dose`: the dose that is
    changed, or that an approval made; `version`: the one that the asker saw. `before` and `after`:
    the values that differ. `cause`: a code of rules.CAUSES or rules.PROOFS, `reason` the asker's
    own words, `evidence` the paper behind it. `answer`: what whoever decided wrote.
    """

    kind = TextField()
    state = TextField(default="pending")
    unit = ForeignKeyField(Unit)
    person = ForeignKeyField(Person)
    session = ForeignKeyField(VaccinationSession, null=True, index=False)
    dose = ForeignKeyField(Dose, null=True, backref="amendments")
    version = IntegerField(null=True)
    before = JSONField(default=dict)
    after = JSONField(default=dict)
    cause = TextField(default="")
    reason = TextField(default="")
    evidence = TextField(default="")
    asked_by = ForeignKeyField(User, backref="asked", index=False)
    asked_at = DateTimeField()
    decided_by = ForeignKeyField(User, null=True, backref="decided", index=False)
    decided_at = DateTimeField(null=True)
    answer = TextField(default="")

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Amendment]":
        """The requests of the sites at or below `path`, with person and unit."""
        return (
            cls.select(cls, Person, Unit)
            .join(Person)
            .switch(cls)
            .join(Unit)
            .where(Unit.below(path))
        )

    @classmethod
    def waiting_for(cls, dose_id: int) -> "Amendment | None":
        """The request for a dose that nobody has decided, with who asked."""
        query = cls.select(cls, User).join(User, on=(cls.asked_by == User.id))
        return query.where(cls.dose == dose_id, cls.decided_at.is_null()).get_or_none()

    @classmethod
    def late_at(cls, session_id: int) -> "ModelSelect[Amendment]":
        """The late entries of a session that wait, with person and asker, as they were asked."""
        return cls._open().where(cls.session == session_id, cls.kind == "late").order_by(cls.id)

    @classmethod
    def waiting(cls, path: str, after: int = 0) -> "ModelSelect[Amendment]":
        """All that waits at the sites at or below `path`, with person, asker and unit, the oldest
        first. after: the id of the last one of the page before."""
        query = cls._open().select_extend(Unit).switch(cls).join(Unit)
        return query.where(Unit.below(path), cls.id > after).order_by(cls.id)

    @classmethod
    def _open(cls) -> "ModelSelect[Amendment]":
        return (
            cls.select(cls, Person, User)
            .join(Person)
            .switch(cls)
            .join(User, on=(cls.asked_by == User.id))
            .where(cls.decided_at.is_null())
        )

    @classmethod
    def of_dose(cls, dose_id: int) -> "ModelSelect[Amendment]":
        """All requests about a dose, the oldest first."""
        return cls.select().where(cls.dose == dose_id).order_by(cls.id)


# Of two requests at once for one dose, or for one person at one session, one is refused.
Amendment.add_index(
    Amendment.index(
        Amendment.dose, unique=True, where=Amendment.decided_at.is_null(), name="amendment_dose"
    )
)
Amendment.add_index(
    Amendment.index(
        Amendment.session,
        Amendment.person,
        unique=True,
        where=Amendment.decided_at.is_null(),
        name="amendment_late",
    )
)


class Approver(NamedTuple):
    """Somebody who may decide, and where they work."""

    name: str
    unit: str


def approvers(unit_ids: Iterable[int], but: int) -> list[Approver]:
    """Who may decide at these units, but one person."""
    rows: Any = (
        Membership.select(User.name, Unit.name, Membership.roles)
        .join(User)
        .switch(Membership)
        .join(Unit)
        .where(Unit.id.in_(list(unit_ids)), User.active, User.id != but)
        .order_by(User.name, User.id)
        .tuples()
    )
    return [
        Approver(name, unit) for name, unit, roles in rows if "dose.approve" in verbs(roles.split())
    ]


class LateDose(NamedTuple):
    """A dose that was entered late, and how many hours after the injection."""

    dose: Dose
    hours: Decimal


def late_doses(path: str, first: date, last: date, session_id: int = 0) -> list[LateDose]:
    """The doses of these days at or below a unit that were entered afterwards and stand, with the
    person; they are counted apart. session_id: only those of one session."""
    start, end = clock.day_bounds(first, last)
    query = (
        Dose.select(Dose, Person, Unit)
        .join(Person)
        .switch(Dose)
        .join(Unit)
        .where(Unit.below(path), Dose.given_at >= start, Dose.given_at < end)
        .where(Dose.source == "late", Dose.voided_at.is_null())
        .order_by(Dose.given_at, Dose.id)
    )
    if session_id:
        query = query.where(Dose.session == session_id)
    return [LateDose(row, rules.hours_late(row.given_at, row.recorded_at)) for row in query]


def recorder(dose: Dose) -> Unit:
    """The unit that recorded a dose, and answers for it."""
    if dose.source != "elsewhere":
        return Unit.get_by_id(dose.unit_id)
    asked = Amendment.select(Amendment, Unit).join(Unit)
    return asked.where(Amendment.dose == dose.id, Amendment.kind == "elsewhere").get().unit


def doses_within(path: str) -> "ModelSelect[Dose]":
    """The doses given, or entered from elsewhere, at or below `path`, with person and site."""
    entered = (
        Amendment.select(Amendment.dose)
        .join(Unit)
        .where(Unit.below(path), Amendment.kind == "elsewhere", Amendment.dose.is_null(False))
    )
    return (
        Dose.select(Dose, Person, Unit)
        .join(Person)
        .switch(Dose)
        .join(Unit, JOIN.LEFT_OUTER)
        .where(Unit.below(path) | Dose.id.in_(entered))
    )


def voided_of(person_id: int) -> "ModelSelect[Dose]":
    """The doses of a person that do not stand any more, with the site."""
    query = Dose.select(Dose, Unit).join(Unit, JOIN.LEFT_OUTER).order_by(Dose.given_at, Dose.id)
    return query.where(Dose.person == person_id, Dose.voided_at.is_null(False))
