"""What is found about rows: who is known, new, doubtful or wrong. Writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from app import clock
from app.imports.kinds import numbers
from app.imports.kinds import people as kind
from app.imports.kinds.people import Lists, Reading
from app.people.actions import gaps_in
from app.people.models import LookAlike, Person, commune_label, look_alikes_many
from app.people.rules import Number, doubts, fold
from app.vaccines.models import catalogue_on

Reason = Sequence[Any]  # field, code, values


class Asked(NamedTuple):
    """A row. apart: ids of people who are others; why: the reason why what seems wrong is
    right."""

    cells: Mapping[str, str]
    apart: frozenset[int] = frozenset()
    why: str = ""


class Found(NamedTuple):
    """state: see rules.ROW_TRANSITIONS; the rest as in UploadRow. searched: ids of people of whom
    something is shown because the file named their number or name."""

    state: str
    reasons: list[Reason] = []  # noqa: RUF012
    fixes: dict[str, str] | None = None
    alikes: list[list[Any]] = []  # noqa: RUF012
    person: int | None = None
    searched: tuple[int, ...] = ()


def lists() -> Lists:
    """What rows are held against today."""
    today = clock.today()
    return Lists(today, frozenset(group.code for group in catalogue_on(today).groups))


def judge(rows: Sequence[Asked], known: Lists, path: str) -> list[Found]:
    """What is found about each of these rows of people, for somebody who works at `path`."""
    said = [kind.read(row.cells, known) for row in rows]
    holders = _holders(number for one in said if not one.problems for number in one.numbers)
    found = [_first(one, holders) for one in said]
    left = [at for at, one in enumerate(found) if one is None]
    alikes = look_alikes_many([said[at].identity for at in left], path)
    for at, others in zip(left, alikes, strict=True):
        found[at] = _stranger(rows[at], said[at], others)
    return [one for one in found if one]


def judge_numbers(rows: Sequence[Asked]) -> list[Found]:
    """The same for rows that are numbers of people."""
    said = [numbers.read(row.cells) for row in rows]
    holders = _holders(one.number for one in said if one.number)
    found = []
    for one in said:
        person = holders.get(one.number) if one.number else None
        problem = numbers.problem(one, person)
        if problem or person is None:
            found.append(Found("row_wrong", [["number", problem, {}]]))
        else:
            found.append(Found("row_known", person=person.id, searched=(person.id,)))
    return found


def _holders(wanted: Iterable[Number]) -> dict[Number, Person]:
    return Person.holders(set(wanted))


def _first(said: Reading, holders: Mapping[Number, Person]) -> Found | None:
    """What the row itself says, and its numbers; None when the person is to be looked for."""
    if said.problems:
        can_mend = all(field in said.fixes for field, _code, _values in said.problems)
        return Found("row_fix" if can_mend else "row_wrong", list(said.problems), said.fixes)
    person = next((holders[one] for one in said.numbers if one in holders), None)
    return _known(person, said) if person else None


def _known(person: Person, said: Reading) -> Found:
    """The number is known; whether it is this very person, name, birth date and sex must say."""
    mine = said.identity
    agrees = bool(mine.dob and person.dob.agrees(mine.dob)) and person.sex == mine.sex
    if fold(person.name) != fold(mine.name) or not agrees:
        return Found("row_alike", alikes=[[person.id, "same_number"]], searched=(person.id,))
    if person.deceased_on:
        return Found("row_wrong", [["", "person_deceased", {}]])
    found = differences(person, said)
    return Found("row_differs" if found else "row_known", found, person=person.id)


def differences(person: Person, said: Reading) -> list[Reason]:
    """Where the record of a known person says otherwise ("record_differs") or nothing
    ("record_lacks"); nothing of it is ever overwritten."""
    found: list[Reason] = []
    if person.name != said.identity.name:
        found.append(["name", "record_differs", {}])
    if person.dob != said.identity.dob:
        found.append(["dob", "record_differs", {}])
    for field, told in (("phone", said.details.phone), ("address", address(said.details))):
        known = person.phone if field == "phone" else address(person)
        if told and gaps_in(person, field):
            found.append([field, "record_lacks", {}])
        elif told and fold(told) != fold(known or ""):
            found.append([field, "record_differs", {}])
    return found


def address(of: Any) -> str:
    """Address and commune of a record, or of what a row says, as one text."""
    commune = commune_label(of.area_scheme, of.area_code)
    return ", ".join(part for part in (of.address, commune) if part)


def _stranger(row: Asked, said: Reading, others: Sequence[LookAlike]) -> Found:
    alikes = [one for one in others if one.person.id not in row.apart]
    if alikes:
        noted = [[one.person.id, one.sign] for one in alikes]
        outside = tuple(one.person.id for one in alikes if not one.inside)
        return Found("row_alike", alikes=noted, searched=outside)
    found = doubts(said.identity, said.details.guardian_name, clock.today())
    if found and not row.why:
        return Found("row_doubt", [["", code, {}] for code in found])
    return Found("row_new")
