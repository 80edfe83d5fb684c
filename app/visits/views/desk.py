"""One desk: one person does everything, two requests for a whole dose."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import get_or_404
from app.fields import body_digest
from app.people.models import Alert, Person
from app.sessions.models import VaccinationSession
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import actions, rules
from app.visits.forms import DeskForm, FindForm, PickForm, whole
from app.visits.models import Dose, Visit
from app.visits.views import pages
from app.visits.views.find import find
from app.visits.views.steps import offered, second_person, visit_page
from app.web import allow, page
from app.words import Refused

CARRIED = ("holding_id", "vaccinator_id", "table_no", "body_part")


def desk_page(session_id: int, status: int = 200, **more: Any) -> Response:
    """The desk: the scan field, and whatever came of the last scan or dose."""
    more.setdefault("find_form", FindForm(formdata=None))
    products = catalogue_on(clock.today()).products
    return page(
        "visits/desk.html", status, session_id=session_id, carried=carried(),
        products=products, **more,
    )  # fmt: skip


def carried() -> dict[str, str]:
    """Lot, table and vaccinator stay for the next person; they travel in the forms."""
    sent = request.values
    return {name: sent[name] for name in CARRIED if sent.get(name)}


def kept(name: str, default: int) -> int:
    """A number that stays from the last person."""
    return whole(carried().get(name, "")) or default


@pages.get("/sessions/<int:session_id>/desk")
@allow("dose.record")
def desk(session_id: int) -> Response:
    """Wait for a scan."""
    return desk_page(get_or_404(VaccinationSession, session_id).id)


@pages.post("/sessions/<int:session_id>/desk")
@allow("dose.record")
def desk_find(session_id: int) -> Response:
    """Who is it, and may they have the dose?"""
    session, form = get_or_404(VaccinationSession, session_id), FindForm()
    if not form.validate_on_submit():
        return desk_page(session.id, 422, find_form=form, form=form)
    found = find(session, form.what.data)
    if len(found.people) != 1:
        return desk_page(session.id, found=found, find_form=form, pick_form=PickForm(formdata=None))
    return person_page(session, found.people[0])


@pages.post("/sessions/<int:session_id>/desk/person")
@allow("dose.record")
def desk_pick(session_id: int) -> Response:
    """One of several people with the same name."""
    session, form = get_or_404(VaccinationSession, session_id), PickForm()
    valid = form.validate_on_submit()
    chosen = whole(request.form.get("person"))
    person = Person.within(g.user.unit_path).where(Person.id == chosen).get_or_none()
    if not valid or person is None:
        return desk_page(session.id, 422)
    return person_page(session, person)


def person_page(session: Any, person: Person, form: Any = None, status: int = 200) -> Response:
    """Person, history and the filled form."""
    form = form or desk_form(session, person)
    seen = actions.as_rules_see(person)
    doses = list(Dose.of(person.id))
    planned = plan_first(form, seen, doses)
    child = vaccines.age_range(seen.birth, clock.today())[0] < rules.ADULT
    return desk_page(
        session.id, status, form=form, person=person, doses=doses, planned=planned, child=child,
        alerts=list(person.alerts.order_by(Alert.at.desc())),
        sheet=vaccines.form_for(seen, catalogue_on(clock.today())),
    )  # fmt: skip


def desk_form(session: Any, person: Person) -> DeskForm:
    """The form with what stays from the last person."""
    form = DeskForm(
        formdata=None,
        data={
            "person": person.id,
            "vaccinator_id": kept("vaccinator_id", g.user.id),
            "table_no": kept("table_no", 1),
            "body_part": carried().get("body_part") or rules.BODY_PARTS[0],
            "holding_id": kept("holding_id", 0),
            "signer": person.guardian_name or "",
        },
    )
    form.offer(offered(session), actions.vaccinators(session.unit))
    return form


def plan_first(form: DeskForm, seen: Any, doses: list[Dose]) -> Any:
    """What the dose of the chosen (or first) lot would be."""
    lots = dict(form.holding_id.choices)
    chosen = form.holding_id.data if form.holding_id.data in lots else next(iter(lots), None)
    if chosen is None:
        return None
    given = [
        vaccines.GivenDose(dose.product, dose.kind, dose.seq, clock.local(dose.given_at).date())
        for dose in doses
    ]
    return actions.plan(seen, given, actions.product_of(chosen))


@pages.post("/sessions/<int:session_id>/desk/dose")
@allow("dose.record")
def desk_dose(session_id: int) -> Response:
    """Check-in, consent, screening without findings, and the dose, in one."""
    given = routine(session_id)
    if given:
        return desk_page(session_id, saved=given)
    return unusual(get_or_404(VaccinationSession, session_id))


# What a form holds when nothing is unusual; all else goes through the fields and their messages.
PLAIN = {"go": "dose", "temperature": "", "signer": "", "volume_ml": "", "reason": "",
         "confirm_name": "", "confirm_password": ""}  # fmt: skip


def routine(session_id: int) -> actions.Given | None:
    """Nineteen of twenty doses; None when anything in the form or in the records is unusual."""
    form = request.form
    key = form.get("key", "")
    ids = [whole(form.get(name)) for name in ("person", "holding_id", "vaccinator_id", "table_no")]
    if any(form.get(name, plain) != plain for name, plain in PLAIN.items()) or not all(ids):
        return None
    if not 16 <= len(key) <= 64 or not key.isascii() or not key.isprintable():
        return None
    asked = actions.Routine(session_id, *ids, form.get("body_part", ""))
    return actions.routine_dose(asked, key, body_digest(), g.user)


def unusual(session: Any) -> Response:
    """The form with all its fields and messages."""
    form = DeskForm()
    form.offer(offered(session), actions.vaccinators(session.unit))
    valid = form.validate_on_submit()
    person = Person.get_or_none(Person.id == whole(request.form.get("person")))
    if person is None:
        return desk_page(session.id, 422)
    if not valid:
        return person_page(session, person, form, 422)
    try:
        visit_id = int(form.once(lambda: work(session, form)))
    except Refused as refused:
        form.refuse(refused)
        return person_page(session, person, form, 422)
    return answer(session, visit_id)


def work(session: Any, form: DeskForm) -> int:
    """What the pressed button asks for; the id of the visit."""
    wanted = request.form.get("go", "dose")
    signer = form.signer.data or ""
    asked = actions.AtDesk(
        session.id, form.person.data, wanted, signer, form.temperature.data,
        actions.Injection(
            form.holding_id.data, form.vaccinator_id.data, form.body_part.data, form.table_no.data,
            form.volume_ml.data, form.reason.data or "", second_person(form),
        ),
    )  # fmt: skip
    return actions.at_desk(asked, g.user)


def answer(session: Any, visit_id: int) -> Response:
    """Ready for the next person; a visit that needs the whole sheet is opened at its sheet."""
    visit = get_or_404(Visit, visit_id)
    if visit.state == "consented":
        return visit_page(visit)
    dose = Dose.get_or_none(Dose.visit == visit.id)
    if dose is None:
        return desk_page(session.id, ended=visit)
    given = actions.Given(
        visit.id, visit.queue_no, visit.person.name, dose.kind, dose.seq, dose.product,
        dose.lot_number, visit.observe_until,
    )  # fmt: skip
    return desk_page(session.id, saved=given)
