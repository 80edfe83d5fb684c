"""Who may be the same person as somebody, for a whole list at once: alike.py in few queries."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from app.db import is_postgres, run
from app.people import rules
from app.people.models.alike import MOST, LookAlike, is_certain, near, near_years
from app.people.models.person import Care, Document, Person

# What is asked, as the rows of a table: both databases take a list of any length as one value.
_POSTGRES = "json_to_recordset(?::json) as asked ({})"
_SQLITE = "(select {} from json_each(?)) as asked"
_HERE = """ and exists (select 1 from care join unit on unit.id = care.unit_id
where care.person_id = person.id and unit.path like ?)"""
_NUMBERS = "select document.person_id, document.number from {asked} {join} document using (number)"
_BORN = """select person.id from {asked} {join} person using (sound, dob_year, dob_month, dob_day)
where merged_into_id is null"""
_YEARS = """select person.id from {asked} {join} person using (sound, dob_year)
where merged_into_id is null"""
_CALLED = "select person.id from {asked} {join} person using (phone) where merged_into_id is null"
_DAYS = """select person.id from {asked} {join} person using (dob_year, dob_month, dob_day, sex)
where merged_into_id is null"""
_PARTIAL = """select person.id from {asked} {join} person using (dob_year, sex)
where dob_day is null and merged_into_id is null"""


def look_alikes_many(identities: Sequence[rules.Identity], path: str) -> list[list[LookAlike]]:
    """For each of these people, who are not registered yet, the answer of look_alikes."""
    pool = _Pool(identities, path)
    return [pool.alike(one) for one in identities]


class _Pool:
    """Everybody who may be meant by one of a list, found by what alike.py looks for."""

    def __init__(self, identities: Sequence[rules.Identity], path: str) -> None:
        holders = _holders(identities)
        ids = {key for keys in holders.values() for key in keys} | _others(identities, path)
        people = Person.select().where(Person.id.in_(sorted(ids)), Person.merged_into.is_null())
        self.people = {person.id: person for person in people}
        documents = Document.of(self.people)
        self.known = {
            key: person.identity_with(documents.get(key, [])) for key, person in self.people.items()
        }
        self.carers = Care.last_of(self.people, path)
        self.by_number = holders
        self.by_phone = self._index(lambda person: person.phone)
        self.by_sound = self._index(lambda person: (person.sound, person.dob_year))
        self.by_day = self._index(lambda person: (*person.dob, person.sex))

    def _index(self, key: Callable[[Person], Any]) -> dict[Any, list[int]]:
        found = defaultdict(list)
        for person in self.people.values():
            found[key(person)].append(person.id)
        return found

    def alike(self, identity: rules.Identity) -> list[LookAlike]:
        """See look_alikes."""
        keys = {*self._anywhere(identity), *(k for k in self._here(identity) if self.carers[k][0])}
        known = [self.known[key] for key in sorted(keys) if key in self.known]
        found = [
            LookAlike(self.people[one.key], sign, *self.carers[one.key])
            for one, sign in rules.look_alikes(identity, known)
            if one.key
        ]
        return [one for one in found if one.inside or is_certain(one, identity)][:MOST]

    def _anywhere(self, identity: rules.Identity) -> Iterator[int]:
        for number in identity.numbers:
            for one in near(number):
                yield from self.by_number.get(one, ())
        if identity.dob and identity.dob.day:
            sound = rules.sound(identity.name)
            for key in self.by_sound.get((sound, identity.dob.year), ()):
                if self.people[key].dob == identity.dob:
                    yield key

    def _here(self, identity: rules.Identity) -> Iterator[int]:
        sound, dob = rules.sound(identity.name), identity.dob
        for key in self.by_phone.get(identity.phone or "", ()):
            if self.people[key].sound == sound or (dob and self.people[key].dob_year == dob.year):
                yield key
        if dob:
            for year in near_years(dob):
                yield from self.by_sound.get((sound, year), ())
            words = rules.fold(identity.name).split()
            for key in self.by_day.get((*dob, identity.sex), ()) if words else ():
                if _has_edge(self.people[key].folded, words):
                    yield key


def _has_edge(folded: str, words: Sequence[str]) -> bool:
    return any(f" {word}" in f" {folded}" for word in (words[0], words[-1]))


def _holders(identities: Iterable[rules.Identity]) -> dict[str, list[int]]:
    numbers = {
        one for identity in identities for number in identity.numbers for one in near(number)
    }
    found = defaultdict(list)
    for person_id, number in _ask(_NUMBERS, {"number": "text"}, [(one,) for one in numbers]):
        found[number].append(person_id)
    return found


def _others(identities: Sequence[rules.Identity], path: str) -> set[int]:
    """Ids by name and birth date in the nation; by the rest among those in care at `path`."""
    born = [(rules.sound(one.name), *one.dob, one.sex) for one in identities if one.dob]
    days = [row for row in born if row[3]]
    years = {(row[0], year) for row in born for year in near_years(rules.PartialDate(row[1]))}
    text, number = "text", "int"
    date = {"dob_year": number, "dob_month": number, "dob_day": number}
    here = [f"{path}%"]
    found = {
        *_ask(_BORN, {"sound": text, **date}, [row[:4] for row in days]),
        *_ask(_YEARS + _HERE, {"sound": text, "dob_year": number}, years, here),
        *_ask(_CALLED + _HERE, {"phone": text}, {(i.phone,) for i in identities if i.phone}, here),
        *_ask(_DAYS + _HERE, {**date, "sex": text}, {row[1:] for row in days}, here),
        *_ask(
            _PARTIAL + _HERE, {"dob_year": number, "sex": text},
            {(row[1], row[4]) for row in born if not row[3]}, here,
        ),
    }  # fmt: skip
    return {row[0] for row in found}


def _ask(
    sql: str, columns: dict[str, str], rows: Iterable[Sequence[Any]], more: Sequence[Any] = ()
) -> list[Any]:
    """Execute `sql` with `rows` as the table `asked`."""
    values = json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
    if is_postgres():
        table = _POSTGRES.format(", ".join(f"{name} {kind}" for name, kind in columns.items()))
    else:
        names = (f"json_extract(value, '$.{name}') as {name}" for name in columns)
        table = _SQLITE.format(", ".join(names))
    # SQLite would walk through everybody and ask for each; "cross" forbids it to turn them round.
    sql = sql.format(asked=table, join="join" if is_postgres() else "cross join")
    return [] if values == "[]" else run(sql, values, *more).fetchall()
