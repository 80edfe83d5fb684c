"""A whole list at once: registered like one after the other, in few statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from peewee import IntegrityError

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.db import add_many, db
from app.people import rules
from app.people.actions.record import (
    Decided,
    Details,
    columns,
    keep_apart,
    known_columns,
    register,
    settled,
    taken,
    temporary,
)
from app.people.models import (
    Care,
    Document,
    IdentityVersion,
    LookAlike,
    Person,
    look_alikes_many,
)
from app.words import Refused


class Newcomer(NamedTuple):
    """What `register` is told of one person."""

    identity: rules.Identity
    numbers: tuple[rules.Number, ...]
    details: Details
    decided: Decided = Decided()


class _Entry(NamedTuple):
    """Somebody whom nothing speaks against. alikes: those who are other people."""

    at: int
    who: Newcomer
    alikes: list[LookAlike]
    doubts: list[str]


def register_many(people: Sequence[Newcomer], unit_id: int, by: SignedIn) -> list[int | Refused]:
    """Register one after the other, all in the care of a unit; for each the id or what `register`
    raises. Whoever looks like somebody before in the list is seen to last."""
    with db.atomic(), audit.at_end():
        whole = [_whole(one) for one in people]
        found, entries = _judged(whole, by)
        try:
            with db.atomic():
                found |= _written(entries, unit_id, by)
        except IntegrityError:
            pass  # another desk was quicker with a number: see who, one by one
        for at, one in enumerate(whole):
            if at not in found:
                found[at] = _alone(one, unit_id, by)
    return [found[at] for at in range(len(whole))]


def _whole(one: Newcomer) -> Newcomer:
    numbers = tuple(dict.fromkeys(number for number in one.numbers if number.number))
    identity = one.identity._replace(numbers=numbers, phone=one.details.phone)
    return one._replace(numbers=numbers, identity=identity)


def _alone(one: Newcomer, unit_id: int, by: SignedIn) -> int | Refused:
    try:
        return register(one.identity, one.numbers, one.details, unit_id, by, one.decided).id
    except Refused as refused:
        return refused


def _judged(
    people: Sequence[Newcomer], by: SignedIn
) -> tuple[dict[int, int | Refused], list[_Entry]]:
    """Place in the list → what speaks against somebody; and those whom nothing speaks against.
    Who is in neither must be looked at once these are written."""
    refused: dict[int, int | Refused] = {}
    entries: list[_Entry] = []
    alikes = look_alikes_many([one.identity for one in people], by.unit_path)
    holders = Person.holders({number for one in people for number in one.numbers})
    before = _Before()
    for at, (one, found) in enumerate(zip(people, alikes, strict=True)):
        waits = before.alike(one.identity)
        before.add(one.identity)
        if waits:
            continue
        doubts = rules.doubts(one.identity, one.details.guardian_name, clock.today())
        others = [alike for alike in found if alike.person.id not in one.decided.others]
        try:
            settled(others, doubts, one.decided)
            for number in one.numbers:
                if number in holders:
                    raise taken(holders[number].id)
            entries.append(_Entry(at, one, found, doubts))
        except Refused as doubted:
            refused[at] = doubted
    return refused, entries


class _Before:
    """The people before in a list, found by what two who are alike have in common."""

    def __init__(self) -> None:
        self.by_sign: dict[object, list[rules.Identity]] = defaultdict(list)

    def alike(self, identity: rules.Identity) -> bool:
        """Whether somebody before may be the same person."""
        near = (one for n in identity.numbers for one in rules.near_numbers(n.number))
        signs = [*_signs(identity), *near]
        found = (one for sign in signs for one in self.by_sign.get(sign, ()))
        return any(rules.alike(identity, one) for one in found)

    def add(self, identity: rules.Identity) -> None:
        """One more."""
        for sign in _signs(identity):
            self.by_sign[sign].append(identity)


def _signs(identity: rules.Identity) -> Iterator[object]:
    yield rules.sound(identity.name)
    for number in identity.numbers:
        yield number.number
        yield number.number[-10:]
    if identity.dob:
        yield identity.dob, identity.sex
        if identity.phone:
            yield identity.dob.year, identity.phone


def _written(entries: Sequence[_Entry], unit_id: int, by: SignedIn) -> dict[int, int]:
    """Place in the list → id of the new person."""
    if not entries:
        return {}
    now = clock.now()
    rows = [
        {
            **columns(entry.who.identity), **entry.who.details._asdict(), "created_at": now,
            "identity_note": entry.who.decided.confirmed if entry.doubts else "",
        }
        for entry in entries
    ]  # fmt: skip
    ids = add_many(Person, rows)
    versions = [
        {"person": key, "seq": 1, **known_columns(entry.who.identity), "by": by.id, "at": now}
        for key, entry in zip(ids, entries, strict=True)
    ]
    add_many(IdentityVersion, versions)
    documents = [
        {"person": key, "added_at": now, **number._asdict()}
        for key, entry in zip(ids, entries, strict=True)
        for number in entry.who.numbers or [temporary()]
    ]
    add_many(Document, documents)
    add_many(Care, [{"person": key, "unit": unit_id, "since": now} for key in ids])
    for key, entry in zip(ids, entries, strict=True):
        for other in entry.alikes:
            keep_apart(key, other.person.id, entry.who.decided.why, by)
        audit.record("create", "person", key, key, doubts=entry.doubts, unit=unit_id)
    outbox.emit_many("person.registered", [{"person": key} for key in ids])
    return {entry.at: key for key, entry in zip(ids, entries, strict=True)}


def take_all_in_care(person_ids: Iterable[int], unit_id: int) -> None:
    """Like take_in_care, for many."""
    now = clock.now()
    rows = [{"person": key, "unit": unit_id, "since": now} for key in person_ids]
    if rows:
        fresh = Care.insert_many(rows).on_conflict_ignore().returning(Care.person).execute()
        for person_id in sorted(row.person_id for row in fresh):
            audit.record("create", "care", unit_id, person_id)


def fill_gaps(person_id: int, gaps: Mapping[str, str | None]) -> bool:
    """Write telephone or address (see GAPS) of which nothing was known; what is known stays.
    Returns whether something was written."""
    person = Person.get_by_id(person_id)
    new = {
        name: value
        for field, names in GAPS.items() if gaps_in(person, field)
        for name in names if (value := gaps.get(name))
    }  # fmt: skip
    same = (Person.id == person_id) & (Person.version == person.version)
    wrote = new and Person.update(**new, version=Person.version + 1).where(same).execute()
    if wrote:
        audit.record("change", "person", person_id, person_id, what="details")
        outbox.emit("person.changed", person=person_id, what="details")
    return bool(wrote)


GAPS = {"phone": ("phone",), "address": ("area_scheme", "area_code", "address")}


def gaps_in(person: Person, field: str) -> bool:
    """Whether the record says nothing of a field of GAPS."""
    return not any(getattr(person, name) for name in GAPS[field])
