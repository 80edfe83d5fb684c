"""What is answered to a message, in one part."""

import re
from collections.abc import Callable
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from app.corrections.actions import shown
from app.i18n import show_date
from app.notices import rules as notices
from app.people import rules as people
from app.portal import actions
from app.portal.actions import ill, wrong
from app.portal.actions.register import leave, may_leave, open_again
from app.portal.forms import LookUpForm
from app.reactions.actions import Told, read, tell
from app.registrations import rules as registrations
from app.registrations.models import Registration
from app.sessions.models import Appointment
from app.vaccines.models import product_name
from app.verification.actions import count
from app.verification.rules import (
    LOOK_UP_SMS,
    OPEN_WISH_SMS,
    REACTIONS_SMS,
    SMS_ANSWERS,
    SMS_COST,
    TICKETS_SMS,
)
from app.visits.models import Dose
from app.web import public_url
from app.words import Refused

# The kind of text, and what is filled in.
Answer = tuple[str, dict[str, str]]
MOST_CHOICES, NAME = 4, 15  # so many people, and letters of each, fit into one message


class Reply(NamedTuple):
    """asked: what is counted of the message; "over": a limit was reached. text: "" where nothing is
    said."""

    asked: str
    text: str


def answer(phone: str, text: str) -> Reply:
    """The answer to a message from a telephone."""
    phone = _normal(phone)
    what, lang, words = notices.command(text)
    try:
        count(SMS_ANSWERS, {"sms_answers": phone})
    except Refused:
        if what != "ill" or not read(" ".join(words))[1]:
            return Reply("over", "")
    try:
        kind, values = ANSWERS[what](phone, words)
    except Refused as wait:
        what, kind = "over", "sms_wait"
        values = {"minutes": str(wait.reasons[0][2]["minutes"])}
    values |= {"site": public_url().partition("://")[2]}
    return Reply(what, notices.text(kind, lang, values))


def _normal(phone: str) -> str:
    """As the telephones of people are kept; one of another country stays as it is."""
    try:
        return people.phone(phone)
    except people.Unfit:
        return phone


def _look_up(phone: str, words: list[str]) -> Answer:
    """The same answer for what is wrong and what is unknown."""
    code = registrations.normal(" ".join(words[:-1]))
    if code:
        return _seen(_wish(phone, code, words[-1]))
    form = LookUpForm(formdata=MultiDict(notices.asked(words)))
    if not form.validate():
        return "sms_nothing", {}
    count(SMS_COST, {"sms_phone": phone})
    found = actions.look_up(form.what.data, form.dob.data, form.pin.data, phone, LOOK_UP_SMS)
    return _doses(found) if found else ("sms_nothing", {})


def _wish(phone: str, code: str, born: str) -> Registration | None:
    """The code of a wish and a year of birth, from the telephone of the wish."""
    count(SMS_COST, {"sms_phone": phone})
    year = int(born) if re.fullmatch("[0-9]{4}", born) else 0
    return open_again(code, phone, year, phone, OPEN_WISH_SMS)


def _decline(phone: str, words: list[str]) -> Answer:
    """Whoever cannot come gives up the appointment; without one they learn how it stands."""
    code = registrations.normal(" ".join(words[:-1]))
    wish = _wish(phone, code, words[-1]) if code else None
    if wish and "appointment" in may_leave(wish):
        leave(wish, "appointment")
        return "sms_wish_left", {"code": wish.code[-4:]}
    return _seen(wish)


def _seen(wish: Registration | None) -> Answer:
    if wish is None:
        return "sms_nothing", {}
    values, called = {"code": wish.code[-4:]}, Appointment.of(wish.id)
    if called:
        held = called.session
        return "sms_wish_called", values | {
            "hour": f"{called.hour:%H:%M}", "day": show_date(held.held_on), "place": held.unit.name,
        }  # fmt: skip
    return ("sms_wish_waits" if wish.state in registrations.LIVE else "sms_wish_see"), values


def _doses(found: actions.Found) -> Answer:
    if not found.doses:
        return "sms_no_dose", {}
    last = max(found.doses, key=lambda dose: dose.given_at)
    return "sms_doses", {
        "n": str(len(found.doses)), "day": show_date(last.given_at),
        "product": product_name(last.product),
    }  # fmt: skip


def _wrong(phone: str, words: list[str]) -> Answer:
    """Who says that a dose is wrong gets a ticket; one answer for all who were told of none."""
    count(TICKETS_SMS, {"ticket_phone": phone})
    told = wrong.told(phone)
    n = _which(words, told)
    if told and n is None:
        return "sms_which", {"choices": _choices(told)}
    ticket = wrong.doubt(told[n - 1], phone, words) if n else None
    if ticket is None:
        return "sms_no_ticket", {}
    return "sms_wrong", {"code": shown(ticket.code), "day": show_date(ticket.due_answer)}


def _ill(phone: str, words: list[str]) -> Answer:
    """Whoever is in danger is told to call 115, whatever else we know; the site is told of it even
    when we do not know who of several people it is."""
    note = " ".join(words)
    signs, serious = read(note)
    if not serious:
        count(REACTIONS_SMS, {"reaction_phone": phone})
    if not words:
        return "sms_ill_how", {}
    doses = ill.doses(phone)
    n = _which(words, doses)
    if doses and n is None and not serious:
        return "sms_which_ill", {"choices": _choices(doses)}
    if not doses:
        return "sms_ill_nobody", {}
    dose = doses[n - 1] if n else max(doses, key=lambda dose: (dose.given_at, dose.id))
    tell(Told(dose.id, "sms", phone, signs, serious, note[:300], sure=n is not None))
    return ("sms_ill_serious" if serious else "sms_ill"), {}


def _which(words: list[str], doses: list[Dose]) -> int | None:
    """Whose dose it is: by the number that was written, or the only one."""
    return notices.chosen(words, len(doses)) or (1 if len(doses) == 1 else None)


def _choices(told: list[Dose]) -> str:
    """The people, each with the number to choose them by; of many the last ones."""
    names = [f"{n} {dose.person.masked[:NAME].strip()}" for n, dose in enumerate(told, 1)]
    return ", ".join(names[-MOST_CHOICES:])


ANSWERS: dict[str, Callable[[str, list[str]], Answer]] = {
    "look_up": _look_up,
    "wrong": _wrong,
    "decline": _decline,
    "ill": _ill,
    "help": lambda _phone, _words: ("sms_help", {}),
}
