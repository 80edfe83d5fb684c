"""Checking the rows of a list of doses given before, and asking for the doses to be entered."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from app import audit, clock
from app.accounts.actions import SignedIn
from app.amendments.actions import Elsewhere, ask_elsewhere, askable
from app.db import batch, db, run
from app.i18n import show_date
from app.imports import rules
from app.imports.actions.sent import SECONDS, finish, lock, may_write, move, take_on
from app.imports.kinds import past_doses as kind
from app.imports.kinds.past_doses import Reading
from app.imports.models import PastFile, PastRow
from app.people.models import Person
from app.people.rules import fold
from app.vaccines.models import catalogue_on
from app.words import Refused

BATCH = 50
LONGEST_REASON = 300  # as on the screen
WRITE = "update past_row set state = ?, reasons = ?, person_id = ? where id = ?"
Ask = Callable[[Person, Elsewhere], object]


class Found(NamedTuple):
    """What is found about a row."""

    state: str
    reasons: Sequence[tuple[str, str, Mapping[str, Any]]] = ()
    person: int | None = None


def check_past(file: PastFile, seconds: float = SECONDS) -> int:
    """Check rows until time is up; returns how many are left. Twice at once does no harm."""
    states = ["unread"]
    left = take_on(file, lambda: _batch(file, states, rules.PAST_READY, askable), states, seconds)
    if not left:
        move(file, "checking", "all_checked")
    return left


def ask_past(file: PastFile, by: SignedIn, seconds: float = SECONDS) -> int:
    """Make requests of the rows that are ready until time is up; returns how many are left. Twice
    at once, or again after a lost answer, asks for no dose twice. Raises Refused rows_unread."""
    may_write(file)
    move(file, "checked", "write")
    states = [rules.PAST_READY]

    def ask(person: Person, dose: Elsewhere) -> object:
        return ask_elsewhere(person.id, dose, by)

    left = take_on(file, lambda: _batch(file, states, rules.PAST_ASKED, ask), states, seconds)
    if not left:
        finish(file, rules.PAST_WRONG, cells=None)
    return left


def _batch(file: PastFile, states: list[str], done: str, ask: Ask) -> int:
    """Take the next rows on in one transaction; returns how many there were. done: the state of a
    row against which nothing speaks. People are held in the order of their ids, as whoever approves
    many does it."""
    with db.atomic(), audit.at_end():
        file = lock(file)
        rows = list(PastRow.in_states(file.id, states).limit(BATCH))
        today = clock.today()
        products = catalogue_on(today).products
        said = {row.id: kind.read(row.cells, today, products) for row in rows}
        found = {key: Found("row_wrong", one.problems) for key, one in said.items()}
        right = {key: one for key, one in said.items() if not one.problems}
        meant = _people(right.values())
        people = {key: _holder(one, meant) for key, one in right.items()}
        for key, person in sorted(people.items(), key=_by_person):
            found[key] = _found(person, right[key], file, done, ask)
        with batch():
            for key, one in found.items():
                run(WRITE, one.state, _kept(one), one.person, key)
        if done == rules.PAST_READY:  # only the check shows whom the file named
            for person_id in sorted({one.person for one in found.values() if one.person}):
                audit.record("search", "person", person_id=person_id, how="file")
        return len(rows)


def _by_person(pair: tuple[int, Person | None]) -> tuple[int, int]:
    row_id, person = pair
    return (person.id if person else 0), row_id


def _people(said: Iterable[Reading]) -> Mapping[Any, Person]:
    return Person.holders({number for one in said for number in one.numbers})


def _holder(said: Reading, people: Mapping[Any, Person]) -> Person | None:
    return next((people[number] for number in said.numbers if number in people), None)


def _found(person: Person | None, said: Reading, file: PastFile, done: str, ask: Ask) -> Found:
    if person is None:
        return Found("past_nobody", [("number", "past_number_nobody", {})])
    differing = _differing(person, said)
    if differing:
        return Found("past_other", [(one, "past_differs", {}) for one in differing], person.id)
    try:
        with db.atomic(), audit.at_end():
            ask(person, _with_papers(said, file))
    except Refused as refused:
        codes = [code for _field, code, _values in refused.reasons]
        return Found(rules.past_state(codes), refused.reasons, person.id)
    return Found(done, person=person.id)


def _differing(person: Person, said: Reading) -> list[str]:
    """Where the record of whoever has the number says otherwise: it may be somebody else."""
    mine = said.identity
    agree = {
        "name": fold(person.name) == fold(mine.name),
        "dob": bool(mine.dob and person.dob.agrees(mine.dob)),
        "sex": mine.sex in (None, person.sex),
    }
    return [field for field, same in agree.items() if not same]


def _with_papers(said: Reading, file: PastFile) -> Elsewhere:
    words = [file.reason, f"{kind.REACTION}: {said.reaction}" if said.reaction else ""]
    reason = ". ".join(one for one in words if one)[:LONGEST_REASON]
    return said.dose._replace(proof=file.proof, evidence=file.evidence, reason=reason)


def _kept(one: Found) -> str:
    """The reasons as they are stored, at the columns of the file."""
    columns = {"kind": "dose", "seq": "dose"}
    return json.dumps(
        [
            (columns.get(field, field), code, {name: _text(v) for name, v in values.items()})
            for field, code, values in one.reasons
        ]
    )


def _text(value: Any) -> Any:
    return show_date(value) if isinstance(value, date) else value
