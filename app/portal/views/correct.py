"""Phản ánh: a citizen says what is wrong, or asks for what the law gives them."""

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.corrections import actions as corrections
from app.corrections import rules
from app.i18n import show_date
from app.portal import actions
from app.portal.forms import CorrectForm
from app.portal.views import pages
from app.portal.views.asking import caller, waits
from app.portal.views.ill import ill
from app.vaccines.models import catalogue_on
from app.verification import actions as verification
from app.verification import rules as limits
from app.visits.models import Dose
from app.web import page, public
from app.words import Refused, word


@pages.route("/phan-anh", methods=["GET", "POST"])
@public
def correct() -> Response:
    """What it is about; then the questions for that; then the code. The mark of a look-up comes
    along, so that who it is need not be typed."""
    if "ill" in request.form:  # the other button of the page that was looked up
        return ill()
    mark = request.form.get("mark", "")
    person_id = actions.person_of(mark) if mark else None
    if request.form.get("kind") not in rules.KINDS:
        mark = mark if person_id else ""
        return page("portal/correct.html", mark=mark, kinds=rules.KINDS)
    form = _form(mark if person_id else "", person_id)
    if "phone" not in request.form:
        return _asked(form)
    if not form.validate_on_submit():
        return _asked(form, 422)
    return _filed(form, person_id)


def _form(mark: str, person_id: int | None) -> CorrectForm:
    """The questions for the kind that was chosen."""
    empty = "phone" not in request.form
    chosen = {"kind": request.form["kind"], "mark": mark}
    form = CorrectForm(formdata=None, data=chosen) if empty else CorrectForm()
    form.mark.data = mark
    products = catalogue_on(clock.today()).products.values()
    doses = None if person_id is None else [
        (dose.id, f"{word(dose.kind)} {dose.seq}, {show_date(dose.given_at)}")
        for dose in Dose.of(person_id)
    ]  # fmt: skip
    form.fit(doses, [(one.code, one.name) for one in products])
    return form


def _asked(form: CorrectForm, status: int = 200) -> Response:
    return page("portal/correct_form.html", status, form=form, kind=form.kind.data)


def _filed(form: CorrectForm, person_id: int | None) -> Response:
    try:
        tried = {"ticket_phone": form.phone.data, "ticket_address": caller()}
        verification.count(limits.TICKETS, tried)
    except Refused as refused:
        form.refuse(refused)
        return waits(_asked(form, 429), refused)
    try:
        ticket = corrections.file(_said(form, person_id))
    except Refused as refused:
        form.refuse(refused)
        return _asked(form, 422)
    return page(
        "portal/corrected.html", ticket=ticket, code=corrections.shown(ticket.code),
        mark=corrections.mark(ticket),
    )  # fmt: skip


def _said(form: CorrectForm, person_id: int | None) -> corrections.Said:
    """What the form says. Raises Refused when nobody is found who would answer."""
    unit = corrections.province_named(form.province.data) if "province" in form else None
    if "province" in form and unit is None:
        raise Refused(("province", "ticket_no_province"))
    return corrections.Said(
        form.kind.data, "portal", form.phone.data, person_id,
        form.dose.data if "dose" in form else None, unit.id if unit else None, form.claim,
    )  # fmt: skip
