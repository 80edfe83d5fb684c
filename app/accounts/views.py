"""Signing in and out, and the accounts of one's subtree."""

from flask import Blueprint
from werkzeug.wrappers import Response

from app.web import page, public

pages = Blueprint("accounts", __name__)


@pages.get("/sign-in")
@public
def sign_in() -> Response:
    """Ask for name and password."""
    return page("accounts/sign_in.html")
