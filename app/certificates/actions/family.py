"""A certificate for somebody at the counter, who may come from anywhere."""

from collections.abc import Sequence

from app import audit
from app.certificates import rules
from app.certificates.actions.paper import paper_problem, print_paper
from app.certificates.actions.slip import knows_birth
from app.certificates.models import Certificate
from app.db import db
from app.people.models import Person
from app.people.rules import PartialDate
from app.words import Refused


def at_counter(number: str, dob: PartialDate | None, path: str) -> int:
    """The certificate of whoever has this number. Of people in care at or below `path` the number
    is enough; of all others the birth date must be known too. Raises Refused."""
    person = Person.by_number(number) if number else None
    if person is None:
        raise Refused(("what", "number_unknown" if number else "slip_number"))
    if not Person.within(path).where(Person.id == person.id).exists():
        if dob is None:
            raise Refused(("dob", "family_birth"))
        if not knows_birth(person.id, dob):
            raise Refused(("dob", "slip_birth"))
    audit.record("search", "person", person.id, person.id, how="number")
    row = Certificate.get_or_none(
        Certificate.person == person.id, Certificate.current, Certificate.kind == "DCC"
    )
    if row is None or paper_problem(row):
        raise Refused(("what", "family_none"))
    return int(row.id)


def print_family(ids: Sequence[int]) -> str:
    """Count the cards of a sheet. Raises Refused when one of them counts no more, or when there
    are none or too many."""
    if not 0 < len(ids) <= rules.FAMILY:
        raise Refused(("", "family_size", {"most": rules.FAMILY}))
    with db.atomic():
        # In one order, so that two sheets cannot block each other.
        for row in Certificate.select().where(Certificate.id.in_(ids)).order_by(Certificate.id):
            print_paper(row, "family")
    return ""
