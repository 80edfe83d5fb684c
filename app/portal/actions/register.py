"""Registering and opening a registration again, without telling a stranger who registered."""

from app import audit, marks
from app.db import db
from app.portal import rules
from app.registrations.models import Registration
from app.verification import rules as limits
from app.verification.actions import count, settle

STAY = 2 * 60 * 60  # seconds that a step may take


def may_begin(phone: str, address: str) -> None:
    """Count one who begins to register. Raises Refused (look_up_wait)."""
    count(limits.REGISTER, {"register_phone": phone, "register_address": address})


def mark(registration_id: int) -> str:
    """What leads from step to step; it holds the number of the row alone."""
    return marks.mark("registration", registration_id)


def marked(text: str) -> Registration | None:
    """The registration of a mark; None when it is none, or is too old."""
    return Registration.get_or_none(Registration.id == marks.marked("registration", text, STAY))


def open_again(code: str, phone: str, year: int, address: str) -> Registration | None:
    """The registration with this code, telephone and year of birth; None when anything does not
    fit, after the same work. Raises Refused (look_up_wait) after too many tries in vain."""
    values = {"wish": code, "neighbours": rules.neighbours(code), "address": address}
    tried = count(limits.OPEN_WISH, values)
    with db.atomic():
        wish = Registration.get_or_none(Registration.code == code)
        if wish and (wish.phone, wish.dob_year) != (phone, year):
            wish = None
        settle(tried, in_vain=wish is None)
        audit.record("look_up", "registration", wish.id if wish else None)
    return wish
