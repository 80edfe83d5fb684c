"""Messages to people: what waits, what left, and what became of it."""

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
)

from app.db import BaseModel
from app.notices import rules
from app.people.models import Person
from app.units.models import Unit


class Notice(BaseModel):
    """One message for one event of the outbox: never two, for `event` and `kind` are unique. The
    text is made from `kind`, `lang` and the ids in `about` when it leaves. `person`: None where the
    person of a wish is not in the register yet.

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
        )  # fmt: skip

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Notice]":
        """The messages about what happened at the units at or below `path`."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))

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
