"""What a ticket says, for the forms that change the record."""

from datetime import date
from typing import Any

from flask import g, request, url_for
from flask.blueprints import BlueprintSetupState

from app import audit, claims, clock
from app.accounts.scope import scoped
from app.claims import Claim
from app.corrections import actions, rules
from app.corrections.models import Ticket
from app.corrections.views import pages
from app.corrections.views.show import lines
from app.i18n import _
from app.people.models import Person
from app.people.rules import parse_date


@pages.record
def hand_over(state: BlueprintSetupState) -> None:
    """The forms ask here."""
    claims.read_by(state.app.extensions, claim_of)


def claim_of(ticket_id: int) -> Claim | None:
    """The claim of an open ticket, for who answers it; one about identity also for who writes
    what is right of somebody in their care."""
    ticket = Ticket.get_or_none(Ticket.id == ticket_id)
    if ticket is None or ticket.ended_at or ticket.person is None:
        return None
    answers = _answers(ticket)
    if not (answers or _writes(ticket)):
        return None
    if request.method == "GET":
        audit.record("view", "ticket", ticket.id, ticket.person_id)
    back = (
        url_for("corrections.show", ticket_id=ticket.id) if answers
        else url_for("people.show", person_id=ticket.person_id)
    )  # fmt: skip
    code = actions.shown(ticket.code)
    return Claim(ticket.id, code, ticket.person_id, lines(ticket), _fields(ticket, code), back)


def _answers(ticket: Ticket) -> bool:
    here = scoped(Ticket).where(Ticket.id == ticket.id)
    return here.exists() and actions.may_answer(ticket, g.user)


def _writes(ticket: Ticket) -> bool:
    mine = scoped(Person).where(Person.id == ticket.person_id)
    return ticket.half == rules.IDENTITY and g.user.can("person.edit") and mine.exists()


def _fields(ticket: Ticket, code: str) -> dict[str, Any]:
    """What is said, as the fields of forms read it. Why a dose is changed is the ticket; for an
    identity the form asks which papers were seen."""
    said: dict[str, Any] = {name: ticket.claim[name] for name in FIELDS if name in ticket.claim}
    for name, read in READ.items():
        if name in said:
            said[name] = read(said[name])
    if ticket.half == rules.HEALTH:
        said["reason"] = _("Theo phản ánh %(code)s", code=code)
    return said


FIELDS = (*rules.OF_IDENTITY, "product", "given_on", "lot_number", "place")
READ = {"dob": lambda text: parse_date(text, clock.today()), "given_on": date.fromisoformat}
