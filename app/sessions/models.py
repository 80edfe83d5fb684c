"""Sessions of a site, the lots that are used there, and the people who are expected."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from peewee import (
    JOIN,
    SQL,
    Check,
    DateField,
    DateTimeField,
    Expression,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
    TimeField,
    Tuple,
    fn,
)  # fmt: skip

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import Person
from app.registrations.models import Registration
from app.sessions import rules
from app.stock.models import Holding, Lot
from app.units.models import Unit


class VaccinationSession(BaseModel):
    """A site on a day (half_day: "morning", "afternoon" or "day").

    `round` is the campaign round (đợt tiêm) that it belongs to, as the daily report names it;
    `last_queue_no` counts the people received, `last_listed` those who were put on the list;
    `default_lot` is offered first where a dose is recorded. `closed_at`: when it was found that
    every visit has an end and every dose of every lot is accounted for; or when it was called off,
    for `off_reason` (one of rules.OFF, "" for one that took place or still will).
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
    # As a column that comes to a table with rows.
    off_reason = TextField(
        default="",
        constraints=[
            SQL("default ''"),
            Check(f"off_reason in {('', *rules.OFF)}"),
            Check("off_reason = '' or closed_at is not null"),
        ],
    )
    off_note = TextField(
        default="",
        constraints=[SQL("default ''"), Check("off_note = '' or off_reason <> ''")],
    )

    class Meta:
        table_name = "vaccination_session"

    def shut(self, today: date) -> str:
        """Why nobody is put on its list any more: a reason code, "" while that may be done."""
        if self.off_reason:
            return "session_off"
        return "session_over" if self.closed_at or self.held_on < today else ""

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
    """A person on the list of a session. `source`: "hand", "file", "wish" or "due". Nobody else of
    the session ever gets the same `number`, also when the row is removed: lists are printed."""

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
    def coming(cls, person_id: int, today: date) -> "ModelSelect[Expected]":
        """Where a person is expected today or later."""
        query = cls.select(cls).join(VaccinationSession)
        ahead = VaccinationSession.held_on >= today, VaccinationSession.closed_at.is_null()
        return query.where(cls.person == person_id, *ahead)

    @classmethod
    def listed(cls, session_id: int, after: int = 0, who: Any = None) -> "ModelSelect[Expected]":
        """The list of a session in the order of its numbers, with the people. after: the last
        number of the page before; who: only these, as a query of people."""
        query = cls.select(cls, Person).join(Person).where(cls.session == session_id)
        if who is not None:
            query = query.where(Person.id.in_(who))
        return query.where(cls.number > after).order_by(cls.number)


class Appointment(BaseModel):
    """Somebody who was called to a session at an hour (on the wall), by a wish or because a dose is
    due. `ended`: "" while it stands, then "came", "absent" or "removed"; a wish has one that
    stands. `reminded_for`: the day of which the person was told the day before, or in the
    invitation itself."""

    registration = ForeignKeyField(Registration, null=True, backref="appointments")
    session = ForeignKeyField(VaccinationSession, index=False, on_delete="CASCADE")
    person = ForeignKeyField(Person, index=False)
    hour = TimeField()
    ended = TextField(default="")
    reminded_for = DateField(null=True)

    class Meta:
        indexes = ((("session", "person"), False),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Appointment]":
        """Who was called to the sites at or below `path`."""
        return cls.select(cls).join(VaccinationSession).join(Unit).where(Unit.below(path))

    @classmethod
    def standing(cls, session_id: int) -> "ModelSelect[Appointment]":
        """Those of a session that stand, in the order in which they were made."""
        mine = cls.session == session_id, cls.ended == ""
        return cls.select().where(*mine).order_by(cls.id)

    @classmethod
    def because_due(cls, person_ids: Iterable[int]) -> "ModelSelect[Appointment]":
        """Those of these people that stand without a wish, with session and `called_at`: when the
        person was put on its list."""
        mine = cls.person.in_(list(person_ids)), cls.registration.is_null(), cls.ended == ""
        listed = (Expected.session == cls.session) & (Expected.person == cls.person)
        return (
            cls.select(cls, VaccinationSession, Expected.added_at.alias("called_at"))
            .join(VaccinationSession)
            .join_from(cls, Expected, JOIN.LEFT_OUTER, on=listed, attr="listed")
            .where(*mine)
            .order_by(cls.id)
            .objects()
        )

    @classmethod
    def hours(cls, session_id: int, person_ids: Iterable[int]) -> dict[int, time]:
        """Person → the hour for which they were called to a session."""
        rows = cls.select().where(
            cls.session == session_id, cls.person.in_(list(person_ids)), cls.ended != "removed"
        )
        return {row.person_id: row.hour for row in rows.order_by(cls.id)}

    @classmethod
    def of(cls, registration_id: int) -> "Appointment | None":
        """The one that stands of a wish, with session and site."""
        query = cls.select(cls, VaccinationSession, Unit).join(VaccinationSession).join(Unit)
        return query.where(cls.registration == registration_id, cls.ended == "").first()


# Of each dose it is asked whether the person was called for it.
Appointment.add_index(
    Appointment.index(
        Appointment.person,
        where=Appointment.registration.is_null() & (Appointment.ended == ""),
        name="appointment_due",
    )
)
Appointment.add_index(
    Appointment.index(
        Appointment.registration, unique=True, where=Appointment.ended == "",
        name="appointment_standing",
    )
)  # fmt: skip


def missed(registration_ids: Iterable[int]) -> dict[int, date]:
    """Wish → the last day for which it was called in vain."""
    rows: Any = Appointment.select(Appointment, VaccinationSession).join(VaccinationSession)
    mine = Appointment.registration.in_(list(registration_ids))
    rows = rows.where(mine, Appointment.ended == "absent")
    return {
        row.registration_id: row.session.held_on
        for row in rows.order_by(VaccinationSession.held_on)
    }


def waiting(site_ids: Any, after: int | None = None) -> "ModelSelect[Registration]":
    """The wishes that these sites were given, in the order in which they are called: the higher
    group first, and in it who sent first. after: the last one of the page before."""
    place = (Registration.rank, Registration.sent_at, Registration.id)
    query = Registration.select().where(
        Registration.site.in_(list(site_ids)), Registration.state == "allocated"
    )
    if after:
        last = Registration.alias()
        mark = last.select(last.rank, last.sent_at, last.id).where(last.id == after)
        query = query.where(Expression(Tuple(*place), ">", mark))
    return query.order_by(*place)


def first_waiting(site_ids: Iterable[int], after: int | None, most: int) -> list[Registration]:
    """The first so many of them. Each site is asked for its own: in an index they stand in this
    order, while all that wait at several sites would have to be read and sorted."""
    rows = [row for one in site_ids for row in waiting([one], after).limit(most)]
    return sorted(rows, key=lambda row: (row.rank, row.sent_at, row.id))[:most]
