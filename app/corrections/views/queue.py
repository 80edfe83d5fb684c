"""One queue for all channels."""

from flask import g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.corrections import actions, models
from app.corrections.views import pages
from app.web import allow, page

PER_PAGE = 100


@pages.get("/corrections")
@allow("correction.answer", "person.verify")
def index() -> Response:
    """What waits here, and what is late below; `?show=all`: all below, `?show=ended`: the past."""
    shown = request.args.get("show", "")
    today = clock.today()
    halves, here = actions.halves(g.user), actions.stands_in(g.user)
    query = models.queue(g.user.unit_path, g.user.unit_id, halves, here, today, shown)
    rows = list(query.limit(PER_PAGE))
    audit.record("view", "ticket", hits=len(rows))
    return page(
        "corrections/index.html", rows=rows, today=today, shown=shown, code=actions.shown,
        most=PER_PAGE,
    )  # fmt: skip
