"""Sessions of a site, the lots that are used there, and the people who are expected."""

from datetime import date
from typing import Any

from peewee import (
    Check,
    DateField,
    DateTimeField,
    Expression,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
    Tuple,
    fn,
)  # fmt: skip

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import Person
from app.stock.models import Holding, Lot
from app.units.models import Unit


class VaccinationSession(BaseModel):
    """A site on a day (half_day: "morning", "afternoon" or "day").

    `round` is the campaign round (đợt tiêm) that it belongs to, as the daily report names it;
    `last_queue_no` counts the people received, `last_listed` those who were put on the list;
    `default_lot` is offered first where a dose is recorded. `closed_at`: when it was found that
    every visit has an end and every dose of every lot is accounted for.
    """

    unit = ForeignKeyField(Unit)
    held_on = DateField(index=True)
    half_day = TextField()
    note = TextField(default="")
    round = TextField(default="")
    tables = IntegerField(default=1, constraints=[Check("tables between 1 and 99")])
    capacity = IntegerField(default=100, constraints=[Check("capacity > 0")])
    default_lot = ForeignKeyField(Holding, null=True)
    last_queue_no = IntegerField(default=0)
    last_listed = IntegerField(default=0)
    created_by = ForeignKeyField(User, backref="planned")
    created_at = DateTimeField()
    closed_at = DateTimeField(null=True)
    closed_by = ForeignKeyField(User, null=True, backref="closed", index=False)

    class Meta:
        table_name = "vaccination_session"

    @classmethod
    def within(cls, path: str) -> "ModelSelect[VaccinationSession]":
        """The sessions of the sites at or below `path`, with their unit."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))

    @classmethod
    def listed(
        cls, path: str, when: str, today: date, after: int | None = None
    ) -> "ModelSelect[VaccinationSession]":
        """The sessions of "today", those that are "coming", or those that are "past" (the latest
        first), with their unit and `people`: how many are expected. after: the id of the last one
        of the page before."""
        people = Expected.select(fn.COUNT(Expected.id)).where(Expected.session == cls.id)
        query = cls.select(cls, Unit, people.alias("people")).join(Unit).where(Unit.below(path))
        past = when == "past"
        side = cls.held_on == today if when == "today" else (
            cls.held_on < today if past else cls.held_on > today
        )  # fmt: skip
        query = query.where(side)
        if after:
            last = cls.alias()
            place = last.select(last.held_on, last.id).where(last.id == after)
            here = Tuple(cls.held_on, cls.id)
            query = query.where(Expression(here, "<" if past else ">", place))
        if past:
            return query.order_by(cls.held_on.desc(), cls.id.desc())
        return query.order_by(cls.held_on, cls.id)

    def planned_lots(self) -> "ModelSelect[Holding]":
        """The lots that are planned for it, with lot and the unit that holds them."""
        mine = SessionLot.select(SessionLot.holding).where(SessionLot.session == self.id)
        return Holding.within("/").where(Holding.id.in_(mine)).order_by(Lot.expires_on, Holding.id)


# What was left open is looked for on every first page.
VaccinationSession.add_index(
    VaccinationSession.index(
        VaccinationSession.held_on,
        VaccinationSession.unit,
        where=VaccinationSession.closed_at.is_null(),
        name="session_open",
    )
)


class SessionLot(BaseModel):
    """A lot that is planned for a session. What the people at the tables counted with their own
    eyes: `taken`, the doses brought out of the store, and `returned`, those brought back."""

    session = ForeignKeyField(VaccinationSession, backref="lots", on_delete="CASCADE")
    holding = ForeignKeyField(Holding)
    taken = IntegerField(default=0, constraints=[Check("taken >= 0")])
    returned = IntegerField(default=0, constraints=[Check("returned >= 0")])

    class Meta:
        table_name = "session_lot"
        indexes = ((("session", "holding"), True),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[SessionLot]":
        """The lots planned for sessions of the sites at or below `path`."""
        return cls.select(cls).join(VaccinationSession).join(Unit).where(Unit.below(path))


class Expected(BaseModel):
    """A person on the list of a session. `source`: "hand" or "file". Nobody else of the session
    ever gets the same `number`, also when the row is removed: lists are printed."""

    session = ForeignKeyField(VaccinationSession, backref="expected", on_delete="CASCADE")
    person = ForeignKeyField(Person)
    number = IntegerField()
    source = TextField(default="hand")
    note = TextField(default="")
    added_by = ForeignKeyField(User)
    added_at = DateTimeField()

    class Meta:
        indexes = ((("session", "person"), True), (("session", "number"), True))

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Expected]":
        """Who is expected at the sites at or below `path`."""
        return cls.select(cls).join(VaccinationSession).join(Unit).where(Unit.below(path))

    @classmethod
    def listed(cls, session_id: int, after: int = 0, who: Any = None) -> "ModelSelect[Expected]":
        """The list of a session in the order of its numbers, with the people. after: the last
        number of the page before; who: only these, as a query of people."""
        query = cls.select(cls, Person).join(Person).where(cls.session == session_id)
        if who is not None:
            query = query.where(Person.id.in_(who))
        return query.where(cls.number > after).order_by(cls.number)
