"""Signing in and out, passwords, accounts and roles."""

from app.accounts.actions.passwords import first_password, hash_password
from app.accounts.actions.sign_in import (
    WORKING_DAY_HOURS,
    SignedIn,
    change_password,
    confirmer,
    load,
    places,
    sign_in,
    sign_out,
    signed_in,
    unseen,
    work_at,
)  # fmt: skip

__all__ = [
    "WORKING_DAY_HOURS", "SignedIn", "change_password", "confirmer", "first_password",
    "hash_password", "load", "places", "sign_in", "sign_out", "signed_in", "unseen", "work_at",
]  # fmt: skip
