"""Persons with the versions of their identity, their documents, alerts and who cares for them."""

from peewee import (
    BooleanField, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect,
    SmallIntegerField, TextField, fn,
)  # fmt: skip

from app.accounts.models import User
from app.db import BaseModel
from app.units.models import Unit


class Person(BaseModel):
    """A person as known now; IdentityVersion keeps what was known before.

    `folded`, `sound` and `sort_key` are made from the name by people.rules. Birth dates are
    partial: month and day may be unknown and are then null. `version` grows with each change.
    """

    name = TextField()
    folded = TextField()
    sound = TextField()
    sort_key = TextField()
    sex = TextField()
    dob_year = SmallIntegerField(index=True)
    dob_month = SmallIntegerField(null=True)
    dob_day = SmallIntegerField(null=True)
    nationality = TextField(default="VN")
    phone = TextField(null=True, index=True)
    ethnicity = TextField(null=True)
    occupation = TextField(default="")
    workplace = TextField(default="")
    priority_group = TextField(null=True)
    area_scheme = TextField(null=True)
    area_code = TextField(null=True)
    address = TextField(default="")
    guardian_name = TextField(null=True)
    guardian_phone = TextField(null=True)
    guardian_relation = TextField(null=True)
    immunosuppressed = BooleanField(default=False)
    deceased_on = DateField(null=True)
    merged_into = ForeignKeyField("self", null=True)
    identity_state = TextField(default="unverified")
    identity_note = TextField(default="")
    version = IntegerField(default=1)
    created_at = DateTimeField()

    @classmethod
    def within(cls, path: str) -> ModelSelect:
        """The people whom a unit at or below `path` has in its care."""
        cared = Care.select(Care.id).join(Unit).where(Care.person == cls.id, Unit.path.startswith(path))
        return cls.select().where(fn.EXISTS(cared))


class IdentityVersion(BaseModel):
    """What was known of a person's identity from `at` on, who wrote it and why."""

    person = ForeignKeyField(Person, backref="identities", on_delete="CASCADE")
    seq = IntegerField()
    name = TextField()
    sex = TextField()
    dob_year = SmallIntegerField()
    dob_month = SmallIntegerField(null=True)
    dob_day = SmallIntegerField(null=True)
    reason = TextField(default="")
    by = ForeignKeyField(User, null=True)
    at = DateTimeField()

    class Meta:
        table_name = "identity_version"
        indexes = ((("person", "seq"), True),)


class Document(BaseModel):
    """A number that a person was or is known by. An active number belongs to one person."""

    person = ForeignKeyField(Person, backref="documents", on_delete="CASCADE")
    kind = TextField()
    number = TextField()
    country = TextField(default="VN")
    active = BooleanField(default=True)
    added_at = DateTimeField()
    ended_at = DateTimeField(null=True)
    ended_why = TextField(default="")


Document.add_index(
    Document.index(
        Document.kind, Document.country, Document.number,
        unique=True, where=Document.active, name="document_active",
    )
)  # fmt: skip
Document.add_index(Document.index(Document.number, name="document_number"))


class Care(BaseModel):
    """A unit has (had) this person in its care: registered or received here."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    unit = ForeignKeyField(Unit)
    since = DateTimeField()

    class Meta:
        indexes = ((("person", "unit"), True),)


class Alert(BaseModel):
    """What the next screening must see: a contraindication or reaction met before.

    `kind`: "contraindication" or "reaction"; `product`: the vaccine concerned, null for all.
    """

    person = ForeignKeyField(Person, backref="alerts", on_delete="CASCADE")
    kind = TextField()
    product = TextField(null=True)
    text = TextField()
    serious = BooleanField(default=False)
    at = DateTimeField()


class KeptApart(BaseModel):
    """Two people who look alike and are different on purpose (twins, namesakes). low < high."""

    low = ForeignKeyField(Person, on_delete="CASCADE")
    high = ForeignKeyField(Person, on_delete="CASCADE")
    reason = TextField()
    by = ForeignKeyField(User)
    at = DateTimeField()

    class Meta:
        table_name = "kept_apart"
        indexes = ((("low", "high"), True),)
