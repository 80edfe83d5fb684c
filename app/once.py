"""A form does its work once, however often it arrives: double press, reload, retry."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from flask import g
from peewee import DateTimeField, IntegerField, TextField

from app import audit, clock
from app.db import BaseModel, db, run

# Passwords are left out, so that no digest of one is kept.
IGNORED = frozenset({"csrf_token", "key", "confirm_password", "password"})


class Submission(BaseModel):
    """The key of a form that was answered, with a digest of its body and what came of it."""

    key = TextField(primary_key=True)
    body = TextField()
    user_id = IntegerField(null=True)
    result = TextField(default="")
    at = DateTimeField()


class KeyReused(Exception):
    """The key belongs to a form with another content, or to another person. Answer 409."""


def digest(fields: Mapping[str, Any], endpoint: str = "") -> str:
    """SHA-256 over what a form carries, without the key and the CSRF token."""
    kept = sorted((name, str(value)) for name, value in fields.items() if name not in IGNORED)
    return hashlib.sha256(repr((endpoint, kept)).encode()).hexdigest()


def new_key() -> str:
    """A key for a form that is shown."""
    return secrets.token_urlsafe(16)


def once(key: str, body: str, work: Callable[[], object]) -> str:
    """Run `work` in a transaction unless `key` was used; return its result as text either way.

    Two requests with one key at the same moment: the second waits for the first and gets its
    result. When `work` raises, nothing is kept and the key is free again. Raises KeyReused.
    """
    user_id = g.user.id if g.get("user") else None
    with db.atomic(), audit.at_end():
        if not run(CLAIM, key, body, user_id, clock.now()).rowcount:
            return replay(key, body)
        result = str(work())
        run(KEEP, result, key)
        return result


CLAIM = """insert into submission (key, body, user_id, result, at) values (?, ?, ?, '', ?)
on conflict do nothing"""
KEEP = "update submission set result = ? where key = ?"


def replay(key: str, body: str) -> str:
    """The result that this very form had before. Raises KeyReused when it is another form."""
    result = answered(key, body)
    if result is None:
        raise KeyReused(key)
    return result


def answered(key: str, body: str) -> str | None:
    """The result that this very form had before; None when there was no such form."""
    row = Submission.get_or_none(Submission.key == key)
    user_id = g.user.id if g.get("user") else None
    return row.result if row and (row.body, row.user_id) == (body, user_id) else None
