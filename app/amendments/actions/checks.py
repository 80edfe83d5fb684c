"""What a dose that is entered or changed after the fact must be, by the rules of a new one."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from app import clock
from app.amendments import rules
from app.people.models import Person
from app.sessions.models import SessionLot, VaccinationSession
from app.stock.models import Holding, Lot
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits.actions import Planned, as_rules_see, vaccinators
from app.visits.models import Dose
from app.visits.rules import body_problems
from app.words import Refused


class Injected(NamedTuple):
    """A dose as it was given at a session. given_at: a stored moment; volume_ml None: the usual
    one; kind None: the one that the schedule says."""

    given_at: datetime
    holding_id: int
    vaccinator_id: int
    body_part: str
    table_no: int
    volume_ml: Decimal | None = None
    kind: str | None = None
    seq: int | None = None


class Checked(NamedTuple):
    """The lot, what the dose is and how much, what speaks against it, and by which rules."""

    lot: Lot
    step: vaccines.Plan
    volume_ml: Decimal | None
    warnings: list[vaccines.Problem]
    version: int


def check(
    session: VaccinationSession, person: Person, given: Injected, but: Dose | None = None
) -> Checked:
    """Ask all rules about a dose at a session, as of the day of the session. but: the dose that
    is changed; whoever injected it may work elsewhere by now. Raises Refused with every reason
    that stands against it."""
    on, now = session.held_on, clock.local(clock.now()).replace(tzinfo=None)
    wall = clock.local(given.given_at).replace(tzinfo=None)
    reasons: list[Any] = list(rules.moment_problems(wall, on, now))
    reasons += body_problems(given.body_part, given.table_no, session.tables)
    same_hand = but is not None and but.vaccinator_id == given.vaccinator_id
    if not same_hand and given.vaccinator_id not in vaccinators(session.unit):
        reasons.append(("vaccinator_id", "vaccinator_not_here"))
    lot = _lot(session, given, but)
    planned = plan_on(person, lot.product, on, given.kind, given.seq, but)
    volume = given.volume_ml or planned.volumes.default
    if volume not in planned.volumes.choices:
        reasons.append(("volume_ml", "dose_volume"))
    reasons += [("", problem.code, problem.params) for problem in planned.refusals]
    if reasons:
        raise Refused(*reasons)
    return Checked(lot, planned.step, volume, planned.warnings, planned.version)


def _lot(session: VaccinationSession, given: Injected, but: Dose | None) -> Lot:
    """The lot, which was there, in date and in use when the dose was given. Whether any is left
    is asked when the unit is taken."""
    holding = lots_on(session).where(Holding.id == given.holding_id).get_or_none()
    same = but is not None and but.holding_id == given.holding_id
    if holding is None:
        raise Refused(("holding_id", "lot_not_here"))
    if holding.lot.suspended_at and holding.lot.suspended_at <= given.given_at:
        raise Refused(("holding_id", "lot_suspended"))
    if holding.balance < 1 and not same:
        raise Refused(("holding_id", "lot_empty"))
    return holding.lot


def lots_on(session: VaccinationSession) -> Any:
    """The lots at a session, in date on its day: planned for it, or held by its site."""
    planned = SessionLot.select(SessionLot.holding).where(SessionLot.session == session.id)
    return (
        Holding.select(Holding, Lot)
        .join(Lot)
        .where((Holding.unit == session.unit_id) | Holding.id.in_(planned))
        .where(Lot.expires_on >= session.held_on)
        .order_by(Lot.expires_on, Holding.id)
    )


def plan_on(
    person: Person, code: str, on: date, kind: str | None, seq: int | None, but: Dose | None = None
) -> Planned:
    """What a dose of a product was on a day, by the rules of that day and the doses before it.
    Raises Refused for a product that is not in use, and for a second dose of one day, which after
    the fact is nearly always the same dose written twice."""
    book = catalogue_on(on)
    # What was licensed later is known too, so that it can be said that it was too early.
    product = book.products.get(code) or catalogue_on(clock.today()).products.get(code)
    if product is None:
        raise Refused(("product", "not_a_choice"))
    doses = _history(person.id, but)
    if but is None and any(dose.given_on == on for dose in doses):
        raise Refused(("", "same_day"))
    before = [dose for dose in doses if dose.given_on < on]
    seen = _alive(person, on)
    due = vaccines.plan(seen, before, product, on, book)
    step = due._replace(kind=kind, seq=seq or due.seq) if kind else due
    found = vaccines.problems(product, seen, before, clock.today(), book, step, on)
    found += _after(doses, on, step)
    volumes = vaccines.volumes(product, seen, step, on, book)
    return Planned(product, step._replace(overall=len(doses) + 1), volumes, found, book.version)


def _history(person_id: int, but: Dose | None) -> list[vaccines.GivenDose]:
    rows = Dose.of(person_id).where(Dose.id != (but.id if but else 0))
    return [
        vaccines.GivenDose(row.product, row.kind, row.seq, clock.local(row.given_at).date())
        for row in rows
    ]


def _alive(person: Person, on: date) -> vaccines.Person:
    """The person as on that day: whoever died since was given the dose all the same."""
    dead = person.deceased_on is not None and person.deceased_on < on
    return as_rules_see(person)._replace(deceased=dead)


def _after(
    doses: list[vaccines.GivenDose], on: date, step: vaccines.Plan
) -> list[vaccines.Problem]:
    """What later doses say against one that comes before them."""
    later = [dose for dose in doses if dose.given_on > on]
    found = []
    if later:
        found.append(vaccines.Problem("warn", "later_dose", {"given_on": later[0].given_on}))
    if any((dose.kind, dose.seq) == (step.kind, step.seq) for dose in doses):
        params = {"kind": step.kind, "seq": step.seq}
        found.append(vaccines.Problem("warn", "dose_number_taken", params))
    return found
