"""A dose that was given at another place or time, with a proof."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.amendments import rules
from app.amendments.actions.checks import plan_on
from app.amendments.models import Amendment
from app.db import db
from app.people.models import Person
from app.units.models import Unit
from app.vaccines import rules as vaccines
from app.visits.actions import Planned, hold_person
from app.visits.models import Dose
from app.words import Refused


class Elsewhere(NamedTuple):
    """product: a code of the catalogue; place: the code of a unit of ours, or any words; proof:
    one of rules.PROOFS; reason: the asker's words, which the last proof needs; evidence: number
    of the paper, or where in it."""

    product: str
    given_on: date
    kind: str
    seq: int
    lot_number: str
    place: str
    proof: str
    reason: str
    evidence: str


def ask_elsewhere(person_id: int, said: Elsewhere, by: SignedIn) -> int:
    """Ask for a dose from elsewhere to be entered; returns the id of the request. Raises
    Refused."""
    with db.atomic():
        after = askable(hold_person(person_id), said)
        request_id = Amendment.insert(
            kind="elsewhere", unit=by.unit_id, person=person_id, after=after, cause=said.proof,
            reason=said.reason, evidence=said.evidence, asked_by=by.id, asked_at=clock.now(),
        ).execute()  # fmt: skip
        audit.record("create", "amendment", request_id, person_id, kind="elsewhere")
        return request_id


def askable(person: Person, said: Elsewhere) -> dict[str, Any]:
    """What a request for this dose keeps. Raises Refused when it may not be asked for now."""
    reasons = rules.elsewhere_problems(said.seq, said.place, said.proof, said.reason, said.evidence)
    if said.kind not in vaccines.KINDS:
        reasons.append(("kind", "not_a_choice"))
    if reasons:
        raise Refused(*reasons)
    after = _kept(said)
    _check(person, after)
    _not_waiting(person.id, after["given_on"])
    return after


def _not_waiting(person_id: int, given_on: str) -> None:
    waiting = Amendment.select().where(
        Amendment.person == person_id, Amendment.kind == "elsewhere", Amendment.decided_at.is_null()
    )
    if any(row.after["given_on"] == given_on for row in waiting):
        raise Refused(("given_on", "elsewhere_pending"))


def _kept(said: Elsewhere) -> dict[str, Any]:
    """What was said, as a request keeps it; a place that is a unit of ours is known as such."""
    unit = Unit.get_or_none(Unit.code == said.place.upper())
    return {
        "product": said.product, "given_on": said.given_on.isoformat(), "kind": said.kind,
        "seq": said.seq, "lot_number": said.lot_number,
        "unit_id": unit.id if unit else None, "place": "" if unit else said.place,
    }  # fmt: skip


def _check(person: Person, after: dict[str, Any]) -> Planned:
    """What the rules of that day say. Raises Refused for what cannot be."""
    if person.merged_into_id:
        raise Refused(("", "person_merged"))
    on = date.fromisoformat(after["given_on"])
    planned = plan_on(person, after["product"], on, after["kind"], after["seq"])
    if planned.refusals:
        raise Refused(*(("given_on", one.code, one.params) for one in planned.refusals))
    return planned


def against_elsewhere(request: Amendment) -> list[vaccines.Problem]:
    """What the rules say against the dose now. Raises Refused."""
    return _check(request.person, request.after).warnings


def enter_elsewhere(request: Amendment, by: SignedIn) -> int:
    """The approved dose counts in the history of the person; no stock, no session. Returns its
    id. Call it inside the transaction of the decision, which holds the person. Raises Refused."""
    after = request.after
    planned = _check(Person.get_by_id(request.person_id), after)
    dose_id = Dose.insert(
        person=request.person_id, unit=after["unit_id"], place=after["place"],
        product=after["product"], lot_number=after["lot_number"], kind=after["kind"],
        seq=after["seq"], overall=planned.step.overall, body_part="",
        given_at=noon(date.fromisoformat(after["given_on"])), recorded_by=request.asked_by_id,
        recorded_at=clock.now(), rules_version=planned.version,
        warnings=[problem.code for problem in planned.warnings], reason=request.reason,
        confirmed_by=by.id, source="elsewhere", evidence=request.evidence,
    ).execute()  # fmt: skip
    audit.record("create", "dose", dose_id, request.person_id, source="elsewhere")
    outbox.emit("dose.recorded", dose=dose_id)
    return dose_id


def noon(day: date) -> datetime:
    """The stored moment of a dose of which only the day is known."""
    return clock.day_bounds(day)[0] + timedelta(hours=12)
