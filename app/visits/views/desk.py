"""One desk: one person does everything, two requests for a whole dose."""

from typing import Any

from flask import abort, g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.fields import body_digest
from app.people.rules import query
from app.sessions.models import VaccinationSession
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import actions, rules
from app.visits.forms import DeskForm, FindForm, PickForm
from app.visits.models import Dose, Visit, at_hand
from app.visits.models.at_hand import Met, Seat
from app.visits.rules import whole
from app.visits.views import pages
from app.visits.views.steps import confirm, offered, sheet_form, visit_page
from app.web import allow, page
from app.words import Refused

CARRIED = ("holding_id", "vaccinator_id", "table_no", "body_part")


def desk_page(session_id: int, status: int = 200, **more: Any) -> Response:
    """The desk: the scan field, and whatever came of the last scan or dose."""
    products = catalogue_on(clock.today()).products
    return page(
        "visits/desk.html", status, session_id=session_id, carried=carried(),
        products=products, **more,
    )  # fmt: skip


def carried() -> dict[str, str]:
    """Lot, table and vaccinator stay for the next person; they travel in the forms."""
    sent = request.values
    return {name: sent[name] for name in CARRIED if sent.get(name)}


def sit(session_id: int) -> Seat:
    """The session of this desk; a stranger's session does not exist (404)."""
    return at_hand.seat(session_id, g.user.unit_path) or abort(404)


@pages.get("/sessions/<int:session_id>/desk")
@allow("dose.record")
def desk(session_id: int) -> Response:
    """Wait for a scan."""
    return desk_page(sit(session_id).session_id)


@pages.post("/sessions/<int:session_id>/desk")
@allow("dose.record")
def desk_find(session_id: int) -> Response:
    """Who is it, and may they have the dose?"""
    here, typed = sit(session_id), request.form.get("what", "")
    number = query(typed).number if len(typed) <= 500 else None
    if number:
        found = at_hand.by_number(number)
        if found:
            audit.record("search", "person", found.id, found.id, how="number")
            return person_page(here, found)
    return search_page(here)


def search_page(here: Seat) -> Response:
    """Not one number: look for the name, or say what is wrong with what was typed."""
    form = FindForm()
    if not form.validate_on_submit():
        return desk_page(here.session_id, 422, form=form)
    session = VaccinationSession.get_by_id(here.session_id)
    found = actions.find(session, form.what.data, waiting=True)
    if len(found.people) == 1:
        return person_page(here, at_hand.by_id(found.people[0].id) or abort(404))
    return desk_page(here.session_id, found=found, pick_form=PickForm(formdata=None))


@pages.post("/sessions/<int:session_id>/desk/person")
@allow("dose.record")
def desk_pick(session_id: int) -> Response:
    """One of several people with the same name."""
    here = sit(session_id)
    found = at_hand.by_id(actions.met(session_id, request.form.get("person")))
    return person_page(here, found) if found else desk_page(here.session_id, 422)


def person_page(
    here: Seat, person: Met, form: DeskForm | None = None, status: int = 200
) -> Response:
    """Person, history and the form, filled with what stays from the last person (or, after a
    refusal, with what was typed)."""
    table = at_hand.table(here, person.id, clock.today())
    seen = actions.as_rules_see(person)
    sent = request.form if form else carried()
    return desk_page(
        here.session_id, status, form=form, person=person, sent=sent, **table._asdict(),
        me=g.user.id, body_parts=rules.BODY_PARTS,
        planned=plan_first(table.lots, sent, seen, table.doses),
        child=vaccines.age_range(seen.birth, clock.today())[0] < rules.ADULT,
    )  # fmt: skip


def plan_first(lots: list[Any], sent: Any, seen: Any, doses: list[Any]) -> Any:
    """What the dose of the chosen (or first usable) lot would be."""
    products = catalogue_on(clock.today()).products
    usable = {str(lot.id): lot.product for lot in lots if lot.product in products}
    if not usable:
        return None
    product = usable.get(sent.get("holding_id", "")) or next(iter(usable.values()))
    given = [
        vaccines.GivenDose(dose.product, dose.kind, dose.seq, clock.local(dose.given_at).date())
        for dose in doses
    ]
    return actions.plan(seen, given, product)


@pages.post("/sessions/<int:session_id>/desk/dose")
@allow("dose.record")
def desk_dose(session_id: int) -> Response:
    """Check-in, consent, screening without findings, and the dose, in one."""
    given = routine(session_id)
    if given:
        return desk_page(session_id, saved=given)
    return unusual(sit(session_id), get_or_404(VaccinationSession, session_id))


# What a form holds when nothing is unusual; all else goes through the fields and their messages.
PLAIN = {"go": "dose", "temperature": "", "signer": "", "volume_ml": "", "reason": "",
         "confirm_name": "", "confirm_password": ""}  # fmt: skip


def routine(session_id: int) -> actions.Given | None:
    """Nineteen of twenty doses; None when anything in the form or in the records is unusual."""
    form = request.form
    key = form.get("key", "")
    person = actions.met(session_id, form.get("person"))
    holding, vaccinator, table = (
        whole(form.get(name)) for name in ("holding_id", "vaccinator_id", "table_no")
    )
    if any(form.get(name, plain) != plain for name, plain in PLAIN.items()) or not (
        person and holding and vaccinator and table
    ):
        return None
    if not 16 <= len(key) <= 64 or not key.isascii() or not key.isprintable():
        return None
    asked = actions.Routine(
        session_id, person, holding, vaccinator, table, form.get("body_part", "")
    )
    return actions.routine_dose(asked, key, body_digest(), g.user)


def unusual(here: Seat, session: Any) -> Response:
    """The form with all its fields and messages."""
    form = DeskForm()
    form.offer(offered(session), list(at_hand.vaccinators(here.above).items()))
    person_id = actions.met(session.id, request.form.get("person"))
    valid = form.validate_on_submit()
    found = at_hand.by_id(person_id)
    if found is None:
        return desk_page(session.id, 422)
    if not valid:
        before = form.answered()
        return answer(session, int(before), form) if before else person_page(here, found, form, 422)
    try:
        confirm(form)
        visit_id = int(form.once(lambda: work(session, form)))
    except Refused as refused:
        form.refuse(refused)
        return person_page(here, found, form, 422)
    return answer(session, visit_id, form)


def work(session: Any, form: DeskForm) -> int:
    """What the pressed button asks for; the id of the visit."""
    wanted = request.form.get("go", "dose")
    signer = form.signer.data or ""
    person_id = actions.met(session.id, form.person.data)
    asked = actions.AtDesk(
        session.id, person_id, wanted, signer, form.temperature.data,
        actions.Injection(
            form.holding_id.data, form.vaccinator_id.data, form.body_part.data, form.table_no.data,
            form.volume_ml.data, form.reason.data or "", form.confirmed_by,
        ),
    )  # fmt: skip
    return actions.at_desk(asked, g.user)


def answer(session: Any, visit_id: int, form: DeskForm) -> Response:
    """Ready for the next person; a visit that needs the whole sheet is opened at its sheet."""
    visit = get_or_404(Visit, visit_id)
    if visit.state == "consented":
        sheet = sheet_form(visit, formdata=None, temperature=form.temperature.data)
        return visit_page(visit, sheet)
    dose = Dose.at_visit(visit.id)
    if dose is None:
        return desk_page(session.id, ended=visit)
    given = actions.Given(
        visit.id, visit.version, visit.queue_no, visit.person.name, dose.kind, dose.seq,
        dose.product, dose.lot_number, visit.observe_until or dose.given_at,
    )  # fmt: skip
    return desk_page(session.id, saved=given)
