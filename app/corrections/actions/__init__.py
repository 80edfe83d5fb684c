"""Filing tickets, following them, and what is done with them."""

from app.corrections.actions.follow import follow, mark, normal, shown, ticket_of
from app.corrections.actions.handle import act, halves, link, reply
from app.corrections.actions.note import Said, file, province_named

__all__ = [
    "Said", "act", "file", "follow", "halves", "link", "mark", "normal", "province_named",
    "reply", "shown", "ticket_of",
]  # fmt: skip
