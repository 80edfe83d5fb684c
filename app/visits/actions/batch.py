"""The same step for many people in one transaction. Each has a part of their own in it: who cannot
go on stays where they are, with the reason, and holds up nobody else."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from app import audit
from app.accounts.actions import SignedIn
from app.db import db
from app.people.models import Alert
from app.sessions.models import VaccinationSession
from app.visits import rules
from app.visits.actions.desk import product_of
from app.visits.actions.dose import Injection, Planned, histories, plan, record_dose, vaccinators
from app.visits.actions.steps import as_rules_see, check_in, finish, hold_people
from app.visits.models import Visit
from app.words import Refused

Reasons = list[tuple[str, str, dict[str, Any]]]


def alone(work: Callable[[], Any]) -> Reasons:
    """Do `work` as a part of its own; the reasons when it is refused, and then without a trace."""
    try:
        with db.atomic(), audit.at_end():
            work()
    except Refused as refused:
        return refused.reasons
    return []


def finish_all(session_id: int, by: SignedIn) -> int:
    """End the observation of everybody who may go; returns how many that were."""
    with db.atomic():
        visits = list(Visit.may_go(session_id).order_by(Visit.id))
        return sum(not alone(partial(finish, one, one.version, by)) for one in visits)


class Candidate(NamedTuple):
    """Somebody who waits for the dose; against: what speaks against giving it as one of many."""

    visit: Visit
    planned: Planned
    alerts: list[Alert]
    against: Reasons


def candidates(visits: Iterable[Visit], product: str) -> list[Candidate]:
    """What the dose of a product would be for each, and what speaks against it. Raises Refused
    when the product is not in use."""
    visits = list(visits)
    people = [visit.person_id for visit in visits]
    doses, alerts = histories(people), Alert.select().where(Alert.person.in_(people))
    found = []
    for visit in visits:
        planned = plan(as_rules_see(visit.person, visit.flags), doses[visit.person_id], product)
        mine = [alert for alert in alerts if alert.person_id == visit.person_id]
        found.append(Candidate(visit, planned, mine, _against(visit, planned, mine)))
    return found


def _against(visit: Visit, planned: Planned, alerts: list[Alert]) -> Reasons:
    grave = any(alert.serious or alert.kind == "contraindication" for alert in alerts)
    codes = rules.together_problems(visit.conclusion, grave)
    if planned.volumes.default is None:
        codes.append("dose_volume")
    found: Reasons = [("", problem.code, dict(problem.params)) for problem in planned.problems]
    return found + [("", code, {}) for code in codes]


def record_doses(
    session: VaccinationSession, chosen: Mapping[int, int], given: Injection, by: SignedIn
) -> dict[int, Reasons]:
    """Record the doses of these visits (id → version), all of one lot. Visit id → why it was left
    as it was; no reasons: recorded. Raises Refused when nobody's could be."""
    with db.atomic():
        _refuse_all(session, given)
        product = product_of(given.holding_id)
        # Everybody is held before the first unit is taken from the lot: persons before lots.
        meant = Visit.session == session.id, Visit.id.in_(list(chosen))
        hold_people(visit.person_id for visit in Visit.select(Visit.person).where(*meant))
        visits = Visit.within(session.unit.path).where(*meant).order_by(Visit.queue_no)
        return {
            one.visit.id: alone(partial(_record, one, chosen[one.visit.id], given, by))
            for one in candidates(visits, product)
        }


def _refuse_all(session: VaccinationSession, given: Injection) -> None:
    reasons = rules.body_problems(given.body_part, given.table_no, session.tables)
    if given.vaccinator_id not in vaccinators(session.unit):
        reasons.append(("vaccinator_id", "vaccinator_not_here"))
    if reasons:
        raise Refused(*reasons)


def _record(one: Candidate, version: int, given: Injection, by: SignedIn) -> int:
    if one.visit.state in rules.VACCINATED:
        raise Refused(("", "dose_recorded_already"))
    if one.against and one.visit.state == "ready":
        raise Refused(*one.against)
    return record_dose(one.visit, version, given, by)


class Received(NamedTuple):
    """What came of receiving somebody: their visit (also one that was there before), and why they
    were not received; no reasons: received."""

    visit_id: int | None
    reasons: Reasons


def receive_all(session_id: int, people: list[int], by: SignedIn) -> dict[int, Received]:
    """Receive these people in this order. Person id → what came of it."""
    with db.atomic():
        hold_people(people)
        refused = {one: alone(partial(check_in, session_id, one, by)) for one in people}
        here = Visit.select().where(Visit.session == session_id, Visit.person.in_(people))
        visits = {visit.person_id: visit.id for visit in here}
        return {one: Received(visits.get(one), refused[one]) for one in people}
