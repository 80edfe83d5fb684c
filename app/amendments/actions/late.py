"""Hồi cứu: a dose that was given on paper while the service was away."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from peewee import IntegrityError

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.amendments import rules
from app.amendments.actions.checks import Checked, Injected, check
from app.amendments.models import Amendment
from app.db import db
from app.people.actions import take_in_care
from app.people.models import Person
from app.sessions.actions import still_open
from app.sessions.models import VaccinationSession
from app.stock.actions import take_dose
from app.vaccines import rules as vaccines
from app.visits.actions import ending, hold_person, move
from app.visits.models import Dose, Visit
from app.visits.rules import after, observe_until
from app.words import Refused, word


class Late(NamedTuple):
    """papers: consent and screening on paper were complete and let the dose be given; cause: one
    of rules.CAUSES; evidence: sheet and row of the contingency list."""

    given: Injected
    papers: bool
    cause: str
    reason: str
    evidence: str


def ask_late(session_id: int, person_id: int, said: Late, by: SignedIn) -> int:
    """Ask for a dose to be entered into a session that is not closed; returns the id of the
    request. Raises Refused."""
    with db.atomic():
        person, session = hold_person(person_id), still_open(session_id)
        reasons = rules.cause_problems(said.cause, said.reason)
        if not said.evidence:
            reasons.append(("evidence", "required"))
        if reasons:
            raise Refused(*reasons)
        _not_yet(session, person)
        check(session, person, said.given)
        request_id = _waiting(
            kind="late", unit=session.unit_id, person=person.id, session=session.id,
            after=kept(said.given) | {"papers": said.papers}, cause=said.cause,
            reason=said.reason, evidence=said.evidence, asked_by=by.id, asked_at=clock.now(),
        )  # fmt: skip
        audit.record("create", "amendment", request_id, person.id, kind="late")
        return request_id


def _waiting(**values: Any) -> int:
    try:
        with db.atomic():
            return Amendment.insert(**values).execute()
    except IntegrityError:
        raise Refused(("", "late_pending")) from None


def _not_yet(session: VaccinationSession, person: Person) -> Visit | None:
    """The visit that the dose belongs to, if the person was received. Raises Refused when the
    dose cannot belong to it."""
    visit = Visit.get_or_none(Visit.session == session.id, Visit.person == person.id)
    if visit and Dose.at_visit(visit.id):
        raise Refused(("", "already_here"))
    if visit and not after(visit.state, "enter_late"):
        raise Refused(("", "not_now", {"state": word(visit.state)}))
    if person.merged_into_id:
        raise Refused(("", "person_merged"))
    return visit


def kept(given: Injected) -> dict[str, Any]:
    """An injection as a request keeps it."""
    volume = given.volume_ml
    return given._asdict() | {
        "given_at": given.given_at.isoformat(),
        "volume_ml": None if volume is None else f"{volume:.2f}",
    }


def as_given(said: dict[str, Any]) -> Injected:
    """The injection that a request keeps."""
    values = {name: said[name] for name in Injected._fields}
    values["given_at"] = datetime.fromisoformat(values["given_at"])
    volume = values["volume_ml"]
    values["volume_ml"] = None if volume is None else Decimal(volume)
    return Injected(**values)


def against_late(request: Amendment) -> list[vaccines.Problem]:
    """What the rules say against a late entry now, for whoever decides. Raises Refused."""
    session = VaccinationSession.get_by_id(request.session_id)
    _not_yet(session, request.person)
    found = check(session, request.person, as_given(request.after)).warnings
    papers = [] if request.after["papers"] else [vaccines.Problem("warn", "papers_incomplete")]
    return papers + found


def enter_late(request: Amendment, by: SignedIn) -> int:
    """The approved dose stands, its visit is done; returns the id of the dose. Call it inside the
    transaction of the decision, which holds the person. Raises Refused."""
    person, session = Person.get_by_id(request.person_id), still_open(request.session_id)
    visit, given = _not_yet(session, person), as_given(request.after)
    checked = check(session, person, given)
    visit_id = _visit(visit, session, request, given, by)
    dose_id = Dose.insert(**_dose(visit_id, request, given, checked, by)).execute()
    take_dose(given.holding_id, dose_id, by, given.given_at)
    take_in_care(person.id, session.unit_id)
    audit.record("create", "dose", dose_id, person.id, source="late")
    outbox.emit("dose.recorded", dose=dose_id)
    return dose_id


def _visit(
    visit: Visit | None, session: VaccinationSession, request: Amendment, given: Injected,
    by: SignedIn,
) -> int:  # fmt: skip
    changes = {"observe_until": observe_until(given.given_at), **ending(by)}
    if request.after["papers"]:
        changes |= {
            "consent_at": given.given_at, "consent_by": request.asked_by_id,
            "conclusion": vaccines.ELIGIBLE, "computed": vaccines.ELIGIBLE,
        }  # fmt: skip
    if visit:
        return move(visit, visit.version, "enter_late", **changes)
    visit_id = Visit.insert(
        session=session.id, unit=session.unit_id, person=request.person_id, state="done",
        queue_no=_next_queue_no(session), arrived_at=given.given_at,
        arrived_by=request.asked_by_id, **changes,
    ).execute()  # fmt: skip
    audit.record("create", "visit", visit_id, request.person_id, session=session.id)
    return visit_id


def _next_queue_no(session: VaccinationSession) -> int:
    """Whoever was vaccinated has a number, also beyond what was planned."""
    VaccinationSession.update(last_queue_no=VaccinationSession.last_queue_no + 1).where(
        VaccinationSession.id == session.id
    ).execute()
    return VaccinationSession.get_by_id(session.id).last_queue_no


def _dose(
    visit_id: int, request: Amendment, given: Injected, checked: Checked, by: SignedIn
) -> dict[str, Any]:
    lot, step = checked.lot, checked.step
    return {
        "visit": visit_id, "person": request.person_id, "unit": request.unit_id,
        "session": request.session_id, "holding": given.holding_id, "product": lot.product,
        "lot_number": lot.number, "expires_on": lot.expires_on, "kind": step.kind,
        "seq": step.seq, "overall": step.overall, "volume_ml": checked.volume_ml,
        "body_part": given.body_part, "table_no": given.table_no, "given_at": given.given_at,
        "vaccinator": given.vaccinator_id, "recorded_by": request.asked_by_id,
        "recorded_at": clock.now(), "rules_version": checked.version,
        "warnings": [problem.code for problem in checked.warnings], "reason": request.reason,
        "confirmed_by": by.id, "source": "late", "evidence": request.evidence,
    }  # fmt: skip
