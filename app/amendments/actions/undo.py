"""Taking back the last step of a visit, by whoever pressed it wrongly."""

from typing import Any

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.amendments import rules
from app.amendments.models import Amendment
from app.db import db
from app.people.actions import alerted, drop_alert
from app.registrations.actions import wish_again
from app.sessions.actions import locked
from app.stock.actions import give_back
from app.visits.actions import hold_person, move
from app.visits.models import Dose, Visit
from app.words import Refused

# What a screening found is asked again; nothing of it may stay behind.
UNSCREENED: dict[str, Any] = {
    "conclusion": None, "computed": None, "delay_until": None, "note": "",
}  # fmt: skip
UNSIGNED: dict[str, Any] = {
    "consent_at": None, "consent_by": None, "consent_text": None, "consent_signer": "",
    "consent_relation": "",
}  # fmt: skip


def undo(visit_id: int, version: int, by: SignedIn) -> int:
    """Back to where the person stood before the dose, or before the wrong ending. version: what
    the page showed; an old one must not take back what came after it. Returns the id of the visit.
    Raises Refused: stale, undo_nothing, undo_not_yours, undo_too_late, undo_closed, undo_reaction,
    amend_pending."""
    with db.atomic():
        known = Visit.get_by_id(visit_id)
        hold_person(known.person_id)
        session = locked(known.session_id)
        visit = Visit.get_by_id(visit_id)
        problems = rules.undo_problems(last_step(visit), by.id, clock.now())
        if session.closed_at:
            problems = ["undo_closed"]
        elif not problems and visit.version != version:
            problems = ["stale"]
        if problems:
            raise Refused(*(("", code) for code in problems))
        dose = Dose.at_visit(visit.id)
        return _dose_back(visit, dose, by) if dose else _reopen(visit)


def last_step(visit: Visit) -> rules.Step:
    """Who brought a visit where it stands, and when."""
    dose = Dose.at_visit(visit.id) if visit.state == "observing" else None
    if dose:
        return rules.Step(visit.state, dose.recorded_by_id, dose.recorded_at)
    return rules.Step(visit.state, visit.ended_by_id, visit.ended_at)


def _dose_back(visit: Visit, dose: Dose, by: SignedIn) -> int:
    if alerted(visit.person_id, "reaction", visit.id):
        raise Refused(("", "undo_reaction"))
    if Amendment.waiting_for(dose.id):
        raise Refused(("", "amend_pending"))
    move(visit, visit.version, "undo", observe_until=None)
    void_dose(dose, by)
    now = clock.now()
    Amendment.insert(
        kind="undo", state="approved", unit=visit.unit_id, person=visit.person_id, dose=dose.id,
        version=dose.version, asked_by=by.id, asked_at=now, decided_by=by.id, decided_at=now,
    ).execute()  # fmt: skip
    return visit.id


def void_dose(dose: Dose, by: SignedIn) -> None:
    """The dose does not stand any more; its unit goes back to the lot. The row stays. Call it
    inside a transaction that holds the person. Raises Refused stale when it changed meanwhile."""
    voided = Dose.update(voided_at=clock.now(), version=Dose.version + 1).where(
        Dose.id == dose.id, Dose.version == dose.version, Dose.voided_at.is_null()
    )
    if not voided.execute():
        raise Refused(("", "stale"))
    if dose.holding_id:
        give_back(dose.holding_id, dose.id, by)
    stand = [row.given_at for row in Dose.of(dose.person_id)]
    wish_again(dose.person_id, stand[-1] if stand else None)
    audit.record("change", "dose", dose.id, dose.person_id, event="voided")
    outbox.emit("dose.voided", dose=dose.id)


def _reopen(visit: Visit) -> int:
    """From an ending back to the step that was pressed wrongly."""
    if visit.state == "contraindicated":
        drop_alert(visit.person_id, "contraindication", visit.id)
    changes = {**UNSCREENED, "ended_at": None, "ended_by": None}
    if visit.state == "refused":
        changes |= UNSIGNED
    return move(visit, visit.version, "undo", **changes)
