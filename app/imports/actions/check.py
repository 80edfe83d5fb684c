"""Checking rows, and what the clerk decides about them."""

import time
from collections.abc import Mapping
from typing import Any

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import db
from app.imports import rules
from app.imports.actions.upload import move
from app.imports.kinds import people as kind
from app.imports.kinds.people import Lists, Reading
from app.imports.models import Upload, UploadRow
from app.people.models import LookAlike, Person, look_alikes
from app.people.rules import Number, doubts, fold
from app.sessions.models import Expected
from app.vaccines.models import catalogue_on
from app.words import Refused

BATCH = 25
SECONDS = 4.0  # of one request; a weak link must not wait longer for an answer


def lists() -> Lists:
    """What rows are held against today."""
    today = clock.today()
    return Lists(today, frozenset(group.code for group in catalogue_on(today).groups))


def check_some(upload: Upload, by: SignedIn, seconds: float = SECONDS) -> int:
    """Check rows until time is up; returns how many are left. Twice at once does no harm."""
    ends, known = time.monotonic() + seconds, lists()
    unread = UploadRow.in_states(upload.id, ["unread"])
    while rows := list(unread.limit(BATCH)):
        with db.atomic():
            for row in rows:
                _check(upload, row, known, by)
        if time.monotonic() > ends:
            break
    left = unread.count()
    if not left:
        move(upload.id, "checking", "all_checked")
    return left


def _check(upload: Upload, row: UploadRow, known: Lists, by: SignedIn) -> None:
    found = _found(upload, row, kind.read(row.cells, known), by)
    same = (UploadRow.id == row.id) & (UploadRow.state == "unread")
    UploadRow.update(**({"reasons": [], "fixes": None} | found)).where(same).execute()


def _found(upload: Upload, row: UploadRow, said: Reading, by: SignedIn) -> dict[str, Any]:
    """The state of a row, and what goes with it."""
    if said.problems:
        can_mend = all(field in said.fixes for field, _code, _values in said.problems)
        state = "row_fix" if can_mend else "row_wrong"
        return {"state": state, "reasons": said.problems, "fixes": said.fixes}
    person = holder(said.numbers)
    if person:
        return _known(upload, person, said)
    apart = {person_id for person_id, _sign in row.alikes}
    alikes = [one for one in look_alikes(said.identity, by.unit_path) if one.person.id not in apart]
    if alikes:
        return {"state": "row_alike", "alikes": [*row.alikes, *_noted(alikes)]}
    found = doubts(said.identity, said.details.guardian_name, clock.today())
    if found and not row.why:
        return {"state": "row_doubt", "reasons": [["", code, {}] for code in found]}
    return {"state": "row_new"}


def holder(numbers: tuple[Number, ...]) -> Person | None:
    """Who has one of these numbers in force, anywhere in the nation."""
    found = (Person.by_number(one.number, one.country) for one in numbers)
    return next((person for person in found if person), None)


def _known(upload: Upload, person: Person, said: Reading) -> dict[str, Any]:
    """The number is known; whether it is this very person, name, birth date and sex must say."""
    mine = said.identity
    agrees = bool(mine.dob and person.dob.agrees(mine.dob)) and person.sex == mine.sex
    if fold(person.name) != fold(mine.name) or not agrees:
        audit.record("search", "person", person_id=person.id, how="file")
        return {"state": "row_alike", "alikes": [[person.id, "same_number"]]}
    refused = "person_deceased" if person.deceased_on else ""
    if refused:
        return {"state": "row_wrong", "reasons": [["", refused, {}]]}
    listed = Expected.select().where(
        Expected.session == upload.session_id, Expected.person == person.id
    )
    return {"state": "row_listed" if listed.exists() else "row_known", "person": person.id}


def _noted(alikes: list[LookAlike]) -> list[list[Any]]:
    for one in alikes:
        if not one.inside:
            audit.record("search", "person", person_id=one.person.id, how="file")
    return [[one.person.id, one.sign] for one in alikes]


def decide(upload: Upload, decisions: Mapping[int, str], why: str) -> int:
    """Do what was decided: row id → "accept" (a proposed text, a doubt), "same:<person id>",
    "other", "leave" or "again". What no longer fits the state of its row is passed over. Returns
    how many rows moved. Raises Refused why_needed."""
    with db.atomic():
        rows = UploadRow.select().where(
            UploadRow.upload == upload.id, UploadRow.id.in_(list(decisions))
        )
        moved = sum(_decide(row, decisions[row.id], why) for row in rows)
        if moved:
            move(upload.id, "checked", "decide")
        return moved


def _decide(row: UploadRow, decision: str, why: str) -> bool:
    event, _, chosen = decision.partition(":")
    state = rules.after(row.state, event)
    changes = _changes(row, event, chosen, why)
    if state is None or event == "write" or changes is None:
        return False
    same = (UploadRow.id == row.id) & (UploadRow.state == row.state)
    return bool(UploadRow.update(state=state, **changes).where(same).execute())


def _changes(row: UploadRow, event: str, chosen: str, why: str) -> dict[str, Any] | None:
    """What a decision writes beside the state; None when it cannot be."""
    if event == "same":
        people = {str(person_id): person_id for person_id, _sign in row.alikes}
        return {"person": people[chosen]} if chosen in people else None
    if event == "other" and any(sign == "same_number" for _person, sign in row.alikes):
        return None  # a number in force belongs to one person
    if event == "accept" and row.state == "row_fix":
        cells = {field: text for field, text in (row.cells | row.fixes).items() if text}
        return {"cells": cells, "fixes": None, "reasons": []}
    if event == "accept" and not why:
        raise Refused(("why", "note_needed"))
    return {"why": why} if event == "accept" else {}


def leave_rest(upload: Upload) -> int:
    """Leave out every row that nobody decided on; returns how many."""
    with db.atomic():
        undecided = (UploadRow.upload == upload.id) & UploadRow.state.in_(rules.ASK)
        return UploadRow.update(state="row_left").where(undecided).execute()
