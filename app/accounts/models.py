"""Accounts, the roles they have at units, and tries at signing in."""

from collections.abc import Iterable
from datetime import date

from peewee import (
    BooleanField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
    fn,
)

from app.db import BaseModel
from app.units.models import Unit


class User(BaseModel):
    """One person's account. `epoch` grows when the password changes: older sign-ins end.

    `unit` keeps the account: its heads manage it; `last_unit` is where the person worked last.
    `opened_at`: when a head opened the account again. `folded` is the name as it is looked for.
    """

    username = TextField(unique=True)
    name = TextField()
    folded = TextField(default="")
    password = TextField()
    must_change = BooleanField(default=True)
    epoch = IntegerField(default=1)
    active = BooleanField(default=True)
    unit = ForeignKeyField(Unit)
    last_unit = ForeignKeyField(Unit, null=True, backref="last_here")
    created_at = DateTimeField()
    opened_at = DateTimeField(null=True)
    last_seen_at = DateTimeField(null=True)

    class Meta:
        table_name = "account"  # "user" is a reserved word in PostgreSQL

    @classmethod
    def within(cls, path: str) -> "ModelSelect[User]":
        """The accounts that are kept at or below `path` or have roles there, with their unit."""
        here = Membership.within(path).where(Membership.user == cls.id)
        kept = Unit.below(path) | fn.EXISTS(here)
        return cls.select(cls, Unit).join(Unit, on=(cls.unit == Unit.id)).where(kept)


class Membership(BaseModel):
    """The roles (names of roles.ROLES, parted by spaces) that a person has at a unit."""

    user = ForeignKeyField(User, backref="memberships", on_delete="CASCADE")
    unit = ForeignKeyField(Unit)
    roles = TextField()

    class Meta:
        indexes = ((("user", "unit"), True),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Membership]":
        """The memberships at units at or below `path`, with unit."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))

    @classmethod
    def of(cls, user_id: int, on: date) -> "ModelSelect[Membership]":
        """Where a person works on a day, with user and unit; a closed unit is no place to work."""
        return (
            cls.select(cls, User, Unit)
            .join(User)
            .switch(cls)
            .join(Unit)
            .where(cls.user == user_id, Unit.valid_to.is_null() | (Unit.valid_to >= on))
            .order_by(cls.id)
        )

    @classmethod
    def among(cls, users: Iterable[User]) -> dict[int, list["Membership"]]:
        """User id → memberships with unit, of all these people in one query."""
        found: dict[int, list[Membership]] = {user.id: [] for user in users}
        for row in (
            cls.select(cls, Unit).join(Unit).where(cls.user.in_(list(found))).order_by(cls.id)
        ):
            found[row.user_id].append(row)
        return found


class SignInTry(BaseModel):
    """Wrong passwords in a row, by a digest of what was typed as the name; the next try is heard
    at `free_at`."""

    name_digest = TextField(primary_key=True)
    wrong = IntegerField(default=0)
    free_at = DateTimeField(index=True)

    class Meta:
        table_name = "sign_in_try"
