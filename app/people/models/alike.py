"""Who may be the same person as somebody, by what indexes can find."""

from typing import Any, NamedTuple

from app.people import rules
from app.people.models.notes import KeptApart
from app.people.models.person import Care, Document, Person, has_word

MOST = 10


class LookAlike(NamedTuple):
    """Somebody who may be the person in question. sign: one of rules.LIKENESS; inside: in the
    care of one's own subtree, so that more than the minimum may be shown; unit: the name of the
    unit that had them in care last."""

    person: Person
    sign: str
    inside: bool
    unit: str


def look_alikes(identity: rules.Identity, path: str) -> list[LookAlike]:
    """Who may be this very person, the likeliest first (see rules.alike), without those who were
    kept apart from `identity.key`. Six queries, whatever is found.

    People outside `path` appear only by their number, or with the same name, sex and full birth
    date: nobody leafs through the nation by guessing. The caller writes the audit.
    """
    known = {person.id: person for person in _candidates(identity, path)}
    documents = Document.of(known)
    others = [person.identity_with(documents.get(key, [])) for key, person in known.items()]
    apart = {*KeptApart.of(identity.key), identity.key}
    judged = [
        (one.key, sign)
        for one, sign in rules.look_alikes(identity, others)
        if one.key and one.key not in apart
    ]
    carers = Care.last_of([key for key, _sign in judged], path)
    found = [LookAlike(known[key], sign, *carers[key]) for key, sign in judged]
    return [one for one in found if one.inside or is_certain(one, identity)][:MOST]


def is_certain(one: LookAlike, identity: rules.Identity) -> bool:
    """Enough to say to a stranger that such a person exists."""
    if one.sign == "same_name_birth_sex":
        return bool(identity.dob and identity.dob.day and one.person.dob_day)
    return one.sign.startswith("number_") or one.sign == "same_number"


def _candidates(identity: rules.Identity, path: str) -> list[Person]:
    nation = Person.select().where(Person.merged_into.is_null(), _anywhere(identity)).limit(50)
    here = Person.within(path).where(Person.merged_into.is_null(), _here(identity)).limit(200)
    return [*nation, *here]


def _anywhere(identity: rules.Identity) -> Any:
    """By number, or by name and full birth date."""
    numbers = {found for one in identity.numbers for found in near(one)}
    holders = Document.select(Document.person).where(Document.number.in_(sorted(numbers)))
    # Fetched first: no index serves an OR with a subquery.
    found = Person.id.in_([row.person_id for row in holders.limit(50)])
    if identity.dob and identity.dob.day:
        found |= _sounds(identity) & _born(identity.dob)
    return found


def near(one: rules.Number) -> list[str]:
    """The number itself and those that one slip may have made it of."""
    # A BHYT card ends in the number that stands alone on newer ones.
    alone = [one.number[-10:]] if one.kind == "BHYT" else []
    return [one.number, *alone, *rules.near_numbers(one.number)]


def _here(identity: rules.Identity) -> Any:
    """By three of name, birth date, sex and telephone, or with a slip in one of them."""
    like = _calls(identity) & _sounds(identity)
    if not identity.dob:
        return like
    like |= _sounds(identity) & Person.dob_year.in_(near_years(identity.dob))
    like |= _calls(identity) & (Person.dob_year == identity.dob.year)
    # A slip in the name leaves its first or its last word whole.
    words = rules.fold(identity.name).split()
    if words:
        edge = has_word(Person.folded, words[0]) | has_word(Person.folded, words[-1])
        like |= _born(identity.dob) & (Person.sex == identity.sex) & edge
    return like


def near_years(dob: rules.PartialDate) -> list[int]:
    """The year of birth and those that one slip may have made it of."""
    years = [dob.year, *map(int, rules.near_numbers(str(dob.year)))]
    return [year for year in years if 1900 <= year < 2100]


def _sounds(identity: rules.Identity) -> Any:
    return Person.sound == rules.sound(identity.name)


def _calls(identity: rules.Identity) -> Any:
    # An equality with None would find everybody without a telephone.
    return Person.phone == (identity.phone or "")


def _born(dob: rules.PartialDate) -> Any:
    born = Person.dob_year == dob.year
    for field, part in ((Person.dob_month, dob.month), (Person.dob_day, dob.day)):
        born &= field == part if part else field.is_null()
    return born
