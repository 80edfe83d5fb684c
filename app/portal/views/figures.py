"""The public figures of the nation and its provinces. Read from what was counted before."""

from flask import g, request
from werkzeug.wrappers import Response

from app.portal.views import pages
from app.reports.models import figures as counted
from app.web import page, public


@pages.get("/so-lieu")
@public
def figures() -> Response:
    """Doses, sites and wishes of the nation."""
    return kept(page("portal/figures.html", found=counted()))


@pages.get("/so-lieu/dia-phuong")
@public
def figures_by_place() -> Response:
    """Doses by day and by province."""
    return kept(page("portal/figures_by_place.html", found=counted()))


def kept(response: Response) -> Response:
    """The same for everybody, so whoever carries the page may keep it."""
    if g.user is None:
        response.headers["Cache-Control"] = "public, max-age=300"
        response.vary.add("Cookie")
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response
