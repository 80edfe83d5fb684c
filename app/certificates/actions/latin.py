"""How a name is split and written in a passport, where somebody has to say it."""

from app import audit, clock
from app.accounts.actions import SignedIn
from app.certificates import rules
from app.certificates.actions.facts import names_said
from app.certificates.actions.revoke import end_of_person
from app.certificates.models import LatinName, identity_seqs
from app.db import db
from app.people.models import Person
from app.visits.actions import hold_person
from app.words import Refused


def write_latin(person_id: int, parts: rules.Parts, by: SignedIn) -> int:
    """Keep how the present name is written; certificates that say otherwise end, and others are
    issued by themselves. Returns the person. Raises Refused."""
    with db.atomic():
        person = hold_person(person_id)
        reasons = rules.parts_problems(person.name, parts)
        if reasons:
            raise Refused(*reasons)
        seq = identity_seqs([person_id]).get(person_id, 0)
        LatinName.delete().where(
            LatinName.person == person_id, LatinName.identity_seq == seq
        ).execute()
        row = LatinName.create(
            person=person_id, identity_seq=seq, by=by.id, at=clock.now(), **parts._asdict()
        )
        end_of_person(person_id, "name", by)
        audit.record("change", "latin_name", row.id, person_id)
        return person_id


def latin_parts(person: Person) -> rules.Parts:
    """How the name is written now: as somebody said, otherwise as the rules propose."""
    said = names_said([person.id]).get(person.id)
    if said is None:
        return rules.proposal(person.name)
    return rules.Parts(said.surname, said.given, said.surname_latin, said.given_latin)
