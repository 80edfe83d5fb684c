"""Tickets, what was done with each, and what answers them."""

from app.corrections.models.answers import added, answering, asked_for, identity_answered
from app.corrections.models.tickets import (
    DATA,
    Evidence,
    Ticket,
    TicketEvent,
    asks_which_dose,
    carer,
    consent_withdrawn,
    holidays,
    holidays_end,
    identities_in_doubt,
    opened_by,
    queue,
    way_up,
)

__all__ = [
    "DATA", "Evidence", "Ticket", "TicketEvent", "added", "answering", "asked_for",
    "asks_which_dose", "carer", "consent_withdrawn", "holidays", "holidays_end",
    "identities_in_doubt", "identity_answered", "opened_by", "queue", "way_up",
]  # fmt: skip
