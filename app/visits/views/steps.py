"""The page of a visit, and its steps."""

from collections.abc import Callable
from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.actions import confirmer
from app.accounts.scope import get_or_404
from app.i18n import _
from app.people.models import Document
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import actions, rules
from app.visits.forms import (
    Confirmed,
    ConsentForm,
    DoseForm,
    StepForm,
    screening_form,
)  # fmt: skip
from app.visits.models import Dose, Visit, at_hand
from app.visits.views import pages
from app.visits.views.board import board_page, station_of
from app.web import allow, page
from app.words import Refused, word

WORKING = ("visit.check_in", "visit.consent", "visit.screen", "dose.record", "visit.observe")


@pages.get("/visits/<int:visit_id>")
@allow(*WORKING, "slip.print", "dose.confirm")
def show(visit_id: int) -> Response:
    """A visit: who, what was found, and the step that comes next."""
    visit = get_or_404(Visit, visit_id)
    audit.record("view", "visit", visit.id, visit.person_id)
    return visit_page(visit)


def visit_page(
    visit: Visit,
    form: Any = None,
    status: int = 200,
    problems: list[str] | None = None,
    **more: Any,
) -> Response:
    """The page with the form of the present step, or with the one that was refused."""
    # A step shown for the first time is not filled from what another form just sent, and its key
    # is its own.
    form = form or NEXT_FORM.get(visit.state, _no_form)(visit, formdata=None)
    return page(
        "visits/show.html", status, visit=visit, person=visit.person, form=form,
        problems=problems, leave_form=StepForm(formdata=None, version=visit.version),
        doses=list(Dose.of(visit.person_id)), products=catalogue_on(clock.today()).products,
        alerts=at_hand.alerts(visit.person_id),
        number=Document.get_or_none(Document.person == visit.person_id, Document.active),
        consent=consent_sheet(visit), now=clock.now(), **told_at_home(visit, form), **more,
    )  # fmt: skip


def told_at_home(visit: Visit, form: Any) -> dict[str, Any]:
    """What was told when registering, for the two steps at which it is asked again; beside: item
    of the sheet → the questions that ask for the same."""
    wish = at_hand.wish(visit.person_id) if visit.state in ("arrived", "consented") else None
    items = getattr(form, "items", ())
    return {"wish": wish, "beside": rules.beside(items, wish.said) if wish else {}}


def _no_form(visit: Visit, **_shown: Any) -> None:
    return None


def seen(visit: Visit) -> vaccines.Person:
    """The visit's person for the vaccine rules."""
    return actions.as_rules_see(visit.person, visit.flags)


def is_child(visit: Visit) -> bool:
    """Whether a parent or guardian signs: also when the birth date leaves it open."""
    return vaccines.age_range(seen(visit).birth, clock.today())[0] < rules.ADULT


def consent_sheet(visit: Visit) -> Any:
    """The consent sheet for this person today."""
    return vaccines.consent_for(seen(visit), catalogue_on(clock.today()))


def consent_form(visit: Visit, **shown: Any) -> ConsentForm:
    """Consent, filled with the child's guardian where one is known."""
    known: dict[str, Any] = {"version": visit.version}
    if is_child(visit):
        known["signer"] = visit.person.guardian_name or ""
        known["relation"] = visit.person.guardian_relation or "guardian"
    return ConsentForm(is_child(visit), data=known, **shown)


def sheet_form(visit: Visit, **shown: Any) -> Any:
    """The screening questions for this person today; None while no sheet is in force."""
    try:
        sheet = actions.sheet_for(seen(visit))
    except Refused:
        return None
    return screening_form(sheet, seen(visit), version=visit.version, **shown)


def dose_form(visit: Visit, **shown: Any) -> DoseForm:
    """The lots that are usable here now, and the people who inject here."""
    known = {"version": visit.version, "vaccinator_id": g.user.id, "table_no": 1}
    form = DoseForm(data=known, **shown)
    form.offer(offered(visit.session), list(actions.vaccinators(visit.unit).items()))
    form.planned = planned(visit, form)
    form.doubtful = bool(form.planned and (form.planned.warnings or form.planned.refusals))
    return form


def offered(session: Any) -> list[tuple[int, str]]:
    """(holding id, product, lot and what is left) of the usable lots."""
    products = catalogue_on(clock.today()).products
    return [
        (lot.id, f"{products[lot.lot.product].name} · {lot.lot.number} · {left(lot)}")
        for lot in actions.lots_for(session)
        if lot.lot.product in products
    ]


def left(lot: Any) -> str:
    """The doses of a lot at a site that are left, as the lists of lots show them."""
    return _("còn %(n)s", n=lot.balance)


def planned(visit: Visit, form: DoseForm) -> Any:
    """What the chosen (or first) lot's dose would be, to be shown before it is given."""
    if not form.lot:
        return None
    doses = actions.history(visit.person_id)
    return actions.plan(seen(visit), doses, actions.product_of(form.lot))


NEXT_FORM: dict[str, Callable[..., Any]] = {
    "arrived": consent_form,
    "consented": sheet_form,
    "ready": dose_form,
    "observing": lambda visit, **shown: StepForm(version=visit.version, **shown),
}


def step(visit: Visit, form: StepForm, work: Callable[[], object]) -> Response:
    """Do a step and show the queue of the station; or the page again with what was refused. A page
    that is older than the visit gets the visit as it is now."""
    codes: set[str] = set()
    if form.validate_on_submit():
        try:
            confirm(form)
            form.once(work)
            return _done(visit)
        except Refused as refused:
            codes = {code for _name, code, _values in refused.reasons} & {"stale", "not_now"}
            form.refuse(refused)
    elif form.answered() is not None:
        return _done(visit)
    visit = get_or_404(Visit, visit.id)
    if codes or form.shown != visit.version:
        return visit_page(visit, None, 409, form.summary if codes else [word("stale")])
    return visit_page(visit, form, 422)


def _done(visit: Visit) -> Response:
    """The station goes on with its own queue; the banner leads on with this person."""
    after = get_or_404(Visit, visit.id)
    return board_page(after.session, station_of(visit), saved=after)


@pages.post("/visits/<int:visit_id>/consent")
@allow("visit.consent")
def consent(visit_id: int) -> Response:
    """The consent sheet was signed, or refused."""
    visit = get_or_404(Visit, visit_id)
    form = consent_form(visit)
    sheet = consent_sheet(visit)
    given = actions.Consent(
        form.agreed, form.signer.data or "", form.relation.data or "self",
        sheet.source.id if sheet else None,
    )  # fmt: skip
    return step(visit, form, lambda: actions.consent(visit, form.shown, given, g.user))


@pages.post("/visits/<int:visit_id>/screening")
@allow("visit.screen")
def screening(visit_id: int) -> Response:
    """The screening sheet with the doctor's conclusion."""
    visit = get_or_404(Visit, visit_id)
    form = sheet_form(visit)
    if form is None:
        return visit_page(visit, None, 422, [word("no_sheet")])
    form.answer_the_rest()
    return step(visit, form, lambda: examine(visit, form))


def examine(visit: Visit, form: Any) -> int:
    """Read the sheet. What it leads to is put before the doctor once; whoever then chooses a
    milder conclusion says why. Raises Refused."""
    person, today = seen(visit), clock.today()
    problems = vaccines.answer_problems(form.sheet, form.answers, form.signs, person, today)
    if problems:
        raise Refused(*((form.place(p.field), p.code, p.params) for p in problems))
    form.computed = vaccines.conclude(form.sheet, form.answers, form.signs, person, today)
    milder = vaccines.conclusion_problems(form.computed, form.conclusion.data)
    if milder and not form.reason.data and not form.confirm_name.data:
        form.conclusion.data = milder[0].params["computed"]
        raise Refused(("conclusion", milder[0].code, milder[0].params))
    return actions.screen(visit, form.shown, found(form), g.user)


def found(form: Any) -> actions.Screening:
    """The screening as the form says it."""
    return actions.Screening(
        form.sheet, form.answers, form.signs, form.conclusion.data, form.note.data or "",
        form.delay_until.data, form.reason.data or "", form.confirmed_by,
    )  # fmt: skip


def confirm(form: StepForm) -> None:
    """Ask a second person, if one is named, for their own password. Before the transaction of the
    step, because a wrong try must stay counted. Raises Refused."""
    if not isinstance(form, Confirmed) or not form.confirm_name.data:
        return
    form.confirmed_by = confirmer(form.confirm_name.data, form.confirm_password.data or "", g.user)
    if form.confirmed_by is None:
        raise Refused(("confirm_name", "confirmation_wrong"))


@pages.post("/visits/<int:visit_id>/dose")
@allow("dose.record")
def dose(visit_id: int) -> Response:
    """The injection."""
    visit = get_or_404(Visit, visit_id)
    form = dose_form(visit)
    return step(
        visit, form, lambda: actions.record_dose(visit, form.shown, injection(form), g.user)
    )


def injection(form: DoseForm) -> actions.Injection:
    """The injection as the form says it."""
    return actions.Injection(
        form.holding_id.data, form.vaccinator_id.data, form.body_part.data, form.table_no.data,
        form.volume_ml.data, form.reason.data or "", form.confirmed_by,
    )  # fmt: skip


@pages.post("/visits/<int:visit_id>/screen-again")
@allow("dose.record", "visit.screen")
def screen_again(visit_id: int) -> Response:
    """Back to the doctor."""
    visit, form = get_or_404(Visit, visit_id), StepForm()
    return step(visit, form, lambda: actions.screen_again(visit, form.shown))


@pages.post("/visits/<int:visit_id>/leave")
@allow(*WORKING)
def leave(visit_id: int) -> Response:
    """The person left before the dose."""
    visit, form = get_or_404(Visit, visit_id), StepForm()
    return step(visit, form, lambda: actions.leave(visit, form.shown, "", g.user))


@pages.post("/visits/<int:visit_id>/disagree")
@allow("visit.consent", "dose.record", "visit.screen")
def disagree(visit_id: int) -> Response:
    """Consent is withdrawn before the dose."""
    visit, form = get_or_404(Visit, visit_id), StepForm()
    refusal = actions.Consent(False)
    return step(visit, form, lambda: actions.consent(visit, form.shown, refusal, g.user))
