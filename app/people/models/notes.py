"""Notes on people: alerts for the next screening, and who is not who."""

from peewee import (
    BooleanField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from app.accounts.models import User
from app.db import BaseModel
from app.people.models.person import OfPerson, Person, cared_for


class Alert(OfPerson, BaseModel):
    """What the next screening must see: a contraindication or reaction met before.

    `kind`: "contraindication" or "reaction"; `product`: the vaccine concerned, null for all;
    `visit_id`: the visit at which it was met.
    """

    person = ForeignKeyField(Person, backref="alerts", on_delete="CASCADE")
    kind = TextField()
    product = TextField(null=True)
    text = TextField()
    serious = BooleanField(default=False)
    at = DateTimeField()
    visit_id = IntegerField(null=True)


class KeptApart(BaseModel):
    """Two people who look alike and are different on purpose (twins, namesakes). low < high."""

    low = ForeignKeyField(Person, on_delete="CASCADE")
    high = ForeignKeyField(Person, on_delete="CASCADE", index=True)
    reason = TextField()
    by = ForeignKeyField(User)
    at = DateTimeField()

    class Meta:
        table_name = "kept_apart"
        indexes = ((("low", "high"), True),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[KeptApart]":
        """The pairs of which one person at least is in care at or below `path`."""
        return cls.select().where(cared_for(cls.low, path) | cared_for(cls.high, path))

    @classmethod
    def of(cls, person_id: int | None) -> dict[int, str]:
        """The ids of those who are kept apart from this person, with the reasons."""
        if person_id is None:
            return {}
        query = cls.select().where((cls.low == person_id) | (cls.high == person_id))
        return {row.low_id + row.high_id - person_id: row.reason for row in query}
