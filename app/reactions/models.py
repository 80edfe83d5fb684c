"""Reactions that were seen after a dose."""

from peewee import BooleanField, DateTimeField, ForeignKeyField, JSONField, ModelSelect, TextField

from app.accounts.models import User
from app.db import BaseModel
from app.units.models import Unit
from app.visits.models import Dose, Visit


class Reaction(BaseModel):
    """`signs`: codes of rules.SIGNS; `serious`: tai biến nặng."""

    visit = ForeignKeyField(Visit, backref="reactions")
    dose = ForeignKeyField(Dose, backref="reactions")
    unit = ForeignKeyField(Unit)
    signs = JSONField()
    serious = BooleanField(default=False, index=True)
    note = TextField(default="")
    noted_at = DateTimeField()
    noted_by = ForeignKeyField(User)

    @classmethod
    def of(cls, visit_id: int) -> "ModelSelect[Reaction]":
        """The reactions of a visit, oldest first."""
        return cls.select().where(cls.visit == visit_id).order_by(cls.noted_at, cls.id)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Reaction]":
        """The reactions seen at the sites at or below `path`."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))
