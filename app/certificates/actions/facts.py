"""What a certificate will say of people, read from the committed rows and from nothing else."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from peewee import JOIN, fn

from app import clock
from app.certificates import payload, rules
from app.certificates.models import LatinName
from app.certificates.payload import Basis, Facts
from app.people.models import Document, IdentityVersion, Person
from app.units.models import Unit
from app.vaccines.models import catalogue_on
from app.vaccines.rules import Product
from app.visits.models import Dose
from app.words import Refused

ADULT = 18
Reason = tuple[str, str, dict[str, Any]]  # field, code, values: as Refused takes them


class _Counted(NamedTuple):
    kind: str
    seq: int
    base_doses: int


def facts_of(person_id: int) -> Facts:
    """What a certificate of this person would say now, with an identifier of its own. Raises
    Refused with everything that stands against it."""
    found = facts_of_many([person_id])[person_id]
    if not isinstance(found, Facts):
        raise Refused(*found)
    return found


def facts_of_many(person_ids: Iterable[int]) -> dict[int, Facts | list[Reason]]:
    """The same for many people, in the same number of statements: facts, or the reasons why not.
    People who do not exist are left out."""
    ids = list(person_ids)
    doses, numbers, names, seqs = _doses(ids), Document.of(ids), names_said(ids), _seqs(ids)
    found: dict[int, Facts | list[Reason]] = {}
    for person in Person.select().where(Person.id.in_(ids)):
        try:
            known = (doses.get(person.id, []), numbers.get(person.id, []), names.get(person.id))
            found[person.id] = _facts(person, *known, seqs.get(person.id, 0))
        except Refused as refused:
            found[person.id] = refused.reasons
    return found


def _facts(
    person: Person, doses: Sequence[Dose], numbers: Sequence[Document], said: LatinName | None,
    identity_seq: int,
) -> Facts:  # fmt: skip
    if person.merged_into_id:
        raise Refused(("", "person_merged"))
    if not doses:
        raise Refused(("", "cert_no_dose"))
    newest = doses[-1]
    product = _product(newest)
    if product is None:
        raise Refused(("", "cert_product", {"product": newest.product}))
    number, series = rules.series([_counted(dose) for dose in doses])
    facts = Facts(
        *(_name(said) if said else _by_rule(person)),
        dob=person.dob, sex=person.sex, nationality=person.nationality,
        number=_number(person, numbers), mp=product.mp, ma=product.ma, vp=product.vp,
        dose_number=number, series=series, given_on=clock.local(newest.given_at).date(),
        issuer=payload.ISSUER, uvci=rules.uvci(secrets.token_bytes(rules.UVCI_BYTES)),
        lot=newest.lot_number, place=newest.where, issued_on=clock.today(), kind=newest.kind,
        maker=product.maker, guardian=_guardian(person),
        basis=Basis(newest.id, tuple((dose.id, dose.version) for dose in doses), identity_seq),
    )  # fmt: skip
    reasons = payload.problems(facts)
    if reasons:
        raise Refused(*(("", code) for code in reasons))
    return facts


def _product(dose: Dose) -> Product | None:
    """The product as the catalogue of today has it; one that is no longer used, as on its day."""
    today = catalogue_on(clock.today()).products.get(dose.product)
    day = clock.local(dose.given_at).date()
    return today or catalogue_on(day).products.get(dose.product)


def _counted(dose: Dose) -> _Counted:
    product = _product(dose)
    return _Counted(dose.kind, dose.seq, product.base_doses if product else rules.USUAL_SERIES)


def _by_rule(person: Person) -> tuple[str, str, str, str]:
    """The name as the rules split it. Of a foreigner they do not know which word is which."""
    parts = rules.split(person.name) if person.nationality == "VN" else None
    if parts is None:
        raise Refused(("", "cert_name_split"))
    try:
        return (*parts, rules.latin(parts[0]), rules.latin(parts[1]))
    except rules.UnknownLetters as unknown:
        raise Refused(("", "cert_name_letters", {"letters": unknown.letters})) from None


def _name(said: LatinName) -> tuple[str, str, str, str]:
    return said.surname, said.given, said.surname_latin, said.given_latin


def _number(person: Person, documents: Sequence[Document]) -> str:
    """The document a person travels by: of a citizen the national number, else the passport."""
    wanted = ("CCCD", "PASSPORT") if person.nationality == "VN" else ("PASSPORT", "CCCD")
    active = {row.kind: row.number for row in reversed(documents) if row.active}
    return next((active[kind] for kind in wanted if kind in active), "")


def _guardian(person: Person) -> str:
    oldest = person.dob.age_range(clock.today())[1]
    return (person.guardian_name or "") if oldest < ADULT else ""


def _doses(ids: list[int]) -> dict[int, list[Dose]]:
    """The doses that stand, oldest first as Dose.of has them, with the site."""
    found: dict[int, list[Dose]] = {}
    query = Dose.select(Dose, Unit).join(Unit, JOIN.LEFT_OUTER)
    query = query.where(Dose.person.in_(ids), Dose.voided_at.is_null())
    for dose in query.order_by(Dose.given_at, Dose.id):
        found.setdefault(dose.person_id, []).append(dose)
    return found


def names_said(ids: list[int]) -> dict[int, LatinName]:
    """How somebody wrote these names; it counts while the name itself is the same."""
    version = (IdentityVersion.person == LatinName.person) & (
        IdentityVersion.seq == LatinName.identity_seq
    )
    query = (
        LatinName.select()
        .join(IdentityVersion, on=version)
        .join(Person, on=(Person.id == LatinName.person))
        .where(LatinName.person.in_(ids), IdentityVersion.name == Person.name)
    )
    return {row.person_id: row for row in query.order_by(LatinName.identity_seq)}


def _seqs(ids: list[int]) -> dict[int, int]:
    """The number of the newest identity version of each."""
    newest = fn.MAX(IdentityVersion.seq)
    query: Any = IdentityVersion.select(IdentityVersion.person, newest)
    query = query.where(IdentityVersion.person.in_(ids)).group_by(IdentityVersion.person)
    return dict(query.tuples())
