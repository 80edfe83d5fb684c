"""Calling a session off, and taking that back."""

from typing import Any

from flask import g

from app import clock
from app.accounts.scope import get_or_404
from app.fields import BaseForm
from app.sessions import actions
from app.sessions.forms import OffForm
from app.sessions.models import Appointment, Expected, VaccinationSession
from app.sessions.views import pages
from app.sessions.views.listing import show_page
from app.web import allow, go, page
from app.words import Refused


@pages.route("/sessions/<int:session_id>/call-off", methods=["GET", "POST"])
@allow("session.plan")
def call_off(session_id: int) -> Any:
    """Ask once more, with the reason and whom it concerns; then call the session off."""
    session, form = get_or_404(VaccinationSession, session_id), OffForm()
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.call_off(session.id, *_why(form), g.user))
            return go("sessions.show", session_id=session.id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        "sessions/call_off.html", 422 if form.is_submitted() else 200, session=session, form=form,
        shut=session.shut(clock.today()) or ("off_begun" if session.last_queue_no else ""),
        people=Expected.select().where(Expected.session == session.id).count(),
        called=Appointment.standing(session.id).count(),
    )  # fmt: skip


def _why(form: OffForm) -> tuple[str, str]:
    return form.reason.data, form.note.data or ""


@pages.post("/sessions/<int:session_id>/plan-again")
@allow("session.plan")
def plan_again(session_id: int) -> Any:
    """Open a session again that was called off by mistake."""
    session, form = get_or_404(VaccinationSession, session_id), BaseForm()
    if not form.validate_on_submit():
        return show_page(session, 422, again_form=form)
    try:
        form.once(lambda: actions.plan_again(session.id))
    except Refused as refused:
        form.refuse(refused)
        return show_page(session, 422, again_form=form)
    return show_page(get_or_404(VaccinationSession, session_id), again=True)
