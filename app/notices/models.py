"""Messages to people: what waits, what left, and what became of it."""

from datetime import date
from typing import Any

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    DateTimeField,
    ForeignKeyField,
    JSONField,
    ModelSelect,
    SmallIntegerField,
    TextField,
    fn,
)

from app import clock
from app.db import BaseModel
from app.notices import rules
from app.people.models import Person
from app.registrations.models import Registration
from app.sessions.models import Appointment
from app.units.models import Unit

LOST = ("failed", "given_up")


class Notice(BaseModel):
    """One message for one event of the outbox, or for several of one press (`event` is the first of
    them): never two, for `event` and `kind` are unique. The
    text is made from `kind`, `lang` and the ids in `about` when it leaves. `person`: None where the
    person of a wish is not in the register yet, or where it speaks of several.

    `state`: one of rules.STATES. A worker that claims a message moves `next_try_at` to the end of
    its lease; were it killed, another one claims it then. `attempts` counts claims, `refusals`
    the answers that surely were no (they lead to the second gateway). `reference` is what a
    gateway knows a message again by, so that a repeat does not leave twice.
    """

    id = BigAutoField()
    event = BigIntegerField()
    kind = TextField()
    person = ForeignKeyField(Person, null=True, on_delete="CASCADE")
    unit = ForeignKeyField(Unit, index=False)
    phone = TextField()
    lang = TextField()
    about = JSONField()
    state = TextField(default="waiting")
    attempts = SmallIntegerField(default=0)
    refusals = SmallIntegerField(default=0)
    next_try_at = DateTimeField()
    gateway = TextField(default="")
    reference = TextField(unique=True)
    gateway_id = TextField(default="")
    last_error = TextField(default="")
    created_at = DateTimeField()
    sent_at = DateTimeField(null=True)
    delivered_at = DateTimeField(null=True)

    class Meta:
        indexes = (
            (("event", "kind"), True), (("unit", "created_at"), False), (("phone", "id"), False),
            (("created_at", "state"), False),
        )  # fmt: skip

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Notice]":
        """The messages about what happened at the units at or below `path`."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))

    @classmethod
    def by_state(cls, day: date) -> dict[str, int]:
        """How many messages were made on a day of Viet Nam, by state."""
        start, end = clock.day_bounds(day)
        made = cls.created_at >= start, cls.created_at < end
        query: Any = cls.select(cls.state, fn.COUNT(cls.id)).where(*made).group_by(cls.state)
        return dict(query.tuples())

    @classmethod
    def lost(cls, since: date) -> "ModelSelect[Notice]":
        """The messages of a day and later that did not arrive, the newest first."""
        start, _end = clock.day_bounds(since)
        query = cls.select().where(cls.created_at >= start, cls.state.in_(LOST))
        return query.order_by(cls.created_at.desc(), cls.id.desc())

    @classmethod
    def about_person(cls, person: Person) -> "list[Notice]":
        """The messages about somebody, the first one first: also those that speak of several, and
        those about a wish from before the person was in the register."""
        wishes = list(Registration.select().where(Registration.person == person.id))
        phones = {person.phone, *(one.phone for one in wishes), *(one.by_phone for one in wishes)}
        shared = cls.person.is_null() & cls.phone.in_([one for one in phones if one])
        rows = cls.select().where((cls.person == person.id) | shared).order_by(cls.id)
        called = Appointment.select(Appointment.id).where(Appointment.person == person.id)
        mine, wished = {one.id for one in called}, {one.id for one in wishes}
        return [
            row for row in rows
            if row.person_id or mine & set(row.about.get("appointments", ()))
            or row.about.get("registration") in wished
        ]  # fmt: skip

    @classmethod
    def doses_told(cls, phone: str) -> list[int]:
        """The doses that a telephone was told of, the first one first; also where nobody knows
        whether the message arrived."""
        mine = cls.phone == phone, cls.kind == "dose_recorded", cls.attempts > 0
        return [row.about["dose"] for row in cls.select(cls.about).where(*mine).order_by(cls.id)]


Notice.add_index(
    Notice.index(Notice.next_try_at, where=Notice.state == "waiting", name="notice_waiting")
)
Notice.add_index(
    Notice.index(
        Notice.next_try_at,
        where=SQL(f"state = 'waiting' and kind = '{rules.URGENT}'"),
        name="notice_urgent",
    )
)
