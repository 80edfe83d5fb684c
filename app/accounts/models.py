"""Accounts, the roles they have at units, and tries at signing in."""

from peewee import BooleanField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, TextField

from app.db import BaseModel
from app.units.models import Unit


class User(BaseModel):
    """One person's account. `epoch` grows when the password changes: older sign-ins end."""

    username = TextField(unique=True)
    name = TextField()
    password = TextField()
    must_change = BooleanField(default=True)
    epoch = IntegerField(default=1)
    active = BooleanField(default=True)
    unit = ForeignKeyField(Unit)
    created_at = DateTimeField()
    last_seen_at = DateTimeField(null=True)

    class Meta:
        table_name = "account"  # "user" is a reserved word in PostgreSQL

    @classmethod
    def within(cls, path: str) -> ModelSelect:
        """The accounts that are kept at or below `path`."""
        return cls.select().join(Unit).where(Unit.path.startswith(path))


class Membership(BaseModel):
    """The roles (names of roles.ROLES, parted by spaces) that a person has at a unit."""

    user = ForeignKeyField(User, backref="memberships", on_delete="CASCADE")
    unit = ForeignKeyField(Unit)
    roles = TextField()

    class Meta:
        indexes = ((("user", "unit"), True),)


class SignInTry(BaseModel):
    """Wrong passwords in a row, by a digest of what was typed as the name."""

    name_digest = TextField(primary_key=True)
    wrong = IntegerField()
    last_at = DateTimeField()

    class Meta:
        table_name = "sign_in_try"
