"""The first two steps of QĐ 5772/QĐ-BYT: what a site confirmed, and what its head signed."""

from peewee import (
    BooleanField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import OfPerson, Person
from app.units.models import Unit
from app.visits.models import Dose


class LatinName(OfPerson, BaseModel):
    """How the name of an identity version is split and written in a passport, where the rules
    cannot tell or somebody decided otherwise. `surname`, `given`: in the letters of the card;
    `surname_latin`, `given_latin`: in those of ICAO 9303 ("NGUYEN", "VAN<AN")."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    identity_seq = IntegerField()
    surname = TextField()
    given = TextField()
    surname_latin = TextField()
    given_latin = TextField()
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()

    class Meta:
        table_name = "latin_name"
        indexes = ((("person", "identity_seq"), True),)


class SignedDay(BaseModel):
    """Step 2: the head of a site signed doses of a day, by name, after typing the password again.
    A day is signed several times when doses are added or corrected. `digest`: SHA-256 over the
    lines that were signed."""

    unit = ForeignKeyField(Unit, index=False)
    day = DateField()
    doses = IntegerField()
    digest = TextField()
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()

    class Meta:
        table_name = "signed_day"
        indexes = ((("unit", "day"), False),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[SignedDay]":
        """The signings of the sites at or below `path`."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))


class Confirmation(BaseModel):
    """Step 1: `unit` looked at a dose and its person, and both are right. It counts for this
    version of the dose and this version of the identity only: whatever changes later has to be
    confirmed and signed anew. `unit`: the site of the dose, or the one that entered it when it
    was given elsewhere; `day`: the local day of the dose. `waits`: signed, and no certificate was
    issued with it yet; what is revoked because of a change waits again, by hand it does not."""

    dose = ForeignKeyField(Dose, index=False)
    dose_version = IntegerField()
    person = ForeignKeyField(Person)
    identity_seq = IntegerField()
    unit = ForeignKeyField(Unit, index=False)
    day = DateField()
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()
    signed = ForeignKeyField(SignedDay, null=True)
    waits = BooleanField(default=False)

    class Meta:
        indexes = (
            (("dose", "dose_version", "identity_seq"), True),
            (("unit", "day"), False),
        )

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Confirmation]":
        """What the sites at or below `path` confirmed."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))


Confirmation.add_index(
    Confirmation.index(Confirmation.person, where=Confirmation.waits, name="confirmation_waits")
)
