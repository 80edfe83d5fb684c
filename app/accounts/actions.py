"""Signing in and out, passwords, accounts and roles."""

from typing import NamedTuple

from flask import session

from app.accounts import roles
from app.accounts.models import Membership, User
from app.units.models import Unit

WORKING_DAY_HOURS = 12


class SignedIn(NamedTuple):
    """The person who works here now, at one unit. Satisfies what Flask-Login asks of a user."""

    id: int
    epoch: int
    name: str
    must_change: bool
    unit_id: int
    unit_path: str
    unit_name: str
    roles: tuple[str, ...]
    verbs: frozenset[str]

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the signed cookie keeps: the id and the epoch, so that a new password ends it."""
        return f"{self.id}.{self.epoch}"

    def can(self, verb: str) -> bool:
        """Whether one of the roles at this unit gives the right."""
        return verb in self.verbs


def load(key: str) -> SignedIn | None:
    """The person behind a sign-in, or None when it no longer holds (Flask-Login's loader)."""
    user_id, _, epoch = key.partition(".")
    if not (user_id.isdecimal() and epoch.isdecimal()):
        return None
    row = (
        Membership.select(Membership, User, Unit)
        .join(User)
        .switch(Membership)
        .join(Unit)
        .where(
            User.id == int(user_id),
            User.epoch == int(epoch),
            User.active,
            Membership.unit == session.get("unit", 0),
        )
        .get_or_none()
    )
    return signed_in(row) if row else None


def signed_in(row: Membership) -> SignedIn:
    """The membership (with its user and unit) as the person who works there."""
    user, names = row.user, tuple(row.roles.split())
    return SignedIn(
        user.id, user.epoch, user.name, user.must_change,
        row.unit.id, row.unit.path, row.unit.name, names, roles.verbs(list(names)),
    )  # fmt: skip
