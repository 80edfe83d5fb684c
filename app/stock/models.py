"""Lots, what a site holds of them, and the ledger of movements behind it."""

from datetime import date

from peewee import (
    Check, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, TextField,
)  # fmt: skip

from app.accounts.models import User
from app.db import BaseModel
from app.units.models import Unit


class Lot(BaseModel):
    """A batch of a product, the same at all sites. A suspension stops it everywhere."""

    product = TextField()
    number = TextField()
    expires_on = DateField()
    suspended_at = DateTimeField(null=True)
    suspended_why = TextField(default="")

    class Meta:
        indexes = ((("product", "number"), True),)


class Holding(BaseModel):
    """Doses of a lot at a site: the sum of its movements, never below zero."""

    lot = ForeignKeyField(Lot)
    unit = ForeignKeyField(Unit)
    balance = IntegerField(default=0, constraints=[Check("balance >= 0")])

    class Meta:
        indexes = ((("lot", "unit"), True),)

    @classmethod
    def within(cls, path: str) -> ModelSelect:
        """What the sites at or below `path` hold, with lot and unit."""
        return (
            cls.select(cls, Lot, Unit)
            .join(Lot)
            .switch(cls)
            .join(Unit)
            .where(Unit.path.startswith(path))
        )

    @classmethod
    def usable(cls, on: date) -> ModelSelect:
        """What may be injected on a day: not expired, not suspended, some left. The caller says
        where."""
        return (
            cls.select(cls, Lot)
            .join(Lot)
            .where(
                cls.balance > 0,
                Lot.expires_on >= on,
                Lot.suspended_at.is_null(),
            )
            .order_by(Lot.expires_on, cls.id)
        )


class Movement(BaseModel):
    """A line of the ledger. `doses` is positive for what comes in, negative for what goes out;
    `kind` is one of rules.KINDS; `source_id` is the dose behind a line of kind "dose"."""

    holding = ForeignKeyField(Holding, backref="movements")
    kind = TextField()
    doses = IntegerField(constraints=[Check("doses <> 0")])
    source_id = IntegerField(null=True)
    note = TextField(default="")
    by = ForeignKeyField(User)
    at = DateTimeField()
