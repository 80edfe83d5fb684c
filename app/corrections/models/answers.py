"""What was changed since a ticket came in, and answers it."""

from typing import Any

from peewee import ModelSelect

from app import clock
from app.amendments.models import Amendment
from app.audit import AuditEntry
from app.corrections import rules
from app.corrections.models.tickets import Ticket
from app.people.models import Document, IdentityVersion, country
from app.visits.models import Dose

IDENTITY = ("name", "dob", "sex")  # of which versions are kept


def answering(ticket: Ticket) -> Amendment | None:
    """The last amendment that answers a ticket: approved since it came in, of the dose that it is
    about (none, while nobody said which), or, for a missing dose, one that was added, is of the
    day and the vaccine that were said, and stands."""
    if ticket.kind == "missing":
        return next((row for row in added(ticket) if not _other(ticket, row.dose)), None)
    return _approved(ticket).where(Amendment.dose == ticket.dose_id).first()


def added(ticket: Ticket) -> "ModelSelect[Amendment]":
    """The doses that were added since a ticket about a missing one came in, and stand, the last
    first."""
    return _approved(ticket).where(Dose.voided_at.is_null(), Amendment.id.not_in(_spent(ticket)))


def _other(ticket: Ticket, dose: Any) -> bool:
    return rules.other_dose(ticket.claim, clock.local(dose.given_at).date(), dose.product)


def _approved(ticket: Ticket) -> "ModelSelect[Amendment]":
    query = Amendment.select(Amendment, Dose).join(Dose).where(
        Amendment.person == ticket.person_id, Amendment.state == "approved",
        Amendment.decided_at >= ticket.asked_at, Amendment.kind.in_(rules.ANSWERS[ticket.kind]),
    )  # fmt: skip
    return query.order_by(Amendment.id.desc())


def asked_for(ticket: Ticket) -> "ModelSelect[Amendment]":
    """The requests about the person of a ticket that wait and may answer it."""
    kinds = rules.ANSWERS.get(ticket.kind, ())
    mine = Amendment.person == ticket.person_id, Amendment.kind.in_(kinds)
    return Amendment.select().where(*mine, Amendment.decided_at.is_null()).order_by(Amendment.id)


def _spent(ticket: Ticket) -> list[int]:
    """The added doses that settled a ticket about another missing dose of the person."""
    settled = Ticket.select().where(
        Ticket.person == ticket.person_id, Ticket.kind == ticket.kind, Ticket.id != ticket.id,
        Ticket.amendment.is_null(False),
    )  # fmt: skip
    day = ticket.claim.get("given_on")
    return [row.amendment_id for row in settled if row.claim.get("given_on") != day]


def identity_answered(ticket: Ticket) -> bool:
    """Whether something of what is said to be wrong was put right since, and the police confirmed
    who it is: name, birth date and sex by a new version of the identity, a number by a document,
    a nationality by details that say now what was said."""
    person, said = ticket.person, ticket.claim
    if person is None or person.identity_state != "verified":
        return False
    numbers = Document.select().where(
        Document.person == person.id, Document.added_at >= ticket.asked_at
    )
    same_country = country(said.get("nationality", "")) == person.nationality
    return bool(
        _changed(ticket) & said.keys()
        or ("number" in said and numbers.exists())
        or (same_country and _details_written(ticket))
    )


def _details_written(ticket: Ticket) -> bool:
    """Whether somebody wrote details since a ticket came in: they have no versions."""
    since = AuditEntry.person_id == ticket.person_id, AuditEntry.at >= ticket.asked_at
    rows = AuditEntry.select().where(
        *since, AuditEntry.noun == "person", AuditEntry.action == "change"
    )
    return any((row.detail or {}).get("what") == "details" for row in rows)


def _changed(ticket: Ticket) -> set[str]:
    """What a new version of the identity says otherwise than the one in force when a ticket came
    in."""
    mine = IdentityVersion.select().where(IdentityVersion.person == ticket.person_id)
    rows = list(mine.order_by(IdentityVersion.seq))
    # Who was registered and complained at one moment has no earlier one than the first.
    was = [row for row in rows if row.at < ticket.asked_at] or rows[:1]
    return {name for name in IDENTITY if rows and getattr(was[-1], name) != getattr(rows[-1], name)}
