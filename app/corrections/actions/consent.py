"""What follows when somebody withdraws their consent: nobody calls them any more. Doses that were
given stay, for the law has them kept."""

from app.corrections.models import Ticket
from app.i18n import N_
from app.people.models import Document, Person
from app.people.rules import fold, parse_date
from app.registrations.actions import withdraw as end_wishes
from app.registrations.models import Registration, live_of
from app.registrations.rules import Wanted
from app.sessions.actions import withdraw as take_off_lists
from app.visits.actions import hold_people
from app.visits.models import Visit

REASON = N_("Rút lại sự đồng ý")


def withdraw(ticket: Ticket) -> None:
    """End the wishes and the appointments of whom a ticket is about."""
    wishes = [wish.id for wish in _wishes(ticket)]
    hold_people(_people(ticket, wishes))
    end_wishes(wishes, REASON)  # from now on no site can call them
    for person_id in _people(ticket, wishes):
        present = Visit.select(Visit.session).where(Visit.person == person_id)
        take_off_lists(person_id, {visit.session_id for visit in present})


def _people(ticket: Ticket, wishes: list[int]) -> list[int]:
    rows = Registration.select(Registration.person).where(Registration.id.in_(wishes))
    return sorted({ticket.person_id, *(row.person_id for row in rows)} - {None})


def _wishes(ticket: Ticket) -> list[Registration]:
    person = ticket.person
    wanted = _of_person(person, ticket.phone) if person else _of_claim(ticket)
    return live_of(ticket.person_id, wanted)


def _of_person(person: Person, phone: str) -> list[Wanted]:
    numbers = [row.number for row in Document.of([person.id]).get(person.id, []) if row.active]
    phones = {phone, person.phone or phone}
    return [
        Wanted(number, person.folded, person.dob, person.sex, one)
        for number in numbers or [""] for one in sorted(phones)
    ]  # fmt: skip


def _of_claim(ticket: Ticket) -> list[Wanted]:
    """Somebody whose record was not found: as the ticket says, and of either sex."""
    said = ticket.claim
    born = parse_date(said["dob"], ticket.asked_at.date())
    number = said.get("number", "")
    return [Wanted(number, fold(said["name"]), born, sex, ticket.phone) for sex in "MF"]
