"""What is done to the record of a person: register, change, add papers, take in care."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from peewee import IntegrityError, fn

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.db import db
from app.people import rules
from app.people.models import (
    Alert,
    Care,
    Document,
    IdentityVersion,
    KeptApart,
    LookAlike,
    Person,
    look_alikes,
)
from app.words import Refused


class Details(NamedTuple):
    """What is known of a person besides the identity. area: scheme and code of the commune;
    ethnicity and priority_group: codes; immunosuppressed: for the vaccine rules."""

    nationality: str = "VN"
    phone: str | None = None
    area_scheme: str | None = None
    area_code: str | None = None
    address: str = ""
    guardian_name: str | None = None
    guardian_phone: str | None = None
    guardian_relation: str | None = None
    priority_group: str | None = None
    occupation: str = ""
    workplace: str = ""
    ethnicity: str | None = None
    immunosuppressed: bool = False


class Decided(NamedTuple):
    """What somebody decided after a second look. others: ids of look-alikes who are other
    people, `why` they are (a code); confirmed: the reason why what seems wrong is right."""

    others: frozenset[int] = frozenset()
    why: str = ""
    confirmed: str = ""


class Doubted(Refused):
    """Nothing was saved yet: somebody must look again and decide (see Decided)."""

    def __init__(self, alikes: Sequence[LookAlike], doubts: Sequence[str]) -> None:
        reasons = [("why", "look_alikes_found")] if alikes else []
        super().__init__(*reasons, *([("confirmed", "doubts_found")] if doubts else []))
        self.alikes, self.doubts = alikes, doubts


def register(
    identity: rules.Identity,
    documents: Iterable[rules.Number],
    details: Details,
    unit_id: int,
    by: SignedIn,
    decided: Decided = Decided(),  # noqa: B008
) -> Person:
    """Make the record of a new person, in the care of a unit. Without documents (those with an
    empty number do not count) the person gets a temporary code.

    Raises Doubted when there are look-alikes or doubts that `decided` does not settle, and
    Refused number_taken, which nothing settles.
    """
    numbers = tuple(dict.fromkeys(one for one in documents if one.number))
    identity = identity._replace(numbers=numbers, phone=details.phone)
    with db.atomic():
        alikes = look_alikes(identity, by.unit_path)
        doubts = rules.doubts(identity, details.guardian_name, clock.today())
        settled([one for one in alikes if one.person.id not in decided.others], doubts, decided)
        person = Person.create(
            **columns(identity), **details._asdict(), created_at=clock.now(),
            identity_note=decided.confirmed if doubts else "",
        )  # fmt: skip
        _keep_version(person.id, identity, "", by)
        for number in numbers or [temporary()]:
            _insert_document(person.id, number)
        Care.create(person=person, unit=unit_id, since=clock.now())
        for other in alikes:
            keep_apart(person.id, other.person.id, decided.why, by)
        audit.record("create", "person", person.id, person.id, doubts=doubts, unit=unit_id)
        outbox.emit("person.registered", person=person.id)
        return person


def settled(alikes: Sequence[LookAlike], doubts: Sequence[str], decided: Decided) -> None:
    """Raise Doubted when something is left to look at."""
    open_doubts = [] if decided.confirmed else doubts
    if alikes or open_doubts:
        raise Doubted(alikes, open_doubts)


def columns(identity: rules.Identity) -> dict[str, Any]:
    """What the row of a person says of the identity."""
    return {
        "folded": rules.fold(identity.name), "sound": rules.sound(identity.name),
        "sort_key": rules.sort_key(identity.name), **known_columns(identity),
    }  # fmt: skip


def known_columns(identity: rules.Identity) -> dict[str, Any]:
    """What a version of the identity keeps of it."""
    year, month, day = identity.dob or (None, None, None)
    return {
        "name": identity.name, "sex": identity.sex,
        "dob_year": year, "dob_month": month, "dob_day": day,
    }  # fmt: skip


def _keep_version(person_id: int, identity: rules.Identity, reason: str, by: SignedIn) -> None:
    last = (
        IdentityVersion.select(fn.MAX(IdentityVersion.seq))
        .where(IdentityVersion.person == person_id)
        .scalar()
    )
    IdentityVersion.create(
        person=person_id, seq=(last or 0) + 1, **known_columns(identity),
        reason=reason, by=by.id, at=clock.now(),
    )  # fmt: skip


def temporary() -> rules.Number:
    """A code for somebody without a number."""
    return rules.Number("NONE", rules.temporary_code(secrets.randbelow(rules.CODES)))


def _insert_document(person_id: int, number: rules.Number) -> int:
    """Add a number. Other kinds with the same digits count too: a BHYT card may carry the CCCD."""
    holder = Person.by_number(number.number, number.country)
    if holder and holder.id != person_id:
        raise taken(holder.id)
    try:
        with db.atomic():
            return Document.create(person=person_id, added_at=clock.now(), **number._asdict()).id
    except IntegrityError:
        # Another desk was quicker, or the person has it already.
        raise Refused(("number", "number_here")) from None


def taken(person_id: int) -> Refused:
    """A number of a new person is this one's already."""
    unit = Care.last_of([person_id], "")[person_id][1]
    return Refused(("number", "number_taken", {"unit": unit}))


def change_identity(
    person_id: int,
    version: int,
    identity: rules.Identity,
    reason: str,
    by: SignedIn,
    confirmed: bool = False,
) -> int:
    """Write a new version of the identity; what the police confirmed must be confirmed again.
    Raises Refused stale when somebody else was quicker, Doubted when something disagrees and was
    not `confirmed` (`reason` is then kept as the note)."""
    with db.atomic():
        person = Person.get_by_id(person_id)
        known = person.identity._replace(name=identity.name, dob=identity.dob, sex=identity.sex)
        doubts = rules.doubts(known, person.guardian_name, clock.today())
        settled([], doubts, Decided(confirmed=reason if confirmed else ""))
        _change(
            person_id, version, **columns(known), identity_state="unverified",
            identity_note=reason if doubts else "",
        )  # fmt: skip
        _keep_version(person_id, known, reason, by)
        _changed(person_id, "identity", doubts=doubts)
        return person_id


def _change(person_id: int, version: int, **values: Any) -> None:
    """Write to the row of a person only if nobody wrote since `version` was read."""
    same = (Person.id == person_id) & (Person.version == version)
    if not Person.update(**values, version=Person.version + 1).where(same).execute():
        raise Refused(("", "stale"))


def _changed(person_id: int, what: str, **detail: Any) -> None:
    audit.record("change", "person", person_id, person_id, what=what, **detail)
    outbox.emit("person.changed", person=person_id, what=what)


def set_details(person_id: int, version: int, details: Details) -> int:
    """Write contact, address, guardian and group. Raises Refused stale."""
    with db.atomic():
        _change(person_id, version, **details._asdict())
        _changed(person_id, "details")
        return person_id


def set_deceased(person_id: int, version: int, on: date | None) -> int:
    """Note the day of death, which blocks every dose, or (None) that this was a mistake.
    Raises Refused stale, deceased_before_birth."""
    with db.atomic():
        if on and on < Person.get_by_id(person_id).dob.earliest():
            raise Refused(("on", "deceased_before_birth"))
        _change(person_id, version, deceased_on=on)
        _changed(person_id, "deceased", deceased=on is not None)
        return person_id


def verify_identity(person_id: int, version: int, right: bool, reason: str) -> int:
    """The police verifier says whether the identity is that of the population database. A wrong
    one needs a reason. Raises Refused stale, reason_missing."""
    if not right and not reason:
        raise Refused(("reason", "mismatch_reason"))
    with db.atomic():
        state = "verified" if right else "mismatch"
        _change(person_id, version, identity_state=state, identity_note=reason)
        audit.record("verify", "person", person_id, person_id, state=state)
        outbox.emit("person.verified", person=person_id, state=state)
        return person_id


def add_document(person_id: int, number: rules.Number, confirmed: str = "") -> int:
    """Add a number by which the person is known; returns its id. Raises Refused number_taken,
    number_here, and Doubted when it disagrees with birth year or sex and was not `confirmed`."""
    with db.atomic():
        person = Person.get_by_id(person_id)
        doubts = rules.disagreements(number.number, person.dob, person.sex)
        settled([], doubts, Decided(confirmed=confirmed))
        document_id = _insert_document(person_id, number)
        if doubts:
            Person.update(identity_note=confirmed).where(Person.id == person_id).execute()
        _changed(person_id, "document", kind=number.kind, doubts=doubts)
        return document_id


def end_document(document_id: int, why: str) -> int:
    """The number no longer holds; it stays to be found. Who has none left gets a temporary code.
    Returns the id of the person. Raises Refused stale."""
    with db.atomic():
        document = Document.get_by_id(document_id)
        ended = Document.update(active=False, ended_at=clock.now(), ended_why=why)
        if not ended.where(Document.id == document_id, Document.active).execute():
            raise Refused(("", "stale"))
        left = Document.select().where(Document.person == document.person_id, Document.active)
        if not left.exists():
            _insert_document(document.person_id, temporary())
        _changed(document.person_id, "document_end", kind=document.kind, why=why)
        return document.person_id


def keep_apart(one: int, other: int, why: str, by: SignedIn) -> None:
    """Note that two people who look alike are two, with the code of the reason."""
    low, high = sorted((one, other))
    KeptApart.insert(
        low=low, high=high, reason=why, by=by.id, at=clock.now()
    ).on_conflict_ignore().execute()
    audit.record("change", "kept_apart", other, one, why=why)


def take_in_care(person_id: int, unit_id: int) -> None:
    """The person was received here; from now on this unit sees the record."""
    fresh = (
        Care.insert(person=person_id, unit=unit_id, since=clock.now())
        .on_conflict_ignore()
        .as_rowcount()
        .execute()
    )
    if fresh:
        audit.record("create", "care", unit_id, person_id)


def receive(person_id: int, number: str, by: SignedIn) -> int:
    """Take somebody from elsewhere in care, who showed a document with this number. Returns the
    id of the person. Raises Refused number_unknown when it is not this person's."""
    with db.atomic():
        person = Person.by_number(number)
        if person is None or person.id != person_id:
            raise Refused(("", "number_unknown"))
        take_in_care(person_id, by.unit_id)
        return person_id


def add_alert(
    person_id: int, kind: str, text: str,
    product: str | None = None, serious: bool = False, visit_id: int | None = None,
) -> int:  # fmt: skip
    """Leave a note for the next screening: `kind` "contraindication" or "reaction"; `product`
    None: whatever the vaccine; `visit_id`: where it was met. Returns its id."""
    return Alert.create(
        person=person_id, kind=kind, text=text, product=product, serious=serious, at=clock.now(),
        visit_id=visit_id,
    ).id  # fmt: skip


def alerted(person_id: int, kind: str, visit_id: int) -> bool:
    """Whether a visit left such a note on a person."""
    here = Alert.kind == kind, Alert.visit_id == visit_id
    return Alert.select().where(Alert.person == person_id, *here).exists()


def drop_alert(person_id: int, kind: str, visit_id: int) -> None:
    """Take back what a visit noted wrongly."""
    here = Alert.kind == kind, Alert.visit_id == visit_id
    if Alert.delete().where(Alert.person == person_id, *here).execute():
        audit.record("remove", "alert", None, person_id, visit=visit_id)
