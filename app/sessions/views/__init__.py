"""Planning sessions, and the people who are expected."""

from flask import Blueprint

pages = Blueprint("sessions", __name__)

from app.sessions.views import (  # noqa: E402, F401  (they add routes)
    calling,
    calling_off,
    listing,
    planning,
)
