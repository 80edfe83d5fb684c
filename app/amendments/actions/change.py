"""A dose that was written down wrongly: asked to be changed or voided, and done once approved."""

from typing import Any

from peewee import IntegrityError

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.amendments.actions.checks import Injected, check
from app.amendments.actions.late import as_given, kept
from app.amendments.actions.places import may_decide
from app.amendments.actions.undo import void_dose
from app.amendments.models import Amendment, recorder
from app.db import db
from app.people.actions import alerted
from app.people.models import Person
from app.sessions.actions import locked, still_open
from app.sessions.models import VaccinationSession
from app.stock.actions import give_back, take_dose
from app.vaccines import rules as vaccines
from app.visits.actions import hold_person, move
from app.visits.models import Dose, Visit
from app.visits.rules import observe_until
from app.words import Refused


def values_of(dose: Dose) -> dict[str, Any]:
    """What can be changed of a dose, as a request keeps it."""
    return kept(
        Injected(
            dose.given_at, dose.holding_id or 0, dose.vaccinator_id or 0, dose.body_part,
            dose.table_no, dose.volume_ml, dose.kind, dose.seq,
        )
    )  # fmt: skip


def seen_at(dose: Dose, version: int) -> dict[str, Any]:
    """The values that the dose had when it was of this version."""
    values = values_of(dose)
    changes = Amendment.of_dose(dose.id).where(
        Amendment.kind == "change", Amendment.state == "approved", Amendment.version >= version
    )
    for row in reversed(list(changes)):
        values |= row.before
    return values


def ask_change(
    dose_id: int, version: int, wanted: Injected, reason: str, evidence: str, by: SignedIn
) -> int:
    """Ask for a dose of a session to be changed; version: the one that the asker saw. Returns the
    id of the request. Raises Refused."""
    with db.atomic():
        dose = _free(dose_id, version, reason, by)
        if dose.session_id is None:
            raise Refused(("", "dose_elsewhere"))
        checked = _check(dose, wanted)
        now, then = values_of(dose), kept(wanted._replace(volume_ml=checked.volume_ml))
        names = [name for name in now if now[name] != then[name]]
        if not names:
            raise Refused(("", "amend_same"))
        before, after = ({name: side[name] for name in names} for side in (now, then))
        return _ask(dose, "change", by, before=before, after=after, reason=reason,
                    evidence=evidence)  # fmt: skip


def ask_void(dose_id: int, version: int, reason: str, evidence: str, by: SignedIn) -> int:
    """Ask for a dose that never was to be voided. Returns the id of the request. Raises
    Refused."""
    with db.atomic():
        dose = _free(dose_id, version, reason, by)
        return _ask(dose, "void", by, reason=reason, evidence=evidence)


def _free(dose_id: int, version: int, reason: str, by: SignedIn) -> Dose:
    """The dose, with its person held. Raises Refused when this person may not ask about it, or
    not now."""
    hold_person(Dose.get_by_id(dose_id).person_id)
    dose = Dose.get_by_id(dose_id)
    if not may_decide(recorder(dose), by):
        raise Refused(("", "amend_not_yours"))
    if dose.voided_at:
        raise Refused(("", "dose_voided"))
    if Amendment.waiting_for(dose_id):
        raise Refused(("", "amend_pending"))
    if dose.version != version:
        raise Refused(("", "stale"))
    if not reason:
        raise Refused(("reason", "required"))
    return dose


def _ask(dose: Dose, kind: str, by: SignedIn, **values: Any) -> int:
    try:
        with db.atomic():
            request_id = Amendment.insert(
                kind=kind, unit=recorder(dose).id, person=dose.person_id, dose=dose.id,
                version=dose.version, asked_by=by.id, asked_at=clock.now(), **values,
            ).execute()  # fmt: skip
    except IntegrityError:
        raise Refused(("", "amend_pending")) from None
    audit.record("create", "amendment", request_id, dose.person_id, kind=kind)
    return request_id


def _check(dose: Dose, wanted: Injected) -> Any:
    person = Person.get_by_id(dose.person_id)
    session = VaccinationSession.get_by_id(dose.session_id)
    return check(session, person, wanted, but=dose)


def against_change(request: Amendment) -> list[vaccines.Problem]:
    """What the rules say against the changed dose now. Raises Refused."""
    dose = _unchanged(request)
    return _check(dose, _wanted(dose, request)).warnings


def against_void(request: Amendment) -> list[vaccines.Problem]:
    """Whoever had a reaction was given something. Raises Refused."""
    dose = _unchanged(request)
    noted = dose.visit_id and alerted(dose.person_id, "reaction", dose.visit_id)
    return [vaccines.Problem("warn", "void_reaction")] if noted else []


def _unchanged(request: Amendment) -> Dose:
    dose = Dose.get_by_id(request.dose_id)
    if dose.version != request.version or dose.voided_at:
        raise Refused(("", "stale"))
    return dose


def _wanted(dose: Dose, request: Amendment) -> Injected:
    return as_given(values_of(dose) | request.after)


def change(request: Amendment, by: SignedIn) -> int:
    """The dose as it really was; returns its id. Call it inside the transaction of the decision,
    which holds the person. Raises Refused."""
    dose = _unchanged(request)
    if dose.session_id:
        # A closed session was counted lot by lot; the rest of a dose may still be put right.
        (still_open if "holding_id" in request.after else locked)(dose.session_id)
    wanted = _wanted(dose, request)
    checked = _check(dose, wanted)
    lot, warnings = checked.lot, [problem.code for problem in checked.warnings]
    written = Dose.update(
        holding=wanted.holding_id, product=lot.product, lot_number=lot.number,
        expires_on=lot.expires_on, kind=wanted.kind, seq=wanted.seq, given_at=wanted.given_at,
        volume_ml=checked.volume_ml, body_part=wanted.body_part, table_no=wanted.table_no,
        vaccinator=wanted.vaccinator_id, rules_version=checked.version, warnings=warnings,
        confirmed_by=by.id if warnings else dose.confirmed_by_id, version=Dose.version + 1,
    ).where(Dose.id == dose.id, Dose.version == dose.version, Dose.voided_at.is_null())  # fmt: skip
    if not written.execute():
        raise Refused(("", "stale"))
    if "given_at" in request.after and dose.visit_id:
        Visit.update(observe_until=observe_until(wanted.given_at), version=Visit.version + 1).where(
            Visit.id == dose.visit_id
        ).execute()
    _move_unit(dose, wanted, by)
    audit.record("change", "dose", dose.id, dose.person_id, event="changed")
    outbox.emit("dose.changed", dose=dose.id)
    return dose.id


def _move_unit(dose: Dose, wanted: Injected, by: SignedIn) -> None:
    """From one lot to another: two lots are taken in one order, whichever gives."""
    old, new = dose.holding_id or 0, wanted.holding_id
    for holding_id in sorted({old, new}) if old != new else ():
        if holding_id == old:
            give_back(old, dose.id, by)
        else:
            take_dose(new, dose.id, by, wanted.given_at)


def void(request: Amendment, by: SignedIn) -> int:
    """The dose never was; returns its id. Call it inside the transaction of the decision, which
    holds the person. Raises Refused."""
    dose = _unchanged(request)
    if dose.session_id:
        still_open(dose.session_id)
    if dose.visit_id:
        visit = Visit.get_by_id(dose.visit_id)
        move(visit, visit.version, "void")
    void_dose(dose, by)
    return dose.id
