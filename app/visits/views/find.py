"""Finding somebody at the counter: nationwide by exact number, in one's own care by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import g

from app import audit
from app.people.models import Document, Person
from app.people.rules import Card, parse_card, query
from app.sessions.models import Expected

MOST = 20


class Found(NamedTuple):
    """people: who it may be; exact: asked by number, so anybody in the country; card: what a
    scanned card says; typed: what was typed, for a new record; numbers: person id → documents, to
    tell several people apart; more: there are others beside these."""

    people: list[Person]
    exact: bool
    card: Card | None
    typed: str
    numbers: Mapping[int, list[Document]] = MappingProxyType({})
    more: bool = False


def find(session: Any, typed: str) -> Found:
    """Look for a person as typed or scanned at a session."""
    card, asked = parse_card(typed), query(typed)
    if asked.number:
        person = Person.by_number(asked.number)
        audit.record("search", "person", person.id if person else None,
                     person.id if person else None, how="number")  # fmt: skip
        return Found([person] if person else [], True, card, typed)
    if typed.strip().isdecimal() and len(typed.strip()) <= 4:
        listed = _listed(session, int(typed))
        if listed:
            return Found([listed], False, None, typed)
    path = g.user.unit_path
    people = list(Person.search(path, asked).limit(MOST + 1)) or list(
        Person.nearly(path, asked).limit(MOST + 1)
    )
    more, people = len(people) > MOST, people[:MOST]
    audit.record("search", "person", how="name", hits=len(people))
    numbers = Document.of([person.id for person in people]) if len(people) > 1 else {}
    return Found(people, False, None, typed, numbers, more)


def _listed(session: Any, number: int) -> Person | None:
    return (
        Person.select()
        .join(Expected)
        .where(Expected.session == session.id, Expected.number == number)
        .get_or_none()
    )
