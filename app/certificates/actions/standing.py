"""Whether certificates still count, asked of the committed rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import fn

from app.certificates import rules
from app.certificates.models import Certificate, identity_seqs
from app.people.models import Person
from app.visits.models import Dose


def standing(certificate: Certificate) -> str:
    """ "" while it counts; otherwise why not: "revoked", "changed" (a dose was voided, changed or
    put before), "identity" or "merged". Time and signature are for whoever reads it."""
    return standing_many([certificate])[certificate.id]


def standing_many(certificates: Sequence[Certificate]) -> dict[int, str]:
    """The same for many, by their ids, in the same number of statements."""
    now = _records(certificate.person_id for certificate in certificates)
    return {one.id: _standing(one, now[one.person_id]) for one in certificates}


def _standing(certificate: Certificate, now: rules.Record) -> str:
    if certificate.revoked_at:
        return "revoked"
    return rules.fault(certificate.doses, certificate.identity_seq, now)


def _records(person_ids: Iterable[int]) -> dict[int, rules.Record]:
    ids = set(person_ids)
    seqs, doses = identity_seqs(ids), _doses(ids)
    people: Any = Person.select(Person.id, Person.identity_state, Person.merged_into)
    return {
        key: rules.Record(doses.get(key, []), seqs.get(key, 0), state, merged is not None)
        for key, state, merged in people.where(Person.id.in_(ids)).tuples()
    }


def _doses(ids: set[int]) -> dict[int, list[tuple[int, int]]]:
    """As Dose.of has them."""
    found: dict[int, list[tuple[int, int]]] = {}
    query: Any = Dose.select(Dose.person, Dose.id, Dose.version)
    query = query.where(Dose.person.in_(ids), Dose.voided_at.is_null())
    for person_id, dose_id, version in query.order_by(Dose.given_at, Dose.id).tuples():
        found.setdefault(person_id, []).append((dose_id, version))
    return found


def current(person_id: int, kind: str = "DCC") -> Certificate | None:
    """The certificate of a person to show, whether or not it still counts."""
    mine = Certificate.person == person_id, Certificate.kind == kind
    return Certificate.get_or_none(*mine, Certificate.current)


def ended_by_hand(person_ids: Iterable[int], kind: str = "DCC") -> dict[int, int]:
    """Those of these people whose newest certificate of a kind somebody ended by hand → it. They
    get no other one by themselves."""
    mine = Certificate.person.in_(list(person_ids)), Certificate.kind == kind
    newest = Certificate.select(fn.MAX(Certificate.id)).where(*mine).group_by(Certificate.person)
    rows = Certificate.select().where(Certificate.id.in_(newest))
    return {row.person_id: row.id for row in rows if rules.by_hand(row)}
