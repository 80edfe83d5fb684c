"""Issuing and printing slips."""

import secrets

from flask import current_app

from app import audit, clock
from app.accounts.actions import SignedIn
from app.certificates import rules
from app.certificates.models import Slip
from app.db import db
from app.visits.models import Visit
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


def pin_key() -> bytes:
    """The key that the PINs of all slips are made with (see Config.data_key)."""
    return bytes(current_app.extensions["config"].key("pin"))
