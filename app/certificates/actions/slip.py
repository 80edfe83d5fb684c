"""Issuing and printing slips."""

import secrets

from flask import current_app

from app import audit, clock
from app.accounts.actions import SignedIn
from app.audit import AuditEntry
from app.certificates import rules
from app.certificates.models import Slip
from app.db import db, is_postgres
from app.people.models import Person
from app.people.rules import PartialDate
from app.visits.models import Dose, Visit
from app.words import Refused


def issue_slip(visit: Visit, by: SignedIn) -> int:
    """The id of the visit's one slip, made now if there is none, and printed once more.
    Raises Refused while the visit is not done."""
    reason = rules.slip_problem(visit.state)
    if reason:
        raise Refused(("", reason))
    with db.atomic():
        Slip.insert(
            visit=visit.id, person=visit.person_id, unit=visit.unit_id,
            code=rules.new_code(secrets.token_bytes(rules.CHANCE_BYTES)),
            nonce=secrets.token_urlsafe(16), issued_at=clock.now(), issued_by=by.id,
        ).on_conflict_ignore().execute()  # fmt: skip
        Slip.update(prints=Slip.prints + 1).where(Slip.visit == visit.id).execute()
        slip = Slip.get(Slip.visit == visit.id)
        audit.record("print", "slip", slip.id, slip.person_id, prints=slip.prints)
        return int(slip.id)


def last_visit(person_id: int) -> Visit:
    """The visit of a person's newest dose, wherever that was; its slip shows all of them. Raises
    Refused when there is no dose, or none that was given at a visit."""
    doses = list(Dose.of(person_id))
    visits = [dose.visit_id for dose in doses if dose.visit_id]
    if not visits:
        raise Refused(("", "slip_elsewhere" if doses else "slip_nothing"))
    return Visit.get_by_id(visits[-1])


def knows_birth(person_id: int, typed: PartialDate) -> bool:
    """Whether the birth date of somebody from anywhere was typed as it is on record. Each wrong
    one stands in the audit. Raises Refused after too many."""
    with db.atomic():
        query = Person.select().where(Person.id == person_id)
        # Held, so that several tries at once get no further than one after the other.
        person = (query.for_update() if is_postgres() else query).get()
        _refuse_guesses(person_id)
        if rules.same_birth(person.dob, typed):
            return True
        audit.record("refuse", "slip", None, person_id)
        return False


def _refuse_guesses(person_id: int) -> None:
    for most, within in rules.WRONG_BIRTHS:
        wrong = AuditEntry.select().where(
            AuditEntry.person_id == person_id, AuditEntry.action == "refuse",
            AuditEntry.noun == "slip", AuditEntry.at > clock.now() - within,
        )  # fmt: skip
        if wrong.count() >= most:
            minutes = int(within.total_seconds() // 60)
            raise Refused(("", "slip_wait", {"minutes": minutes}))


def pin_key() -> bytes:
    """The key that the PINs of all slips are made with (see Config.data_key)."""
    return bytes(current_app.extensions["config"].key("pin"))
