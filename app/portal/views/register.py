"""Registering for vaccination: four steps without account, cookie or script. Every step is an
answer to a form of this one address and is kept at once; a lost line is taken up by the code."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.i18n import language, show_date
from app.people.models import commune_label, country_name
from app.people.rules import mask
from app.portal.actions import register as actions
from app.portal.forms.register import (
    ConsentForm,
    DetailsForm,
    HistoryForm,
    OpenForm,
    PersonAgainForm,
    PersonForm,
    PhoneForm,
    details_again,
)
from app.portal.views import pages
from app.portal.views.asking import asked, caller, waits
from app.registrations import actions as registrations
from app.registrations import rules
from app.registrations.models import Registration
from app.sessions.models import Appointment, missed
from app.web import page, public, sms_number
from app.words import Refused, word


@pages.route("/dang-ky-tiem", methods=["GET", "POST"])
@public
def register() -> Response:
    """The first step, or whichever the form says."""
    step = request.form.get("step", "")
    if request.method == "GET":
        return _page(PersonForm(), "person")
    if step not in FILLED:
        return _begin()
    wish = actions.marked(request.form.get("mark", ""))
    if wish is None:
        return _gone()
    if wish.state != "draft":
        return _state(wish)
    return _back(wish, step) if "back" in request.form else _take(wish, step)


def _gone() -> Response:
    form = OpenForm(formdata=None)
    form.refuse(Refused(("", "wish_gone")))
    return page("portal/registration.html", 422, form=form)


def _begin() -> Response:
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(form, "person", status=422)
    try:
        if form.answered() is None:
            actions.may_begin(form.phone.data, caller())
        wish_id = form.once(lambda: registrations.begin(form.given()))
    except Refused as refused:
        return _refused(refused, form, "person")
    return _go_on(Registration.get_by_id(int(wish_id)))


def _refused(refused: Refused, form: Any, step: str, wish: Registration | None = None) -> Response:
    form.refuse(refused)
    if refused.reasons[0][1] == "look_up_wait":
        return waits(_page(form, step, wish, 429), refused)
    return _page(form, step, wish, 422)


def _go_on(wish: Registration) -> Response:
    """The step that is open; what was typed before stands in its fields."""
    if wish.state != "draft":
        return _state(wish)
    step = rules.next_step(wish)
    return _page(FILLED[step](wish, None), step, wish)


def _take(wish: Registration, step: str) -> Response:
    form = FILLED[step](wish, request.form)
    if not form.validate():
        return _page(form, step, wish, 422)
    try:
        if step == "consent":
            return _state(registrations.send(wish.id, form.signer.data))
        if step == "person":
            actions.may_begin(form.phone.data, caller())
            wish = registrations.correct(wish.id, form.given())
            return _page(_details(wish, None), "details", wish)  # what is asked hangs on the age
        return _go_on(registrations.keep(wish.id, form.given()))
    except Refused as refused:
        return _refused(refused, form, step, wish)


def _back(wish: Registration, step: str) -> Response:
    """The step before, as it was answered; the answers of this one are kept as far as they are
    right."""
    if step in ("details", "history"):
        form = FILLED[step](wish, request.form)
        form.validate()
        wish = registrations.keep(wish.id, form.right())
    before = rules.STEPS[max(rules.STEPS.index(step) - 1, 0)]
    return _page(FILLED[before](wish, None), before, wish)


def _person(wish: Registration, typed: Any) -> PersonAgainForm:
    known = {
        "name": wish.name, "dob": registrations.born(wish), "sex": wish.sex, "phone": wish.phone,
        "country": country_name(wish.nationality),
        "commune": commune_label(wish.area_scheme, wish.area_code),
    }  # fmt: skip
    return PersonAgainForm(formdata=typed, data=known)


def _details(wish: Registration, typed: Any) -> DetailsForm:
    known = {
        name: getattr(wish, name) or None
        for name in ("by_name", "by_phone", "bhyt", "occupation", "workplace", "address",
                     "priority_group", "wished_on", "half_day")
    }  # fmt: skip
    if wish.occupation:  # answered before
        known |= details_again(wish.relation, wish.last_dose)
    return DetailsForm(registrations.born(wish), formdata=typed, data=known)


def _history(wish: Registration, typed: Any) -> HistoryForm:
    return HistoryForm(formdata=typed, data=wish.history)


def _consent(wish: Registration, typed: Any) -> ConsentForm:
    form = ConsentForm(formdata=typed, data={"signer": wish.by_name or wish.name})
    sheet = registrations.sheet(wish)
    english = language() == "en"
    if sheet:
        agree, refuse = (
            (sheet.agree_en, sheet.refuse_en) if english else (sheet.agree, sheet.refuse)
        )
        form.agree.choices = [("yes", agree), ("no", refuse)]
    return form


FILLED = {"person": _person, "details": _details, "history": _history, "consent": _consent}


def _page(form: Any, step: str, wish: Registration | None = None, status: int = 200) -> Response:
    if wish:
        form.mark.data, form.step.data = actions.mark(wish.id), step
    sheet = registrations.sheet(wish) if wish and step == "consent" else None
    return page(
        "portal/register.html", status, form=form, step=step, n=rules.STEPS.index(step),
        code=rules.grouped(wish.code) if wish else "", consent=sheet,
        numbered=bool(wish and wish.number),
    )  # fmt: skip


@pages.route("/ket-qua-dang-ky", methods=["GET", "POST"])
@public
def registration() -> Response:
    """Open a registration again, to go on with it or to see how far it is."""
    step = request.form.get("step")
    if step in ("phone", "leave"):
        return _prove() if step == "phone" else _leave()
    form = OpenForm()

    def find() -> Registration | None:
        return actions.open_again(form.code.data, form.phone.data, form.year.data, caller())

    return asked(form, "portal/registration.html", find, _go_on)


def _prove() -> Response:
    """A code is asked for, or the one that came is typed."""
    form, asks = PhoneForm(), "ask" in request.form
    wish = actions.marked(form.mark.data or "")
    if wish is None:
        return _gone()
    if not form.validate():
        return _state(wish, form, 422)
    if not actions.may_prove(wish):
        return _state(wish)
    try:
        if asks:
            actions.ask_code(wish, caller())
        elif not actions.prove(wish, form.typed):
            form.refuse(Refused(("code", "code_wrong")))
    except Refused as refused:
        form.refuse(refused)
        return waits(_state(wish, form, 429), refused)
    return _state(wish, form, 422 if form.errors else 200, asked=asks)


def _leave() -> Response:
    """The appointment or the wish is given up; it is asked once more before."""
    wish, sure = actions.marked(request.form.get("mark", "")), request.form.get("sure", "")
    if wish is None:
        return _gone()
    what = sure or request.form.get("leave", "")
    if what not in actions.may_leave(wish):  # they think again, or it was pressed twice
        return _state(wish, status=200 if what else 422)
    return _state(actions.leave(wish, what)) if sure else _state(wish, leaving=what)


def _state(
    wish: Registration,
    form: PhoneForm | None = None,
    status: int = 200,
    *,
    asked: bool = False,
    leaving: str = "",
) -> Response:
    """How far a registration is; where its telephone is not proven yet, how it can be."""
    form = form or PhoneForm(formdata=None)
    form.mark.data, form.step.data = actions.mark(wish.id), "phone"
    sent = clock.local(wish.sent_at).date() if wish.sent_at else None
    facts = {
        "code": rules.grouped(wish.code), "name": mask(wish.name),
        "state": word(f"wish_{wish.state}"),
        "wished": show_date(wish.wished_on) if wish.wished_on else "",
        "half_day": word(wish.half_day), "sent": show_date(sent) if sent else "",
        "area": commune_label(wish.area_scheme, wish.area_code),
    }  # fmt: skip
    called, missed_on = Appointment.of(wish.id), missed([wish.id]).get(wish.id)
    return page(
        "portal/registration.html", status, wish=wish, facts=facts, form=form, asked=asked,
        proves=actions.may_prove(wish), proven=actions.proven(wish), end=wish.phone[-3:],
        called=called, missed_on=missed_on if wish.state == "allocated" else None,
        sms=sms_number(), leaving=leaving, leaves=actions.may_leave(wish),
    )  # fmt: skip
