"""The pages of a session at work: board and check-in, the steps of a visit, one desk."""

from flask import Blueprint

pages = Blueprint("visits", __name__)

from app.visits.views import (  # noqa: E402, F401  (they add their routes)
    arrivals,
    batch,
    board,
    call,
    desk,
    doses,
    steps,
)
