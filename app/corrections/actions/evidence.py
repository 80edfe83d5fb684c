"""Photos of a citizen: taken in, sealed, shown to who answers, and deleted at the end."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from app import audit, clock
from app.corrections import picture, rules
from app.corrections.models import Evidence, Ticket, TicketEvent
from app.db import db
from app.verification import rules as limits
from app.verification.actions import count
from app.words import Refused

NONCE = 12  # bytes (NIST SP 800-38D)


def add_photo(ticket: Ticket, data: bytes, address: str) -> int:
    """Keep a photo for a ticket that is open; returns its id. Raises Refused at "picture", and
    look_up_wait after too many."""
    if Evidence.select().where(Evidence.ticket == ticket.id).count() >= rules.MOST_PHOTOS:
        raise Refused(("picture", "evidence_enough"))
    count(limits.EVIDENCE, {"evidence_ticket": str(ticket.id), "picture_address": address})
    try:
        plain = picture.cleaned(data)
    except picture.Unreadable as why:
        large = why.reason == "picture_large"
        raise Refused(("picture", "evidence_large" if large else why.reason)) from None
    with db.atomic():
        return _keep(ticket, plain)


def _keep(ticket: Ticket, plain: bytes) -> int:
    # This also holds the ticket: nobody ends it, and no other photo comes in, meanwhile. Who has
    # it open must look again.
    held = Ticket.update(version=Ticket.version + 1).where(
        Ticket.id == ticket.id, Ticket.ended_at.is_null()
    )
    if not held.execute():
        raise Refused(("", "ticket_not_now"))
    number = Evidence.select().where(Evidence.ticket == ticket.id).count() + 1
    if number > rules.MOST_PHOTOS:
        raise Refused(("picture", "evidence_enough"))
    now = clock.now()
    row = Evidence.create(ticket=ticket.id, number=number, at=now, sealed=_seal(ticket.id, plain))
    TicketEvent.insert(ticket=ticket.id, act="photo", at=now).execute()
    audit.record("create", "evidence", row.id, ticket.person_id)
    return int(row.id)


def photo(ticket: Ticket, number: int) -> bytes | None:
    """The JPEG of a photo, for who may answer the ticket; None when there is none."""
    row = Evidence.get_or_none(Evidence.ticket == ticket.id, Evidence.number == number)
    if row is None:
        return None
    audit.record("view", "evidence", row.id, ticket.person_id)
    sealed = bytes(row.sealed)
    return _cipher().decrypt(sealed[:NONCE], sealed[NONCE:], _belongs(ticket.id))


def drop_photos(ticket: Ticket) -> None:
    """The ticket has ended: what was shown for it goes. Call it inside the transaction."""
    gone = Evidence.delete().where(Evidence.ticket == ticket.id).execute()
    if gone:
        audit.record("remove", "evidence", None, ticket.person_id, rows=gone, ticket=ticket.id)


def _seal(ticket_id: int, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _cipher().encrypt(nonce, plain, _belongs(ticket_id))


def _belongs(ticket_id: int) -> bytes:
    """What is sealed along: a photo that is moved to another ticket does not open."""
    return f"ticket {ticket_id}".encode()


def _cipher() -> AESGCM:
    return AESGCM(current_app.extensions["config"].key("evidence"))
