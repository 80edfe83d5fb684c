"""Hồi cứu: entering what was given on paper at a session, and approving it."""

from datetime import datetime
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app import audit, claims, clock
from app.accounts.scope import get_or_404
from app.amendments import actions
from app.amendments.forms import FindForm, InjectedForm, LateForm, ManyForm, PickForm
from app.amendments.models import Amendment, late_doses
from app.amendments.views import pages
from app.i18n import _, show_time
from app.people.models import Person
from app.people.rules import fold
from app.sessions.models import VaccinationSession
from app.vaccines.models import catalogue_on
from app.visits import actions as visits
from app.visits.models import Dose
from app.web import allow, may, page
from app.words import Refused, word

# These stay for the next person of the same sheet; they travel in the forms.
CARRIED = ("holding_id", "vaccinator_id", "body_part", "table_no", "cause", "reason", "evidence")


@pages.get("/sessions/<int:session_id>/late")
@allow("dose.amend", "dose.approve")
def late(session_id: int) -> Response:
    """Whose dose comes next, what waits for approval, and what was entered late; from a ticket,
    the form for whom it is about."""
    session = get_or_404(VaccinationSession, session_id)
    claim = claims.named()
    if claim and may("dose.amend") and not session.closed_at:
        return form_page(session, Person.get_by_id(claim.person_id))
    audit.record("view", "session", session.id, late=True)
    return late_page(session)


def late_page(session: Any, status: int = 200, **more: Any) -> Response:
    """The page, after something was done or refused."""
    waiting = list(Amendment.late_at(session.id))
    return page(
        "amendments/late.html", status, session=session, waiting=waiting,
        entered=late_doses(session.unit.path, session.held_on, session.held_on, session.id),
        given_at=_given_at, find_form=more.pop("find_form", None) or FindForm(formdata=None),
        many_form=ManyForm(formdata=None), carried=carried(), today=clock.today(),
        decides=may("dose.approve") and actions.may_decide(session.unit, g.user), **more,
    )  # fmt: skip


def _given_at(row: Amendment) -> str:
    return show_time(datetime.fromisoformat(row.after["given_at"]))


def carried() -> dict[str, str]:
    """What the form just sent leaves for the next one."""
    return {name: request.form[name] for name in CARRIED if request.form.get(name)}


@pages.post("/sessions/<int:session_id>/late/find")
@allow("dose.amend")
def late_find(session_id: int) -> Response:
    """One person: the form; several: a button for each."""
    session, form = get_or_404(VaccinationSession, session_id), FindForm()
    if not form.validate_on_submit():
        return late_page(session, 422, find_form=form, form=form)
    found = visits.find(session, form.what.data, waiting=True)
    if len(found.people) == 1:
        return form_page(session, found.people[0])
    pick = PickForm(formdata=None)
    return late_page(session, find_form=form, found=found, pick_form=pick)


@pages.post("/sessions/<int:session_id>/late/person")
@allow("dose.amend")
def late_pick(session_id: int) -> Response:
    """One of several people with the same name."""
    session = get_or_404(VaccinationSession, session_id)
    person = Person.get_or_none(Person.id == visits.met(session_id, request.form.get("person")))
    return form_page(session, person) if person else late_page(session, 422)


def form_page(session: Any, person: Person, form: Any = None, status: int = 200) -> Response:
    """What the paper says about the dose of one person."""
    claim = claims.named(person.id)
    filled = claims.fields(claim) | said_lot(claim, session)
    if form is None:
        known = {"vaccinator_id": g.user.id, "table_no": 1, **carried(), **filled}
        known["person"] = visits.mark(session.id, person.id)
        form = LateForm(formdata=None, data=known)
        offer(form, session)
    return page(
        "amendments/late_form.html", status, session=session, person=person, form=form,
        doses=list(Dose.of(person.id)), products=catalogue_on(clock.today()).products,
        claim=claim, filled=filled,
    )  # fmt: skip


def said_lot(claim: claims.Claim | None, session: Any) -> dict[str, int]:
    """The lot of that day that a ticket names, as the forms choose it, when it is only one."""
    said = claims.fields(claim)
    product, number = said.get("product"), fold(said.get("lot_number", ""))
    fits = [
        row.id
        for row in (actions.lots_on(session) if product or number else ())
        if product in (None, row.lot.product) and number in ("", fold(row.lot.number))
    ]
    return {"holding_id": fits[0]} if len(fits) == 1 else {}


def offer(form: InjectedForm, session: Any, given: Dose | None = None) -> None:
    """The lots of that day with what is left, and those who inject there; whoever injected a dose
    that was given stays a choice."""
    products = catalogue_on(session.held_on).products
    lots = [
        (row.id, f"{products[row.lot.product].name} · {row.lot.number} · "
                 f"{_('còn %(n)s', n=row.balance)}")
        for row in actions.lots_on(session)
        if row.lot.product in products
    ]  # fmt: skip
    staff = visits.vaccinators(session.unit)
    if given and given.vaccinator:
        staff.setdefault(given.vaccinator_id, given.vaccinator.name)
    form.offer(lots, staff)


@pages.post("/sessions/<int:session_id>/late/ask")
@allow("dose.amend")
def late_ask(session_id: int) -> Response:
    """Write the request; the page is ready for the next person."""
    session, form = get_or_404(VaccinationSession, session_id), LateForm()
    offer(form, session)
    person = Person.get_or_none(Person.id == visits.met(session_id, form.person.data))
    if person is None:
        return late_page(session, 422)
    if not form.validate_on_submit():
        return form_page(session, person, form, 422)
    try:
        form.once(lambda: actions.ask_late(session.id, person.id, said(form, session), g.user))
    except Refused as refused:
        form.refuse(refused)
        return form_page(session, person, form, 422)
    if claim := claims.named(person.id):
        return claims.after(claim, "amendments.late", session_id=session.id)
    return late_page(session, asked=person)


def said(form: LateForm, session: Any) -> actions.Late:
    """The late entry as the form says it."""
    given = actions.Injected(
        form.given_at(session), form.holding_id.data, form.vaccinator_id.data,
        form.body_part.data, form.table_no.data, form.volume_ml.data,
    )  # fmt: skip
    return actions.Late(
        given, form.papers.data == "yes", form.cause.data, form.reason.data, form.evidence.data
    )


@pages.post("/sessions/<int:session_id>/late/approve")
@allow("dose.approve")
def late_approve(session_id: int) -> Response:
    """Approve what was ticked; what cannot be approved stays, with the reason."""
    session, form = get_or_404(VaccinationSession, session_id), ManyForm()
    names = {row.id: row.person.name for row in Amendment.late_at(session.id)}
    wanted = [row for row in form.chosen if row in names]
    if not form.validate_on_submit() or not wanted:
        return late_page(session, 422, problems=[word("rows_none_ticked")])
    refused: dict[int, Refused] = {}
    done = int(form.once(lambda: _approve(wanted, refused)))
    problems = [f"{names[row]}: {text}" for row, why in refused.items() for text in why.texts()]
    return late_page(session, 422 if problems else 200, problems=problems, approved=done)


def _approve(wanted: list[int], refused: dict[int, Refused]) -> int:
    refused |= actions.decide_all(wanted, g.user)
    return len(wanted) - len(refused)
