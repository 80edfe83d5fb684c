"""Passwords: how they are kept, and how wrong tries are slowed down."""

import hashlib
import hmac
from datetime import timedelta
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from app import audit, clock
from app.accounts import rules
from app.accounts.models import SignInTry, User
from app.db import db, is_postgres
from app.words import Refused

# 25 ms: all clinics of the country sign in within the same half hour (OWASP's second choice).
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# What nobody's password is compared with, so that an unknown name takes as long as a known one.
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$sRGus10aUsVfBNd3aUaTxA"
    "$vTZji9DvQMZssSCUiSUHsTF0Q46QH4z7OUl1L12pwT4"
)
FORGOTTEN_AFTER = timedelta(days=1)
COMMON = Path(__file__).parent.parent / "data" / "common_passwords.txt"


@cache
def common() -> frozenset[str]:
    """Passwords that everybody tries first."""
    return frozenset(COMMON.read_text(encoding="utf-8").split())


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return HASHER.hash(rules.same_password(password))


def first_password(form_key: str) -> str:
    """The password for one use that belongs to a form (see rules.first_password)."""
    return rules.first_password(_key("first password"), form_key)


def verify(username: str, password: str) -> User | None:
    """The open account with this name and password. Takes equally long for all others.

    Call it outside a transaction: a wrong try must stay counted whatever becomes of the rest.
    Raises Refused while the name has to wait.
    """
    if db.in_transaction():
        raise RuntimeError("a wrong try would be forgotten with the transaction")
    name = rules.username(username)
    wrong = _count_try(name or username)
    user = User.get_or_none(User.username == name) if name else None
    if _right(user.password if user else NOBODY, password) and user and user.active:
        SignInTry.delete_by_id(_digest(name))
        _renew(user, password)
        return user
    if wrong > rules.FREE_TRIES:
        audit.record("refuse", "sign_in", user.id if user else None, wrong=wrong)
    return None


def _count_try(name: str) -> int:
    """The number of tries with this one, counted before the password is looked at, so that many
    at the same moment get no further than one after the other."""
    digest, now = _digest(name), clock.now()
    with db.atomic():
        SignInTry.delete().where(SignInTry.free_at < now - FORGOTTEN_AFTER).execute()
        SignInTry.insert(name_digest=digest, free_at=now).on_conflict_ignore().execute()
        query = SignInTry.select().where(SignInTry.name_digest == digest)
        row = (query.for_update() if is_postgres() else query).get()
        if row.free_at > now:
            seconds = -(-(row.free_at - now) // timedelta(seconds=1))
            raise Refused(("", "sign_in_wait", {"n": seconds}))
        row.wrong += 1
        row.free_at = now + rules.pause(row.wrong)
        row.save()
    return row.wrong


def _right(kept: str, password: str) -> bool:
    if len(password) > rules.LONGEST:
        password = ""
    try:
        return HASHER.verify(kept, rules.same_password(password))
    except (VerificationError, InvalidHashError):
        return False


def _renew(user: User, password: str) -> None:
    """Passwords kept with older settings are kept with the present ones from now on."""
    if HASHER.check_needs_rehash(user.password):
        User.update(password=hash_password(password)).where(User.id == user.id).execute()


def _digest(name: str) -> str:
    return hmac.new(_key("sign-in"), name.encode(), hashlib.sha256).hexdigest()


def _key(purpose: str) -> bytes:
    return current_app.extensions["config"].key(purpose)
