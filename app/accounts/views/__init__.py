"""Signing in and out, one's own password and place, and the accounts of one's subtree."""

from flask import Blueprint

pages = Blueprint("accounts", __name__)

from app.accounts.views import manage, own, sign_in  # noqa: E402, F401  (they add their routes)
