"""Tickets, and what was done with each."""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from peewee import (
    JOIN,
    BlobField,
    BooleanField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    ModelSelect,
    TextField,
    fn,
)

from app.accounts.models import Membership, User
from app.accounts.roles import given_by, verbs
from app.amendments.models import Amendment
from app.audit import AuditEntry
from app.corrections import rules
from app.db import BaseModel
from app.people.models import Care, Person
from app.registrations.models import Registration
from app.units.models import Unit
from app.visits.models import Dose, Visit

MOST_UNITS = 20  # that a citizen reads of
DATA = Path(__file__).parents[1] / "data"


@cache
def holidays() -> frozenset[date]:
    """The days of data/holidays.tsv on which offices are closed, besides the weekends (Bộ luật Lao
    động 2019, điều 111, 112). set_by: "law" is closed whatever is decided for the year; where the
    five days of Tết begin and which day is beside 2/9 is a "decision", or a "forecast" before it;
    then the row is to be put right."""
    with open(DATA / "holidays.tsv", encoding="utf-8", newline="") as file:
        return frozenset(
            date.fromisoformat(row["day"]) for row in csv.DictReader(file, delimiter="\t")
        )


def holidays_end() -> date:
    """The last day of the years whose holidays are known."""
    return date(max(holidays()).year, 12, 31)


class Ticket(BaseModel):
    """What a citizen says is wrong, or asks for. `code`: read over the telephone; with `phone` it
    is the key to the ticket. `half` answers: "health" or "identity". `proven`: the person showed
    who they are (slip and PIN, or at the counter). `claim`: what is said to be right, by the names
    of rules of the form. `amendment`: the request that changed the record.
    """

    code = TextField(unique=True)
    kind = TextField()
    half = TextField()
    channel = TextField()
    state = TextField(default="new")
    unit = ForeignKeyField(Unit)
    person = ForeignKeyField(Person, null=True)
    dose = ForeignKeyField(Dose, null=True, index=False)
    proven = BooleanField(default=False)
    claim = JSONField(default=dict)
    phone = TextField(index=True)
    asked_at = DateTimeField()
    noted_by = ForeignKeyField(User, null=True, index=False)
    due_answer = DateField()
    due_settle = DateField()
    answered_at = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    amendment = ForeignKeyField(Amendment, null=True, index=False)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("unit", "ended_at"), False),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Ticket]":
        """The tickets of the units at or below `path`, with unit and person."""
        return (
            cls.select(cls, Unit, Person)
            .join(Unit)
            .switch(cls)
            .join(Person, JOIN.LEFT_OUTER)
            .where(Unit.below(path))
        )

    @classmethod
    def about_dose(cls, dose_id: int, phone: str) -> "Ticket | None":
        """The last ticket that was filed about a dose from this telephone."""
        query = cls.select().where(cls.phone == phone, cls.dose == dose_id)
        return query.order_by(cls.id.desc()).first()

    @classmethod
    def late_on(cls, today: date) -> Any:
        """The condition that a ticket waits longer than it may."""
        unanswered = cls.answered_at.is_null() & (cls.due_answer < today)
        return cls.ended_at.is_null() & (unanswered | (cls.due_settle < today))

    def is_late(self, today: date) -> bool:
        """Whether it waits longer than it may."""
        unanswered = self.answered_at is None and self.due_answer < today
        return self.ended_at is None and (unanswered or self.due_settle < today)

    @property
    def name(self) -> str:
        """Who it is about, as far as it is known."""
        return self.person.name if self.person else self.claim.get("name", "")


class TicketEvent(BaseModel):
    """One thing that was done with a ticket; never changed. `act` of rules.ACTS, "file", "link",
    "dose" or "photo". `before` and `after`: the units, persons or doses that a ticket moved
    between."""

    ticket = ForeignKeyField(Ticket, backref="events")
    act = TextField()
    at = DateTimeField()
    by = ForeignKeyField(User, null=True, index=False)
    text = TextField(default="")
    before = IntegerField(null=True)
    after = IntegerField(null=True)

    class Meta:
        table_name = "ticket_event"

    @classmethod
    def within(cls, path: str) -> "ModelSelect[TicketEvent]":
        """What was done with the tickets of the units at or below `path`."""
        return cls.select().join(Ticket).join(Unit).where(Unit.below(path))

    @classmethod
    def of(cls, ticket_id: int) -> "ModelSelect[TicketEvent]":
        """What was done with a ticket, with who did it, the oldest first."""
        query = cls.select(cls, User).join(User, JOIN.LEFT_OUTER)
        return query.where(cls.ticket == ticket_id).order_by(cls.id)


class Evidence(BaseModel):
    """A photo that a citizen sent for an open ticket. sealed: a JPEG, encrypted with a key that
    is derived from DATA_KEY; the row goes when the ticket ends."""

    ticket = ForeignKeyField(Ticket, index=False)
    number = IntegerField()
    at = DateTimeField()
    sealed = BlobField()

    class Meta:
        indexes = ((("ticket", "number"), True),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Evidence]":
        """The photos for the tickets of the units at or below `path`."""
        return cls.select().join(Ticket).join(Unit).where(Unit.below(path))

    @classmethod
    def numbers(cls, ticket_id: int) -> list[int]:
        """The numbers of the photos of a ticket."""
        rows: Any = cls.select(cls.number).where(cls.ticket == ticket_id).order_by(cls.number)
        return [number for (number,) in rows.tuples()]


def queue(
    path: str, own: int, halves: list[str], here: list[str], today: date, shown: str
) -> "ModelSelect[Ticket]":
    """The open tickets of some halves, those that are late first. They are those of one's own unit
    (`own`), and of the units below it those that are late; shown="all": all below,
    shown="ended": what ended. here: the halves of which only those of one's own unit are seen."""
    late, mine = Ticket.late_on(today), Ticket.unit == own
    query = Ticket.within(path).where(Ticket.half.in_(halves) | (mine & Ticket.half.in_(here)))
    if shown == "ended":
        return query.where(Ticket.ended_at.is_null(False)).order_by(Ticket.ended_at.desc())
    query = query.where(Ticket.ended_at.is_null())
    if shown != "all":
        query = query.where(mine | late)
    return query.order_by(late.desc(), Ticket.due_answer, Ticket.id)


def identities_in_doubt(path: str) -> "ModelSelect[Ticket]":
    """The open tickets about the identity of people in the care of a unit at or below `path`,
    those that are due first: the police answer them, the site writes what is right."""
    mine = Person.within(path).select(Person.id)
    return (
        Ticket.select(Ticket, Unit, Person)
        .join(Unit)
        .switch(Ticket)
        .join(Person)
        .where(
            Ticket.half == rules.IDENTITY, Ticket.ended_at.is_null(), Ticket.person.in_(mine)
        )
        .order_by(Ticket.due_settle, Ticket.id)
    )  # fmt: skip


def way_up(unit: Unit, today: date) -> list[rules.Place]:
    """The units from this one up to the root."""
    ids = [int(part) for part in unit.path.split("/") if part]
    roles = _roles_at(ids)
    units = {one.id: one for one in Unit.select().where(Unit.id.in_(ids))}
    return [
        rules.Place(
            one, units[one].open_on(today),
            any("person.verify" in verbs(some) for some in roles[one]),
            any(_appoints(some) for some in roles[one]),
        )
        for one in reversed(ids)
    ]  # fmt: skip


def _roles_at(unit_ids: list[int]) -> dict[int, list[list[str]]]:
    """For each unit, the roles of each person who works there."""
    rows: Any = (
        Membership.select(Membership.unit, Membership.roles)
        .join(User)
        .where(Membership.unit.in_(unit_ids), User.active)
        .tuples()
    )
    found: dict[int, list[list[str]]] = {one: [] for one in unit_ids}
    for unit, roles in rows:
        found[unit].append(roles.split())
    return found


def _appoints(roles: list[str]) -> bool:
    return "correction.answer" in verbs(roles) and "police" in given_by(roles)


def consent_withdrawn(person: Any) -> Any:
    """The condition that somebody withdrew consent, and neither registered nor consented since."""
    mine = Ticket.person == person, Ticket.kind == "withdraw", Ticket.state == "settled"
    visit = Visit.person == Ticket.person, Visit.consent_at > Ticket.ended_at
    wish = Registration.person == Ticket.person, Registration.sent_at > Ticket.ended_at
    return fn.EXISTS(
        Ticket.select(Ticket.id).where(
            *mine, ~fn.EXISTS(Visit.select(Visit.id).where(*visit)),
            ~fn.EXISTS(Registration.select(Registration.id).where(*wish)),
        )
    )  # fmt: skip


def asks_which_dose(ticket: Ticket) -> bool:
    """Whether who answers says which dose is meant, because the citizen did not."""
    if ticket.kind not in rules.ABOUT_A_GIVEN_DOSE or ticket.ended_at or ticket.person_id is None:
        return False
    chosen = TicketEvent.ticket == ticket.id, TicketEvent.act == "dose"
    return ticket.dose_id is None or TicketEvent.select().where(*chosen).exists()


def opened_by(ticket: Ticket) -> list[Any]:
    """Which units opened the record that a ticket is about until it was settled, who opened it
    last first: rows of unit (None: nobody signed in), times, last."""
    times, last = fn.COUNT(AuditEntry.id), fn.MAX(AuditEntry.at)
    query = (
        AuditEntry.select(Unit.name.alias("unit"), times.alias("times"), last.alias("last"))
        .join(Unit, JOIN.LEFT_OUTER, on=(Unit.id == AuditEntry.chain))
        .where(AuditEntry.person_id == ticket.person_id, AuditEntry.at <= ticket.ended_at)
        .group_by(AuditEntry.chain, Unit.name)
    )
    return list(query.order_by(fn.MAX(AuditEntry.id).desc()).limit(MOST_UNITS).namedtuples())


def carer(person_id: int) -> Unit | None:
    """The unit that had a person in its care last."""
    query = Unit.select().join(Care).where(Care.person == person_id)
    return query.order_by(Care.since.desc(), Care.id.desc()).first()
