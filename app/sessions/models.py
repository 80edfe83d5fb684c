"""Sessions of a site, the lots that are used there, and the people who are expected."""

from peewee import (
    Check, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, TextField,
)  # fmt: skip

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import Person
from app.stock.models import Holding
from app.units.models import Unit


class VaccinationSession(BaseModel):
    """A site on a day (half_day: "morning", "afternoon" or "day")."""

    unit = ForeignKeyField(Unit)
    held_on = DateField(index=True)
    half_day = TextField()
    note = TextField(default="")
    tables = IntegerField(default=1, constraints=[Check("tables between 1 and 99")])
    capacity = IntegerField(default=100, constraints=[Check("capacity > 0")])
    last_queue_no = IntegerField(default=0)
    created_by = ForeignKeyField(User)
    created_at = DateTimeField()

    class Meta:
        table_name = "vaccination_session"

    @classmethod
    def within(cls, path: str) -> ModelSelect:
        """The sessions of the sites at or below `path`, with their unit."""
        return cls.select(cls, Unit).join(Unit).where(Unit.path.startswith(path))


class SessionLot(BaseModel):
    """A lot that is planned for a session."""

    session = ForeignKeyField(VaccinationSession, backref="lots", on_delete="CASCADE")
    holding = ForeignKeyField(Holding)

    class Meta:
        table_name = "session_lot"
        indexes = ((("session", "holding"), True),)


class Expected(BaseModel):
    """A person on the list of a session. `source`: "hand" or "file"."""

    session = ForeignKeyField(VaccinationSession, backref="expected", on_delete="CASCADE")
    person = ForeignKeyField(Person)
    number = IntegerField()
    source = TextField(default="hand")
    note = TextField(default="")
    added_by = ForeignKeyField(User)
    added_at = DateTimeField()

    class Meta:
        indexes = ((("session", "person"), True), (("session", "number"), False))
