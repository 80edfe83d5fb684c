"""The slip (giấy xác nhận): its code, and what its PIN is made from."""

from peewee import DateTimeField, ForeignKeyField, IntegerField, ModelSelect, TextField

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import Person
from app.units.models import Unit
from app.visits.models import Visit


class Slip(BaseModel):
    """`code` is random and printed on the paper; the PIN is derived from `nonce` (see rules.pin),
    so it can be printed again and is stored nowhere."""

    visit = ForeignKeyField(Visit, unique=True)
    person = ForeignKeyField(Person, backref="slips")
    unit = ForeignKeyField(Unit)
    code = TextField(unique=True)
    nonce = TextField()
    issued_at = DateTimeField()
    issued_by = ForeignKeyField(User)
    prints = IntegerField(default=0)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Slip]":
        """The slips of the sites at or below `path`."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))
