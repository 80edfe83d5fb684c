"""Signing in and out, at which unit, and one's own password."""

from datetime import timedelta, timezone
from typing import NamedTuple

from flask import g, session
from peewee import ModelSelect

from app import audit, clock
from app.accounts import roles, rules
from app.accounts.actions.passwords import common, hash_password, verify
from app.accounts.models import Membership, User
from app.db import db, run
from app.i18n import SOURCE, language
from app.words import Refused

WORKING_DAY_HOURS = 12


class SignedIn(NamedTuple):
    """The person who works here now, at one unit."""

    id: int
    epoch: int
    name: str
    must_change: bool
    unit_id: int
    unit_path: str
    unit_name: str
    roles: tuple[str, ...]
    verbs: frozenset[str]

    @property
    def is_authenticated(self) -> bool:
        """Flask-Login asks it."""
        return True

    def get_id(self) -> str:
        """What the signed cookie keeps: the id and the epoch, so that a new password ends it."""
        return f"{self.id}.{self.epoch}"

    def can(self, verb: str) -> bool:
        """Whether one of the roles at this unit gives the right."""
        return verb in self.verbs


def signed_in(row: Membership) -> SignedIn:
    """The membership (with its user and unit) as the person who works there."""
    user, names = row.user, tuple(row.roles.split())
    return SignedIn(
        user.id, user.epoch, user.name, user.must_change,
        row.unit.id, row.unit.path, row.unit.name, names, roles.verbs(names),
    )  # fmt: skip


def places(user_id: int) -> "ModelSelect[Membership]":
    """The memberships of a person, with user and unit, at units that are open today."""
    return Membership.of(user_id, clock.today())


def load(key: str) -> SignedIn | None:
    """The person behind a sign-in, or None when it no longer holds (Flask-Login's loader)."""
    user_id, _, epoch = key.partition(".")
    if not (user_id.isdecimal() and epoch.isdecimal()) or session.get("until", 0) < _seconds():
        return None
    row = run(
        PRESENT, int(user_id), int(epoch), session.get("unit", 0), str(clock.today())
    ).fetchone()
    if row is None:
        return None
    names = tuple(row[-1].split())
    return SignedIn._make((*row[:-1], names, roles.verbs(names)))


# Asked at each request, so it is written in SQL; the same question as places().
PRESENT = """select a.id, a.epoch, a.name, a.must_change, u.id, u.path, u.name, m.roles
from account a join membership m on m.user_id = a.id join unit u on u.id = m.unit_id
where a.id = ? and a.epoch = ? and a.active and u.id = ?
and (u.valid_to is null or u.valid_to >= ?)"""


def _seconds() -> int:
    return int(clock.now().replace(tzinfo=timezone.utc).timestamp())


def sign_in(username: str, password: str) -> SignedIn:
    """Begin a working day at the unit of the last one. Raises Refused; what was wrong, name or
    password, is not told."""
    user = verify(username, password)
    if user is None:
        raise Refused(("", "sign_in_wrong"))
    if unseen(user):
        raise Refused(("", "sign_in_unseen"))
    mine = list(places(user.id))
    if not mine:
        raise Refused(("", "sign_in_no_place"))
    return _enter(min(mine, key=lambda row: _distance(row, user)))


def _distance(place: Membership, user: User) -> tuple[bool, bool]:
    """The unit of the last day comes first, then the one that keeps the account."""
    return place.unit_id != user.last_unit_id, place.unit_id != user.unit_id


def unseen(user: User) -> bool:
    """Whether the account sleeps because nobody has used it for 90 days."""
    return rules.unseen((user.created_at, user.opened_at, user.last_seen_at), clock.now())


def _enter(place: Membership) -> SignedIn:
    g.user = signed_in(place)
    with db.atomic():
        User.update(last_seen_at=clock.now(), last_unit=place.unit).where(
            User.id == g.user.id
        ).execute()
        audit.record("sign_in", "account", g.user.id)
    kept = {"lang": language()} if language() != SOURCE else {}
    # Whatever a stranger put into this browser before is gone, the CSRF token too.
    session.clear()
    # The end is kept besides the cookie's own age, which begins anew whenever it is written.
    until = _seconds() + int(timedelta(hours=WORKING_DAY_HOURS).total_seconds())
    session.update(kept, _user_id=g.user.get_id(), unit=place.unit_id, until=until)
    session.permanent = True
    return g.user


def sign_out() -> None:
    """End this sign-in; those in other browsers go on."""
    audit.record("sign_out", "account", g.user.id)
    session.clear()


def work_at(unit_id: int) -> bool:
    """Go on working at another of one's own units; False when it is none."""
    row = next((row for row in places(g.user.id) if row.unit_id == unit_id), None)
    if row is None:
        return False
    with db.atomic():
        User.update(last_unit=row.unit).where(User.id == g.user.id).execute()
        audit.record("change", "place", row.unit_id)
    session["unit"] = row.unit_id
    return True


def change_password(old: str, new: str) -> None:
    """Give oneself another password; all other sign-ins of the account end. Raises Refused."""
    account = User.get_by_id(g.user.id)
    if verify(account.username, old) is None:
        raise Refused(("old", "password_wrong"))
    problems = rules.password_problems(new, account.username, common())
    if rules.same_password(new) == rules.same_password(old):
        problems = ["password_same"]
    if problems:
        raise Refused(*(("new", code) for code in problems))
    with db.atomic():
        User.update(password=hash_password(new), must_change=False, epoch=User.epoch + 1).where(
            User.id == account.id
        ).execute()
        audit.record("change", "password", account.id)
    g.user = g.user._replace(epoch=User.get_by_id(account.id).epoch, must_change=False)
    session["_user_id"] = g.user.get_id()


def confirmer(username: str, password: str, beside: SignedIn) -> int | None:
    """The id of a second person who may confirm a dose where `beside` works, None when name,
    password or right is missing. Raises Refused while the name has to wait.

    Call it outside a transaction: a wrong try must stay counted.
    """
    user = verify(username, password)
    if user is None or user.must_change or unseen(user):
        return None
    here = (row for row in places(user.id) if beside.unit_path.startswith(row.unit.path))
    may = any("dose.confirm" in roles.verbs(row.roles.split()) for row in here)
    return int(user.id) if may else None
