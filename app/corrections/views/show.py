"""One ticket: what the record says beside what is claimed, and what is done with it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import abort, g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.amendments.actions import may_decide
from app.amendments.models import Amendment, recorder, voided_of
from app.corrections import actions, models, rules
from app.corrections.forms import ActForm, DoseForm, LinkForm
from app.corrections.models import Evidence, Ticket, TicketEvent
from app.corrections.views import pages
from app.i18n import _, show_date
from app.people.models import Document, Person, country, country_name
from app.sessions.models import VaccinationSession
from app.units.models import Unit
from app.vaccines.models import catalogue_on, product_name
from app.visits.models import Dose
from app.visits.rules import whole
from app.web import allow, go, may, page
from app.words import Refused, word


@pages.get("/corrections/<int:ticket_id>")
@allow("correction.answer", "person.verify")
def show(ticket_id: int) -> Response:
    """The ticket, the record, and what was done."""
    ticket = ticket_or_404(ticket_id)
    audit.record("view", "ticket", ticket.id, ticket.person_id)
    return ticket_page(ticket)


@pages.get('/corrections/<int:ticket_id>/photo/<any("1", "2"):number>')
@allow("correction.answer", "person.verify")
def photo(ticket_id: int, number: str) -> Response:
    """A photo that the citizen sent, for who may answer."""
    found = actions.photo(ticket_or_404(ticket_id), int(number))
    return Response(found, mimetype="image/jpeg") if found else abort(404)


def ticket_or_404(ticket_id: int) -> Ticket:
    """A ticket of this unit or below, for those who answer for its half."""
    ticket = get_or_404(Ticket, ticket_id)
    if not actions.may_answer(ticket, g.user):
        abort(404)
    return ticket


def ticket_page(
    ticket: Ticket,
    form: Any = None,
    link_form: Any = None,
    status: int = 200,
    dose_form: Any = None,
) -> Response:
    """The page, after an act was refused too."""
    blank = {"version": ticket.version}
    changed = models.answering(ticket) if ticket.kind in rules.ABOUT_A_DOSE else None
    doses = _doses(ticket)
    return page(
        "corrections/show.html", status, ticket=ticket, code=actions.shown(ticket.code),
        form=form or ActForm(formdata=None, data=blank),
        link_form=link_form or LinkForm(formdata=None, data=blank),
        dose_form=dose_form or DoseForm(formdata=None, data=blank),
        which=_choices(ticket, doses),
        lines=lines(ticket), doses=doses, today=clock.today(),
        products=catalogue_on(clock.today()).products, events=list(TicketEvent.of(ticket.id)),
        session=_session(ticket), changed=changed, other=_other(ticket, changed),
        acts=actions.acts(ticket, g.user), photos=Evidence.numbers(ticket.id),
        asked_for=list(models.asked_for(ticket)), mended=_mended(ticket, doses),
        recorded_by=_recorded_by(ticket),
    )  # fmt: skip


def _other(ticket: Ticket, changed: Amendment | None) -> Amendment | None:
    """The dose that was added and is of another day or vaccine than the missing one."""
    asks = ticket.kind == "missing" and not ticket.ended_at and not changed
    return models.added(ticket).first() if asks else None


def _doses(ticket: Ticket) -> list[Dose]:
    """The doses of the person, for who answers for health; those that were voided too, where one
    of them may be meant."""
    if ticket.person_id is None or ticket.half != rules.HEALTH:
        return []
    about_one = ticket.kind in rules.ABOUT_A_GIVEN_DOSE
    return [*Dose.of(ticket.person_id), *(voided_of(ticket.person_id) if about_one else ())]


def _choices(ticket: Ticket, doses: list[Dose]) -> list[Dose]:
    """The doses of which one may be meant, besides the one that was chosen."""
    asks = models.asks_which_dose(ticket)
    return [dose for dose in doses if asks and dose.id != ticket.dose_id]


def _mended(ticket: Ticket, doses: list[Dose]) -> set[int]:
    """The doses that whoever reads may ask to be changed for a ticket."""
    if ticket.kind not in rules.ABOUT_A_GIVEN_DOSE or ticket.ended_at or not may("dose.amend"):
        return set()
    about = [dose for dose in doses if dose.id == ticket.dose_id and not dose.voided_at]
    return {dose.id for dose in about if may_decide(recorder(dose), g.user)}


def _recorded_by(ticket: Ticket) -> Unit | None:
    """The unit that decides about the dose in question, when it is not decided here."""
    if ticket.kind not in rules.ABOUT_A_GIVEN_DOSE or ticket.dose is None:
        return None
    unit = recorder(ticket.dose)
    return None if may_decide(unit, g.user) else unit


def lines(ticket: Ticket) -> list[tuple[str, str, str]]:
    """(what, what the record says, what is claimed), of what either knows."""
    known = _identity(ticket.person) | _dose(ticket.dose)
    labels = {
        "name": _("Họ và tên"), "dob": _("Ngày sinh"), "sex": _("Giới tính"),
        "nationality": _("Quốc tịch"), "number": _("Số giấy tờ"),
        "product": _("Vắc xin"), "given_on": _("Ngày tiêm"), "lot_number": _("Số lô"),
        "place": _("Nơi tiêm"), "note": _("Nói rõ"),
    }  # fmt: skip
    found = [(labels[name], known.get(name, ""), claimed(ticket, name)) for name in rules.CLAIMED]
    return [line for line in found if line[1] or line[2]]


def claimed(ticket: Ticket, name: str) -> str:
    """What the citizen says, as it is read."""
    text = ticket.claim.get(name, "")
    if name == "given_on" and text:
        return show_date(date.fromisoformat(text))
    return READ[name](text) if text and name in READ else text


READ = {
    "product": product_name, "sex": word, "nationality": lambda text: country_name(country(text)),
}  # fmt: skip


def _identity(person: Person | None) -> dict[str, str]:
    if person is None:
        return {}
    active = [row for row in Document.of([person.id]).get(person.id, []) if row.active]
    numbers = ", ".join(row.number for row in active)
    return {
        "name": person.name, "dob": str(person.dob), "sex": word(person.sex),
        "nationality": country_name(person.nationality), "number": numbers,
    }  # fmt: skip


def _dose(dose: Dose | None) -> dict[str, str]:
    if dose is None:
        return {}
    return {
        "product": product_name(dose.product), "given_on": show_date(dose.given_at),
        "lot_number": dose.lot_number, "place": dose.where,
    }  # fmt: skip


def _session(ticket: Ticket) -> VaccinationSession | None:
    """The session of the day on which a missing dose is said to have been given."""
    if ticket.kind != "missing" or "given_on" not in ticket.claim:
        return None
    day = date.fromisoformat(ticket.claim["given_on"])
    held = VaccinationSession.unit == ticket.unit_id, VaccinationSession.held_on == day
    return VaccinationSession.get_or_none(*held, VaccinationSession.off_reason == "")


@pages.post("/corrections/<int:ticket_id>/act")
@allow("correction.answer", "person.verify")
def act(ticket_id: int) -> Response:
    """Take, answer, ask back, send on, settle or refuse: the button says which."""
    ticket, form = ticket_or_404(ticket_id), ActForm()
    what = request.form.get("act", "")
    done = lambda: actions.act(  # noqa: E731
        ticket.id,
        what,
        form.shown,
        form.text.data or "",
        form.to.data or "",
        g.user,
        form.same.data,
    )
    if answer := _did(form, done):
        return answer if what != "send" else go("corrections.index")
    return ticket_page(ticket_or_404(ticket_id), form, None, _status(form))


@pages.post("/corrections/<int:ticket_id>/person")
@allow("correction.answer", "person.verify")
def link(ticket_id: int) -> Response:
    """The officer found whom the ticket is about."""
    ticket, form = ticket_or_404(ticket_id), LinkForm()
    done = lambda: actions.link(ticket.id, form.shown, form.number.data or "", g.user)  # noqa: E731
    answer = _did(form, done)
    return answer or ticket_page(ticket_or_404(ticket_id), None, form, _status(form))


@pages.post("/corrections/<int:ticket_id>/dose")
@allow("correction.answer", "person.verify")
def choose(ticket_id: int) -> Response:
    """The officer found which dose is meant."""
    ticket, form = ticket_or_404(ticket_id), DoseForm()
    done = lambda: actions.choose(ticket.id, form.shown, whole(form.dose.data), g.user)  # noqa: E731
    answer = _did(form, done)
    return answer or ticket_page(ticket_or_404(ticket_id), None, None, _status(form), form)


def _did(form: Any, work: Callable[[], int]) -> Any:
    """The next page when it was done; None when the form shows why not."""
    if form.validate_on_submit():
        try:
            return go("corrections.show", ticket_id=int(form.once(work)))
        except Refused as refused:
            form.refuse(refused)
            form.stale = any(code == "stale" for _n, code, _v in refused.reasons)
    return None


def _status(form: Any) -> int:
    return 409 if getattr(form, "stale", False) else 422
