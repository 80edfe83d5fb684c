"""Telling of a reaction within 28 days, from the page that was looked up."""

from flask import request
from werkzeug.wrappers import Response

from app.portal import actions
from app.portal.actions.ill import recent
from app.portal.forms.ill import IllForm
from app.portal.views import pages
from app.portal.views.asking import caller, waits
from app.reactions.actions import Told, read, tell
from app.verification.actions import count
from app.verification.rules import REACTIONS
from app.visits.models import Dose
from app.web import go, page, public
from app.words import Refused


@pages.route("/phan-ung", methods=["GET", "POST"])
@public
def ill() -> Response:
    """The signs and a telephone to call back; about the last dose. Without the mark of a look-up,
    or without a recent dose, one looks up first."""
    mark = request.form.get("mark", "")
    person_id = actions.person_of(mark) if mark else None
    doses = recent(Dose.of(person_id)) if person_id else []
    if not doses:
        return go("portal.look_up")
    empty = "phone" not in request.form
    form = IllForm(formdata=None) if empty else IllForm()
    form.offer()
    form.mark.data = mark
    if empty:
        return _asked(form)
    return _told(form, doses[-1]) if form.validate_on_submit() else _asked(form, 422)


def _asked(form: IllForm, status: int = 200) -> Response:
    return page("portal/ill.html", status, form=form)


def _told(form: IllForm, dose: Dose) -> Response:
    try:
        count(REACTIONS, {"reaction_phone": form.phone.data, "reaction_address": caller()})
    except Refused as refused:
        form.refuse(refused)
        return waits(_asked(form, 429), refused)
    note = form.note.data or ""
    signs, serious = read(note, form.signs.data or ())
    tell(Told(dose.id, "portal", form.phone.data, signs, serious, note))
    return page("portal/ill_told.html", serious=serious)


@pages.app_template_global("may_tell")
def may_tell(doses: list[Dose]) -> bool:
    """Whether the last of the doses is recent enough to tell of a reaction."""
    return bool(recent(doses))
