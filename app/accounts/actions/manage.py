"""What heads do for the people of their units: making, closing and opening accounts, roles."""

from collections.abc import Iterable

from peewee import IntegrityError

from app import audit, clock
from app.accounts import roles, rules
from app.accounts.actions.passwords import first_password, hash_password
from app.accounts.actions.sign_in import SignedIn
from app.accounts.models import Membership, User
from app.db import db, is_postgres
from app.i18n import _
from app.units.models import Unit
from app.words import Refused


def create(
    name: str, username: str, at: Unit, given: Iterable[str], form_key: str, by: SignedIn
) -> int:
    """Make an account with roles at a unit; returns its id. Its password is
    first_password(form_key). An empty `username` is made from the name. Raises Refused."""
    chosen = _may_give(at, given, by)
    with db.atomic():
        row = {
            "name": name, "folded": rules.plain(name), "unit": at, "created_at": clock.now(),
            "password": hash_password(first_password(form_key)),
        }  # fmt: skip
        user_id = _insert(row | {"username": username or _free_username(name)})
        Membership.create(user=user_id, unit=at, roles=chosen)
        audit.record("create", "account", user_id, unit=at.id, roles=chosen)
    return user_id


def _insert(row: dict[str, object]) -> int:
    try:
        with db.atomic():
            return int(User.insert(row).execute())
    except IntegrityError as taken:
        raise Refused(("username", "username_taken")) from taken


def _free_username(name: str) -> str:
    base = rules.suggest_username(name, ())
    like = User.select(User.username).where(User.username.startswith(base))
    return rules.suggest_username(name, [row.username for row in like])


def close(account: User, by: SignedIn) -> int:
    """Nobody signs in with this account any more, and whoever is in is out. Raises Refused."""
    return _change(account, by, "close", active=False, epoch=User.epoch + 1)


def reopen(account: User, by: SignedIn) -> int:
    """The account may be used again, with the password it had. Raises Refused."""
    return _change(account, by, "reopen", active=True, opened_at=clock.now())


def new_first_password(account: User, form_key: str, by: SignedIn) -> int:
    """Take the password away and give another one for one use: first_password(form_key); all
    sign-ins of the account end. Raises Refused."""
    kept = hash_password(first_password(form_key))
    return _change(
        account, by, "first_password", password=kept, must_change=True, epoch=User.epoch + 1,
        opened_at=clock.now(),
    )  # fmt: skip


def _change(account: User, by: SignedIn, act: str, **values: object) -> int:
    with db.atomic():
        _refuse_strangers(account, by)
        User.update(**values).where(User.id == account.id).execute()
        audit.record("change", "account", account.id, act=act)
    return int(account.id)


def give_roles(account: User, at: Unit, given: Iterable[str], by: SignedIn) -> int:
    """Have the account these roles at a unit and no others there. Raises Refused."""
    chosen = _may_give(at, given, by)
    with db.atomic():
        _may_touch(account, at, by)
        Membership.insert(user=account.id, unit=at.id, roles=chosen).on_conflict(
            conflict_target=[Membership.user, Membership.unit], preserve=[Membership.roles]
        ).execute()
        audit.record("change", "account", account.id, act="roles", unit=at.id, roles=chosen)
    return int(account.id)


def take_roles(account: User, at: Unit, by: SignedIn) -> int:
    """The account's person works at this unit no more. Raises Refused."""
    with db.atomic():
        _may_touch(account, at, by)
        here = Membership.delete().where(Membership.user == account.id, Membership.unit == at.id)
        here.execute()
        if not Membership.select().where(Membership.user == account.id).exists():
            raise Refused(("", "last_place"))
        audit.record("change", "account", account.id, act="no_roles", unit=at.id)
    return int(account.id)


def may_handle(account: User, places: Iterable[Membership], by: SignedIn) -> bool:
    """Whether `by` may close the account or take its password: it is not their own, and all it
    may do anywhere is theirs to give. Else a new password for somebody above would be a way up."""
    return account.id != by.id and all(
        place.unit.path.startswith(by.unit_path) and _gives_all(place, by) for place in places
    )


def _gives_all(place: Membership, by: SignedIn) -> bool:
    return set(place.roles.split()) <= roles.given_by(by.roles)


def _refuse_strangers(account: User, by: SignedIn) -> None:
    if account.id == by.id:
        raise Refused(("", "account_own"))
    if not may_handle(account, _locked_places(account), by):
        raise Refused(("", "account_above"))


def _may_touch(account: User, at: Unit, by: SignedIn) -> None:
    """The roles at one unit are its head's business, whatever the account may do elsewhere."""
    if account.id == by.id:
        raise Refused(("", "account_own"))
    here = [place for place in _locked_places(account) if place.unit_id == at.id]
    if not all(_gives_all(place, by) for place in here):
        raise Refused(("", "account_above"))


def _locked_places(account: User) -> list[Membership]:
    """The memberships, while nobody else can give the account more."""
    query = User.select().where(User.id == account.id)
    (query.for_update() if is_postgres() else query).get()
    return list(Membership.select(Membership, Unit).join(Unit).where(Membership.user == account.id))


def _may_give(at: Unit, given: Iterable[str], by: SignedIn) -> str:
    """The roles as they are kept. Raises Refused when one is not theirs to give, or makes no
    sense at the unit."""
    chosen = [role for role in roles.ROLES if role in set(given)]
    if not at.path.startswith(by.unit_path):
        raise Refused(("", "unit_unknown"))
    if not at.open_on(clock.today()):
        raise Refused(("", "unit_not_open"))
    if not chosen:
        raise Refused(("roles", "roles_missing"))
    if not set(chosen) <= roles.given_by(by.roles):
        raise Refused(("roles", "role_not_yours"))
    fit = roles.fitting(at.level_id, at.is_site)
    unfit = [role for role in chosen if role not in fit]
    if unfit:
        raise Refused(("roles", "role_unfit", {"role": _(roles.NAMES[unfit[0]])}))
    return " ".join(chosen)
