"""Finding somebody at the counter: nationwide by exact number, in one's own care by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import g

from app import audit
from app.i18n import _
from app.people.models import Document, Person
from app.people.rules import Card, parse_card, query
from app.sessions.models import Expected
from app.visits.models import Visit
from app.visits.rules import whole

MOST = 20


class Found(NamedTuple):
    """people: who it may be; exact: asked by number, so anybody in the country; card: what a
    scanned card says; typed: what was typed, for a new record; numbers: person id → documents, to
    tell several people apart; more: there are others beside these; why: person id → why a short
    number means them."""

    people: list[Person]
    exact: bool
    card: Card | None
    typed: str
    numbers: Mapping[int, list[Document]] = MappingProxyType({})
    more: bool = False
    why: Mapping[int, str] = MappingProxyType({})


def find(session: Any, typed: str, waiting: bool = False) -> Found:
    """Look for a person as typed or scanned at a session. A short number is the one on the list,
    and where people wait already (`waiting`) also the one in their hand."""
    card, asked = parse_card(typed), query(typed)
    if asked.number:
        person = Person.by_number(asked.number)
        audit.record("search", "person", person.id if person else None,
                     person.id if person else None, how="number")  # fmt: skip
        return Found([person] if person else [], True, card, typed)
    called = _called(session, whole(typed.strip()), waiting) if len(typed.strip()) <= 5 else {}
    if called:
        audit.record("search", "person", how="called", hits=len(called))
        why = {person.id: text for text, person in called.items()}
        alone = list({person.id: person for person in called.values()}.values())
        return Found(alone, False, None, typed, why=why)
    path = g.user.unit_path
    people = list(Person.search(path, asked).limit(MOST + 1)) or list(
        Person.nearly(path, asked).limit(MOST + 1)
    )
    more, people = len(people) > MOST, people[:MOST]
    audit.record("search", "person", how="name", hits=len(people))
    numbers = Document.of([person.id for person in people]) if len(people) > 1 else {}
    return Found(people, False, None, typed, numbers, more)


def _called(session: Any, number: int, waiting: bool) -> dict[str, Person]:
    """Whom a short number means, each with which number it is."""
    listed = Person.select().join(Expected)
    found = {_("số trong danh sách"): listed.where(
        Expected.session == session.id, Expected.number == number
    )}  # fmt: skip
    if waiting:
        found[_("số thứ tự")] = Person.select().join(Visit).where(
            Visit.session == session.id, Visit.queue_no == number,
            Visit.state.in_(("arrived", "consented", "ready")),
        )  # fmt: skip
    rows = {text: query.get_or_none() for text, query in found.items() if number}
    return {text: person for text, person in rows.items() if person}
