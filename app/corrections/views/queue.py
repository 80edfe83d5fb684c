"""One queue for all channels."""

from flask import g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.corrections import actions, models, rules
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
    writes = g.user.can("person.edit") and rules.IDENTITY not in halves and not shown
    doubted = models.identities_in_doubt(g.user.unit_path).limit(PER_PAGE) if writes else ()
    audit.record("view", "ticket", hits=len(rows) + len(doubted))
    return page(
        "corrections/index.html", rows=rows, doubted=doubted, today=today, shown=shown,
        code=actions.shown, most=PER_PAGE,
    )  # fmt: skip
