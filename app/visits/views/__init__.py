"""The pages of a session at work: board and check-in, the steps of a visit, one desk."""

from flask import Blueprint

from app.visits import actions

pages = Blueprint("visits", __name__)
pages.app_template_global("mark")(actions.mark)

from app.visits.views import (  # noqa: E402, F401  (they add their routes)
    arrivals,
    batch,
    board,
    call,
    desk,
    doses,
    sheets,
    steps,
)
