"""Sending a list: a file, or numbers that are pasted."""

from collections.abc import Callable
from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import get_or_404
from app.imports import actions
from app.imports.forms import PasteForm, UploadForm
from app.imports.models import Upload
from app.imports.views import pages
from app.imports.views.rows import check_page
from app.sessions.models import VaccinationSession
from app.web import allow, page
from app.words import Refused


@pages.route("/sessions/<int:session_id>/import", methods=["GET", "POST"])
@allow("session.plan")
def upload(session_id: int) -> Any:
    """Send a file; those that were sent before are named below."""
    session, form = get_or_404(VaccinationSession, session_id), UploadForm()
    return _send(session, form, lambda: actions.upload(session, form.taken(), g.user))


@pages.route("/sessions/<int:session_id>/import/numbers", methods=["GET", "POST"])
@allow("session.plan")
def paste(session_id: int) -> Any:
    """Paste numbers of people who have a record."""
    session, form = get_or_404(VaccinationSession, session_id), PasteForm()
    return _send(session, form, lambda: actions.paste(session, form.text.data or "", g.user))


def _send(session: VaccinationSession, form: Any, keep: Callable[[], int]) -> Response:
    if form.validate_on_submit():
        try:
            return check_page(get_or_404(Upload, keep()))
        except Refused as refused:
            form.refuse(refused)
    return page(
        "imports/upload.html" if isinstance(form, UploadForm) else "imports/paste.html",
        422 if form.is_submitted() else 200, session=session, form=form,
        uploads=list(Upload.of(session.id).limit(20)), today=clock.today(),
    )  # fmt: skip
