"""Recording a dose."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.db import db
from app.people.models import Person
from app.sessions.models import SessionLot, VaccinationSession
from app.stock.actions import take_dose
from app.stock.models import Holding, Lot
from app.units.models import Unit
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import rules
from app.visits.actions.steps import as_rules_see, locked_person, move
from app.visits.models import Dose, Visit, at_hand
from app.words import Refused


class Injection(NamedTuple):
    """A dose as it is about to be recorded. volume_ml None: the usual one."""

    holding_id: int
    vaccinator_id: int
    body_part: str = "left_arm"
    table_no: int = 1
    volume_ml: Decimal | None = None
    reason: str = ""
    confirmed_by: int | None = None


class Planned(NamedTuple):
    """What a dose of a product would be for a person today, how much, and what speaks against."""

    product: vaccines.Product
    step: vaccines.Plan
    volumes: vaccines.Volumes
    problems: list[vaccines.Problem]
    version: int

    @property
    def warnings(self) -> list[vaccines.Problem]:
        """What a reason and a second person can overrule."""
        return [problem for problem in self.problems if problem.severity == "warn"]

    @property
    def refusals(self) -> list[vaccines.Problem]:
        """What nobody can overrule."""
        return [problem for problem in self.problems if problem.severity == "refuse"]


def history(person_id: int) -> list[vaccines.GivenDose]:
    """The person's doses as the rules see them, oldest first."""
    return histories([person_id])[person_id]


def histories(person_ids: Iterable[int]) -> dict[int, list[vaccines.GivenDose]]:
    """Person id → their doses as the rules see them, oldest first."""
    found: dict[int, list[vaccines.GivenDose]] = {person_id: [] for person_id in person_ids}
    rows = (
        Dose.select(Dose.person_id, Dose.product, Dose.kind, Dose.seq, Dose.given_at)
        .where(Dose.person.in_(list(found)), Dose.voided_at.is_null())
        .order_by(Dose.given_at, Dose.id)
        .tuples()
    )
    for person_id, product, kind, seq, at in rows:  # type: ignore[misc]
        given = vaccines.GivenDose(product, kind, seq, clock.local(at).date())  # type: ignore[has-type]
        found[person_id].append(given)  # type: ignore[has-type]
    return found


def next_doses(person_ids: Iterable[int]) -> dict[int, vaccines.Due]:
    """Person id → their next dose, of those for whom the rules of today ask for one."""
    given, today = histories(person_ids), clock.today()
    book, found = catalogue_on(today), {}
    for person in Person.select().where(Person.id.in_(list(given))):
        due = vaccines.due_on(as_rules_see(person), given[person.id], today, book)
        if due:
            found[person.id] = due
    return found


def plan(person: vaccines.Person, doses: list[vaccines.GivenDose], code: str) -> Planned:
    """Ask the rules in force today about one product. Raises Refused for one not in use."""
    today = clock.today()
    book = catalogue_on(today)
    product = book.products.get(code)
    if product is None:
        raise Refused(("holding_id", "lot_not_here"))
    step = vaccines.plan(person, doses, product, today, book)
    volumes = vaccines.volumes(product, person, step, today, book)
    found = vaccines.problems(product, person, doses, today, book)
    return Planned(product, step, volumes, found, book.version)


def record_dose(visit: Visit, version: int, given: Injection, by: SignedIn) -> int:
    """Record the dose of a visit that waits for it; returns the id of the dose.

    One transaction: the person is locked, so that two desks see each other; the rules are asked;
    the visit moves; a unit is taken from the lot; the dose is added. Raises Refused.
    """
    with db.atomic():
        person = locked_person(visit.person_id)
        lot = _lot_here(given.holding_id, visit.session)
        planned = plan(as_rules_see(person, visit.flags), history(person.id), lot.product)
        _refuse(visit, given, planned)
        now = clock.now()
        move(visit, version, "inject", observe_until=rules.observe_until(now))
        dose_id = Dose.insert(**_dose(visit, given, lot, planned, by, now)).execute()
        take_dose(given.holding_id, dose_id, by)
        audit.record("create", "dose", dose_id, person.id, product=lot.product)
        outbox.emit("dose.recorded", dose=dose_id)
        return dose_id


def lots_for(session: VaccinationSession) -> Any:
    """The lots that may be injected at a session now: planned for it, or held by its site."""
    return Holding.usable(clock.today()).where(_at(session))


def _at(session: VaccinationSession) -> Any:
    planned = SessionLot.select(SessionLot.holding).where(SessionLot.session == session.id)
    return (Holding.unit == session.unit_id) | Holding.id.in_(planned)


def _lot_here(holding_id: int, session: VaccinationSession) -> Lot:
    """The lot; whether it may still be used is seen when a unit is taken from it."""
    here = Holding.select(Holding, Lot).join(Lot).where(Holding.id == holding_id, _at(session))
    holding = here.get_or_none()
    if holding is None:
        raise Refused(("holding_id", "lot_not_here"))
    return holding.lot


def _refuse(visit: Visit, given: Injection, planned: Planned) -> None:
    """Raise Refused with every reason that stands against this dose."""
    reasons: list[Any] = [("", problem.code, problem.params) for problem in planned.refusals]
    reasons += rules.body_problems(given.body_part, given.table_no, visit.session.tables)
    if given.vaccinator_id not in vaccinators(visit.unit):
        reasons.append(("vaccinator_id", "vaccinator_not_here"))
    volume = given.volume_ml or planned.volumes.default
    if volume not in planned.volumes.choices:
        reasons.append(("volume_ml", "dose_volume"))
    reasons += rules.confirmation_problems(
        [problem.code for problem in planned.warnings],
        given.reason, given.vaccinator_id, given.confirmed_by,
    )  # fmt: skip
    if reasons:
        raise Refused(*reasons)


def vaccinators(unit: Unit) -> dict[int, str]:
    """id → name of those who may inject at a site."""
    return at_hand.vaccinators(tuple(int(part) for part in unit.path.split("/") if part))


def _dose(
    visit: Visit, given: Injection, lot: Lot, planned: Planned, by: SignedIn, now: datetime
) -> dict[str, Any]:
    step, warnings = planned.step, [problem.code for problem in planned.warnings]
    return {
        "visit": visit.id, "person": visit.person_id, "unit": visit.unit_id,
        "session": visit.session_id, "holding": given.holding_id, "product": lot.product,
        "lot_number": lot.number, "expires_on": lot.expires_on, "kind": step.kind,
        "seq": step.seq, "overall": step.overall,
        "volume_ml": given.volume_ml or planned.volumes.default,
        "body_part": given.body_part, "table_no": given.table_no, "given_at": now,
        "vaccinator": given.vaccinator_id, "recorded_by": by.id, "recorded_at": now,
        "rules_version": planned.version, "warnings": warnings, "reason": given.reason,
        "confirmed_by": given.confirmed_by if warnings else None,
    }  # fmt: skip
