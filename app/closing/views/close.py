"""The end of a session: what is missing, the closing, the sheet, and opening it again."""

from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.closing import actions, models, rules
from app.closing.forms import CloseForm, ReopenForm
from app.closing.models import Closing
from app.closing.views import pages
from app.sessions.models import VaccinationSession
from app.vaccines.models import product_name
from app.visits.models import Visit, tally
from app.web import allow, go, page
from app.words import Refused

SHOWN = 50


@pages.get("/sessions/<int:session_id>/closing")
@allow("session.view")
def show(session_id: int) -> Any:
    """What is missing until the session may close, or the sheet of the one that is closed. One
    that was called off has none."""
    session = get_or_404(VaccinationSession, session_id)
    if session.off_reason:
        return go("sessions.show", session_id=session.id)
    return closing_page(session)


def closing_page(session: VaccinationSession, status: int = 200, **more: Any) -> Response:
    """Lot by lot and visit by visit, after something was done or refused."""
    lots = models.lots(session.id)
    waiting = [] if session.closed_at else list(Visit.without_end(session.id).limit(SHOWN + 1))
    audit.record("view", "session", session.id, hits=len(waiting))
    more.setdefault("form", ReopenForm(formdata=None) if session.closed_at else CloseForm())
    return page(
        "closing/show.html", status, session=session, lots=lots, product=product_name,
        differences=rules.differences(lots), waiting=waiting[:SHOWN],
        pending=0 if session.closed_at else models.pending(session.id).count(),
        more_waiting=len(waiting) > SHOWN, closings=list(Closing.of(session.id)),
        tally=tally(session.id),
        to_come=session.held_on > clock.today(), now=clock.now(), **more,
    )  # fmt: skip


@pages.post("/sessions/<int:session_id>/close")
@allow("session.close")
def close(session_id: int) -> Any:
    """Close the session, or say what is missing."""
    session, form = get_or_404(VaccinationSession, session_id), CloseForm()
    if not form.validate_on_submit():
        return closing_page(session, 422)
    try:
        form.once(lambda: actions.close(session.id, g.user))
    except Refused as refused:
        form.refuse(refused)
        session = get_or_404(VaccinationSession, session_id)
        return closing_page(session, 422, refused=form.summary)
    return go("closing.show", session_id=session.id)


@pages.post("/sessions/<int:session_id>/reopen")
@allow("session.close")
def reopen(session_id: int) -> Any:
    """Open a closed session again, for a reason."""
    session, form = get_or_404(VaccinationSession, session_id), ReopenForm()
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.reopen(session.id, form.why.data, g.user))
            return go("closing.show", session_id=session.id)
        except Refused as refused:
            return closing_page(session, 422, refused=_texts(form, refused))
    return closing_page(session, 422, **({"form": form} if session.closed_at else {}))


def _texts(form: ReopenForm, refused: Refused) -> list[str]:
    form.refuse(refused)
    return form.summary
