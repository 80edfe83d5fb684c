"""Signing in and out, passwords, accounts and roles."""

from app.accounts.actions.manage import (
    close,
    create,
    give_roles,
    may_handle,
    new_first_password,
    reopen,
    take_roles,
)
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
)

__all__ = [
    "WORKING_DAY_HOURS", "SignedIn", "change_password", "close", "confirmer", "create",
    "first_password", "give_roles", "hash_password", "load", "may_handle", "new_first_password",
    "places", "reopen", "sign_in", "sign_out", "signed_in", "take_roles", "unseen", "work_at",
]  # fmt: skip
