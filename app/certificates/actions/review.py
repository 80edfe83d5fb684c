"""What each dose and each person lacks on the way to a certificate; reads, changes nothing."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from app import clock
from app.certificates import rules
from app.certificates.actions.facts import Reason, facts_of_many
from app.certificates.models import Confirmation, identity_seqs, pending_for
from app.certificates.payload import Basis, Facts
from app.people.models import Document, Person
from app.vaccines.models import catalogue_on
from app.visits.models import Dose

Lacking = tuple[str, dict[str, Any]]  # a reason code and its values
NOTHING: dict[str, Any] = {}


class Mark(NamedTuple):
    """What a confirmation is about: a dose and an identity, each in one version."""

    dose_id: int
    version: int
    identity_seq: int


class Line(NamedTuple):
    """A dose (with its person) on the way to a certificate. `lacks`: why it cannot be confirmed;
    `confirmed` and `signed` as it is now."""

    dose: Dose
    mark: Mark
    lacks: list[Lacking]
    confirmed: bool
    signed: bool

    @property
    def ready(self) -> bool:
        """Whether it can be confirmed now."""
        return not self.confirmed and not self.lacks


def lines(doses: Sequence[Dose]) -> list[Line]:
    """Of these doses, each with its person, where they stand. The number of statements does not
    depend on how many they are."""
    people = {dose.person_id: dose.person for dose in doses}
    facts, seqs = facts_of_many(people), identity_seqs(people)
    identity = _identity(people.values())
    pending = pending_for(dose.id for dose in doses)
    done = _confirmed(people)
    products = _with_codes()
    found = []
    for dose in doses:
        mark = Mark(dose.id, dose.version, seqs.get(dose.person_id, 0))
        lacks = [(code, NOTHING) for code in identity[dose.person_id]]
        lacks += _of_person(facts.get(dose.person_id))
        codes = rules.of_dose(dose.id in pending, dose.product in products)
        lacks += [(code, NOTHING) for code in codes]
        found.append(Line(dose, mark, lacks, mark in done, done.get(mark) is not None))
    return found


def _of_person(facts: Facts | list[Reason] | None) -> list[Lacking]:
    if facts is None or isinstance(facts, Facts):
        return []
    return [(code, values) for _field, code, values in facts if code in rules.OF_PERSON]


def _identity(people: Iterable[Person]) -> dict[int, list[str]]:
    rows = list(people)
    papers = Document.of(person.id for person in rows)
    return {
        person.id: rules.of_person(_known(person, papers.get(person.id, []))) for person in rows
    }


def _known(person: Person, papers: Iterable[Document]) -> rules.Known:
    passport = any(row.kind == "PASSPORT" and row.active for row in papers)
    return rules.Known(person.nationality, person.identity_state, passport)


def _confirmed(person_ids: Iterable[int]) -> dict[Mark, int | None]:
    """What was confirmed of these people → the signing, if there was one."""
    query: Any = Confirmation.select(
        Confirmation.dose, Confirmation.dose_version, Confirmation.identity_seq, Confirmation.signed
    ).where(Confirmation.person.in_(list(person_ids)))
    return {Mark(*row[:3]): row[3] for row in query.tuples()}


def _with_codes() -> frozenset[str]:
    products = catalogue_on(clock.today()).products.values()
    return frozenset(one.code for one in products if rules.codes_known(one.mp, one.ma, one.vp))


def ready(person_ids: Iterable[int]) -> dict[int, Facts | list[Reason]]:
    """What certificates of these people say now, or all that stands against them. All doses that
    stand have to be confirmed and signed as they are: a certificate never says less than the
    record does, and never anything that nobody signed."""
    found = facts_of_many(person_ids)
    identity = _identity(Person.select().where(Person.id.in_(list(found))))
    done = _confirmed(found)
    given = [basis(facts).doses for facts in found.values() if isinstance(facts, Facts)]
    pending = pending_for(dose_id for doses in given for dose_id, _version in doses)
    for person_id, facts in found.items():
        reasons = [] if isinstance(facts, Facts) else list(facts)
        reasons += [("", code, NOTHING) for code in identity[person_id]]
        reasons += _of_doses(facts, done, pending) if isinstance(facts, Facts) else []
        found[person_id] = reasons or facts
    return found


def basis(facts: Facts) -> Basis:
    """The rows that facts were read from."""
    if facts.basis is None:
        raise ValueError("these facts were read from no rows")
    return facts.basis


def _of_doses(facts: Facts, done: dict[Mark, int | None], pending: set[int]) -> list[Reason]:
    rows = basis(facts)
    marks = [Mark(dose_id, version, rows.identity_seq) for dose_id, version in rows.doses]
    counts = {
        "miss_pending": sum(mark.dose_id in pending for mark in marks),
        "miss_confirmed": sum(mark not in done for mark in marks),
        "miss_signed": sum(mark in done and done[mark] is None for mark in marks),
    }
    return [("", code, {"n": n}) for code, n in counts.items() if n]
