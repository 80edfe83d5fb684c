"""Calling the next person by the number in their hand: a numeric pad is enough."""

from flask import request
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404, scoped
from app.sessions.models import VaccinationSession
from app.visits.models import Visit
from app.visits.rules import whole
from app.visits.views import pages
from app.visits.views.board import board_page
from app.visits.views.steps import WORKING, visit_page
from app.web import allow


@pages.get("/sessions/<int:session_id>/call")
@allow(*WORKING)
def call(session_id: int) -> Response:
    """The visit with this number in the queue (`?no=`), at the step where it is. The number says
    nothing about a person, so it may stand in an address."""
    session, typed = get_or_404(VaccinationSession, session_id), request.args.get("no", "")[:20]
    here = Visit.session == session.id, Visit.queue_no == whole(typed.strip())
    visit = scoped(Visit).where(*here).get_or_none()
    if visit is None:
        return board_page(session, request.args.get("at", ""), 422, called=typed)
    audit.record("view", "visit", visit.id, visit.person_id)
    return visit_page(visit)
