"""The telephone of a wish is proven by a code that is sent there."""

import hmac

from flask import current_app

from app import audit, clock
from app.db import db
from app.outbox import emit
from app.registrations import rules
from app.registrations.models import PhoneProof


def ask_code(registration_id: int) -> None:
    """Have a code sent to the telephone of a wish; an earlier one is worth nothing any more. Not
    again within a minute: the button was pressed twice."""
    now = clock.now()
    with db.atomic():
        asked = PhoneProof.insert(registration=registration_id, asked_at=now).on_conflict(
            conflict_target=[PhoneProof.registration], preserve=[PhoneProof.asked_at],
            where=PhoneProof.asked_at < now - rules.CODE_AGAIN,
        )  # fmt: skip
        if list(asked.returning(PhoneProof.id).execute()):
            emit("registration.code_asked", registration=registration_id)


def code_of(registration_id: int) -> str | None:
    """The code that is good now; None when none was asked for, or too long ago."""
    proof = PhoneProof.get_or_none(PhoneProof.registration == registration_id)
    if proof is None or clock.now() - proof.asked_at > rules.CODE_STAYS:
        return None
    key = current_app.extensions["config"].key("phone code")
    text = f"{registration_id} {proof.asked_at}"
    return rules.phone_code(hmac.new(key, text.encode(), "sha256").digest())


def prove(registration_id: int, typed: str) -> bool:
    """Note that the telephone of a wish is proven, if this is the code that was sent there."""
    with db.atomic():
        right = code_of(registration_id)
        if right is None or not hmac.compare_digest(right, typed):
            return False
        PhoneProof.update(proven_at=clock.now()).where(
            PhoneProof.registration == registration_id, PhoneProof.proven_at.is_null()
        ).execute()
        audit.record("change", "registration", registration_id, phone="proven")
        return True
