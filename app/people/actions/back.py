"""Taking somebody out of the register again who was registered by mistake."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from app import audit, outbox
from app.db import db
from app.people.models import Care, Document, IdentityVersion, KeptApart, Person

OWN = (IdentityVersion, Document, Care, KeptApart)  # what a registration writes beside the person
MOMENT = timedelta(seconds=5)  # a registration takes no longer


def take_back(person_ids: Iterable[int], unit_id: int) -> list[int]:
    """Erase those of these people with whom nothing was done since they were registered at this
    unit: no visit, list, note or paper, no other unit, no change. Returns who is gone; the audit
    keeps that they were here."""
    with db.atomic():
        gone = _untouched(sorted(set(person_ids)), unit_id)
        for model in (IdentityVersion, Document, Care):
            model.delete().where(model.person.in_(gone)).execute()
        Person.delete().where(Person.id.in_(gone)).execute()
        for person_id in gone:
            audit.record("remove", "person", person_id, person_id, why="registered_by_mistake")
        if gone:
            outbox.emit_many("person.removed", [{"person": key} for key in gone])
        return gone


def _untouched(ids: Sequence[int], unit_id: int) -> list[int]:
    same = Person.id.in_(ids), Person.version == 1
    # Locked until the end: nobody begins something with them now.
    Person.update(version=Person.version).where(*same).execute()
    people = {person.id: person for person in Person.select().where(*same).order_by(Person.id)}
    elsewhere = Care.select(Care.person).where(Care.person.in_([*people]), Care.unit != unit_id)
    touched = {row.person_id for row in elsewhere}
    for key, documents in Document.of(people).items():
        last = people[key].created_at + MOMENT
        if any(not one.active or one.added_at > last for one in documents):
            touched.add(key)
    for field, model in Person._meta.backrefs.items():
        if model not in OWN:
            found = model.select(field.alias("who")).where(field.in_([*people])).dicts()
            touched |= {row["who"] for row in found}
    return [key for key in people if key not in touched]
