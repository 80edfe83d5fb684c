"""A citizen follows a ticket by its code and the telephone that it was filed with."""

import hmac
import re

from app import audit, marks
from app.certificates.rules import plain
from app.corrections.actions.note import SIGNS
from app.corrections.models import Ticket
from app.verification import rules as limits
from app.verification.actions import count, settle

STAY = 30 * 60  # seconds that a page of a ticket leads on to an answer


def normal(text: str) -> str | None:
    """A typed code as it is kept; None when it cannot be one."""
    code = plain(text)
    return code if code and len(code) == SIGNS + 1 else None


def shown(code: str) -> str:
    """A code as it is written and read aloud: "7QK2-M9PX"."""
    return "-".join(re.findall("....", code))


def follow(code: str, phone: str, address: str) -> Ticket | None:
    """The ticket with this normal code and telephone; None when either does not fit. Raises
    Refused (look_up_wait) after too many tries in vain."""
    tried = count(limits.FOLLOW, {"ticket": code, "follow_phone": phone, "follow_address": address})
    found = Ticket.get_or_none(Ticket.code == code)
    same = hmac.compare_digest(found.phone if found else "-", phone)
    settle(tried, in_vain=not (found and same))
    if not (found and same):
        return None
    audit.record("look_up", "ticket", found.id, found.person_id)
    return found


def mark(ticket: Ticket) -> str:
    """A mark for the form on the page of a ticket, so that nothing is typed again."""
    return marks.mark("ticket", ticket.id)


def ticket_of(text: str) -> Ticket | None:
    """Whose mark this is; None when it is none, or is too old."""
    return Ticket.get_or_none(Ticket.id == marks.marked("ticket", text, STAY))
