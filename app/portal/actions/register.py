"""Registering and opening a registration again, without telling a stranger who registered."""

from collections.abc import Iterable

from flask import current_app

from app import audit, clock, marks
from app.db import db
from app.notices.rules import mobile
from app.portal import rules
from app.registrations import actions as registrations
from app.registrations.models import PhoneProof, Registration
from app.registrations.rules import LIVE
from app.sessions.actions import remove
from app.sessions.models import Appointment
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


def open_again(
    code: str, phone: str, year: int, address: str, by: Iterable[limits.Limit] = limits.OPEN_WISH
) -> Registration | None:
    """The registration with this code, telephone and year of birth; None when anything does not
    fit, after the same work. Raises Refused (look_up_wait) after too many tries in vain."""
    values = {"wish": code, "neighbours": rules.neighbours(code), "address": address}
    tried = count(by, values)
    with db.atomic():
        wish = Registration.get_or_none(Registration.code == code)
        if wish and (wish.phone, wish.dob_year) != (phone, year):
            wish = None
        settle(tried, in_vain=wish is None)
        audit.record("look_up", "registration", wish.id if wish else None)
    return wish


def may_prove(wish: Registration) -> bool:
    """Whether a code can be sent to the telephone of this wish, and is still of use."""
    sends = bool(current_app.extensions["config"].sms)
    return sends and wish.state in LIVE and mobile(wish.phone) and not proven(wish)


def proven(wish: Registration) -> bool:
    """Whether somebody read a code on the telephone of this wish."""
    return bool(PhoneProof.proven([wish.id]))


def ask_code(wish: Registration, address: str) -> None:
    """Have a code sent. Raises Refused (look_up_wait)."""
    count(
        limits.ASK_CODE, {
            "code_phone": wish.phone, "code_neighbours": rules.neighbours(wish.phone),
            "ask_address": address,
        },
    )  # fmt: skip
    registrations.ask_code(wish.id)


def prove(wish: Registration, typed: str) -> bool:
    """Whether this is the code that was sent. Raises Refused (look_up_wait) after too many."""
    tried = count(limits.PROVE_PHONE, {"code_wish": str(wish.id)})
    proven = registrations.prove(wish.id, typed)
    settle(tried, in_vain=not proven)
    return proven


def may_leave(wish: Registration) -> list[str]:
    """What whoever opened a wish may give up now: "appointment", "wish"."""
    found = ["wish"] if wish.state in LIVE else []
    return ["appointment", *found] if _expected(wish) else found


def _expected(wish: Registration) -> Appointment | None:
    called = Appointment.of(wish.id)
    return None if called is None or called.session.shut(clock.today()) else called


def leave(wish: Registration, what: str) -> Registration:
    """Give up one of may_leave; the wish as it is then. Without its appointment it waits again at
    its place, and the telephone is told."""
    with db.atomic():
        if what == "wish":
            registrations.withdraw([wish.id])  # from now on no site can call it
        if called := _expected(wish):
            remove(called.session_id, called.person_id, again=what != "wish")
    return Registration.get_by_id(wish.id)
