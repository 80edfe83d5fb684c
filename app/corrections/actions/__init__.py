"""Filing tickets, following them, and what is done with them."""

from app.corrections.actions.evidence import add_photo, photo
from app.corrections.actions.follow import follow, mark, normal, shown, ticket_of
from app.corrections.actions.handle import (
    act,
    acts,
    choose,
    halves,
    link,
    may_answer,
    reply,
    stands_in,
)
from app.corrections.actions.note import Said, file, province_named

__all__ = [
    "Said", "act", "acts", "add_photo", "choose", "file", "follow", "halves", "link", "mark",
    "may_answer", "normal", "photo", "province_named", "reply", "shown", "stands_in", "ticket_of",
]  # fmt: skip
