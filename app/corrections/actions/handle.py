"""What officers do with a ticket, each for their own half, and what the citizen answers."""

from typing import Any

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.amendments.models import Amendment
from app.corrections import rules
from app.corrections.actions.consent import withdraw
from app.corrections.actions.evidence import drop_photos
from app.corrections.models import (
    Ticket,
    TicketEvent,
    added,
    answering,
    asks_which_dose,
    identity_answered,
    way_up,
)
from app.db import db
from app.people.models import Person
from app.units.models import Unit
from app.visits.models import Dose
from app.words import Refused

VERBS = {rules.HEALTH: "correction.answer", rules.IDENTITY: "person.verify"}


def halves(by: SignedIn) -> list[str]:
    """The halves that somebody answers for."""
    return [half for half, verb in VERBS.items() if by.can(verb)]


def stands_in(by: SignedIn) -> list[str]:
    """The halves that somebody answers for at their own unit only, because no police work there
    or above: nothing is settled or refused in their place, but the citizen is answered and the
    ticket sent on."""
    if not by.can(VERBS[rules.HEALTH]) or by.can(VERBS[rules.IDENTITY]):
        return []
    way = way_up(Unit.get_by_id(by.unit_id), clock.today())
    return [] if any(one.open and one.police for one in way) else [rules.IDENTITY]


def may_answer(ticket: Ticket, by: SignedIn) -> bool:
    """Whether somebody may do something with a ticket that they see."""
    if ticket.half in halves(by):
        return True
    return ticket.unit_id == by.unit_id and ticket.half in stands_in(by)


def acts(ticket: Ticket, by: SignedIn) -> tuple[str, ...]:
    """What somebody who may answer a ticket may do with it."""
    return tuple(rules.ACTS) if ticket.half in halves(by) else rules.STAND_IN


def act(
    ticket_id: int, what: str, version: int, text: str, to: str, by: SignedIn,
    same: bool = False,
) -> int:  # fmt: skip
    """Do one of rules.ACTS. version: what the page showed; to: the code of the unit that it is
    sent on to; same: the dose that was added last is the missing one, though it is of another day
    or vaccine than was said. Returns the id of the ticket. Raises Refused."""
    with db.atomic():
        ticket = Ticket.get_by_id(ticket_id)
        if not may_answer(ticket, by):
            raise Refused(("", "ticket_other_half"))
        if what not in rules.ACTS or what == "reply":
            raise Refused(("", "not_a_choice"))
        if what not in acts(ticket, by):
            raise Refused(("", "ticket_needs_police"))
        problems = rules.act_problems(what, ticket.state, text)
        if problems:
            raise Refused(*problems)
        changes = _changes(ticket, what, text, to, same)
        return _done(ticket, what, version, text, by, changes)


def _changes(ticket: Ticket, what: str, text: str, to: str, same: bool) -> dict[str, Any]:
    now, changes = clock.now(), {}
    if what in ("answer", "settle", "refuse") and ticket.answered_at is None:
        changes["answered_at"] = now
    if what in ("settle", "refuse"):
        changes["ended_at"] = now
    if what == "send":
        changes["unit"] = _receiver(ticket, to).id
    if what == "settle":
        changes |= _proof(ticket, text, same)
        if ticket.kind == "withdraw":
            withdraw(ticket)
    return changes


def _receiver(ticket: Ticket, code: str) -> Unit:
    """Who gets a ticket that is sent on. Raises Refused."""
    unit = Unit.get_or_none(Unit.code == code.strip().upper())
    if unit is None or not unit.open_on(clock.today()):
        raise Refused(("to", "ticket_no_unit"))
    if unit.id == ticket.unit_id:
        raise Refused(("to", "ticket_same_unit"))
    if ticket.half == rules.IDENTITY and not way_up(unit, clock.today())[0].police:
        raise Refused(("to", "ticket_no_police"))
    return unit


def _proof(ticket: Ticket, text: str, same: bool) -> dict[str, Any]:
    """What makes a ticket settled: the record was changed, by the pages that change records, or
    for what is no change, words. Raises Refused."""
    if ticket.kind in rules.ABOUT_A_DOSE:
        if ticket.kind in rules.ABOUT_A_GIVEN_DOSE and ticket.dose_id is None:
            raise Refused(("", "ticket_which_dose"))
        return {"amendment": _answer(ticket, text, same).id}
    if ticket.half == rules.IDENTITY:
        if not identity_answered(ticket):
            raise Refused(("", "ticket_not_verified"))
    elif not text.strip():
        raise Refused(("text", "required"))
    return {}


def _answer(ticket: Ticket, text: str, same: bool) -> Amendment:
    """What changed the dose that a ticket is about. Raises Refused."""
    found = answering(ticket)
    if found:
        return found
    other: Amendment | None = added(ticket).first() if ticket.kind == "missing" else None
    if other is None:
        raise Refused(("", "ticket_not_changed"))
    if not same:
        raise Refused(("same", "ticket_other_dose"))
    if not text.strip():
        raise Refused(("text", "required"))
    return other


def _done(
    ticket: Ticket, what: str, version: int, text: str, by: SignedIn | None,
    changes: dict[str, Any],
) -> int:  # fmt: skip
    state = rules.ACTS[what][1]
    done = Ticket.update(state=state, version=Ticket.version + 1, **changes).where(
        Ticket.id == ticket.id, Ticket.version == version
    )
    if not done.execute():
        raise Refused(("", "stale"))
    moved = "unit" in changes
    TicketEvent.insert(
        ticket=ticket.id, act=what, at=clock.now(), by=by.id if by else None, text=text,
        before=ticket.unit_id if moved else None, after=changes.get("unit"),
    ).execute()  # fmt: skip
    if "ended_at" in changes:
        drop_photos(ticket)
    audit.record("change", "ticket", ticket.id, ticket.person_id, event=what)
    outbox.emit(f"correction.{what}", ticket=ticket.id)
    return ticket.id


def link(ticket_id: int, version: int, number: str, by: SignedIn) -> int:
    """The officer found whom a ticket is about, by the number in force of somebody in the care of
    a unit here. Returns the id of the ticket. Raises Refused."""
    with db.atomic():
        ticket, person = Ticket.get_by_id(ticket_id), Person.by_number(number)
        if not may_answer(ticket, by):
            raise Refused(("", "ticket_other_half"))
        if ticket.ended_at:
            raise Refused(("", "ticket_not_now"))
        mine = Person.within(by.unit_path)
        if person is None or not mine.where(Person.id == person.id).exists():
            raise Refused(("number", "ticket_nobody"))
        if person.id != ticket.person_id:
            ticket.dose_id = None  # that of somebody else
        return _moved(ticket, "link", version, ticket.person_id, person.id, by, {"person": person})


def choose(ticket_id: int, version: int, dose_id: int, by: SignedIn) -> int:
    """The officer found which dose of the person is meant. Returns the id of the ticket. Raises
    Refused."""
    with db.atomic():
        ticket = Ticket.get_by_id(ticket_id)
        if not may_answer(ticket, by):
            raise Refused(("", "ticket_other_half"))
        if not asks_which_dose(ticket):
            raise Refused(("", "ticket_not_now"))
        if not Dose.select().where(Dose.id == dose_id, Dose.person == ticket.person_id).exists():
            raise Refused(("", "not_a_choice"))
        before, ticket.dose_id = ticket.dose_id, dose_id
        return _moved(ticket, "dose", version, before, dose_id, by, {})


def _moved(
    ticket: Ticket, what: str, version: int, before: int | None, after: int, by: SignedIn,
    changes: dict[str, Any],
) -> int:  # fmt: skip
    """A ticket is about somebody or some dose; returns its id. Raises Refused."""
    done = Ticket.update(dose=ticket.dose_id, version=Ticket.version + 1, **changes).where(
        Ticket.id == ticket.id, Ticket.version == version
    )
    if not done.execute():
        raise Refused(("", "stale"))
    TicketEvent.insert(
        ticket=ticket.id, act=what, at=clock.now(), by=by.id, before=before, after=after
    ).execute()
    person = Ticket.get_by_id(ticket.id).person_id
    audit.record("change", "ticket", ticket.id, person, event=what)
    return ticket.id


def reply(ticket: Ticket, text: str) -> int:
    """The citizen answers what was asked back. Raises Refused."""
    with db.atomic():
        problems = rules.act_problems("reply", ticket.state, text)
        if problems:
            raise Refused(*problems)
        return _done(ticket, "reply", ticket.version, text, None, {})
