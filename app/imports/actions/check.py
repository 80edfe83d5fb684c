"""Checking rows, and what the clerk decides about them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app import audit
from app.accounts.actions import SignedIn
from app.db import batch, db, run
from app.imports import rules
from app.imports.actions.judge import Asked, Found, judge, judge_numbers, lists
from app.imports.actions.sent import SECONDS, lock, move, take_on
from app.imports.kinds.people import Lists
from app.imports.models import Upload, UploadRow
from app.sessions.models import Expected
from app.words import Refused

BATCH = 250
WRITE = """update upload_row set state = ?, reasons = ?, fixes = ?, alikes = ?, person_id = ?
where id = ?"""


def check_some(upload: Upload, by: SignedIn, seconds: float = SECONDS) -> int:
    """Check rows until time is up; returns how many are left. Twice at once does no harm."""
    known = lists()
    left = take_on(upload, lambda: _check_batch(upload, known, by), ["unread"], seconds)
    if not left:
        move(upload, "checking", "all_checked")
    return left


def _check_batch(upload: Upload, known: Lists, by: SignedIn) -> int:
    """Check the next rows; returns how many there were."""
    with db.atomic(), audit.at_end():
        upload = lock(upload)
        rows = list(UploadRow.in_states(upload.id, ["unread"]).limit(BATCH))
        asked = [Asked(row.cells, frozenset(_ids(row)), row.why) for row in rows]
        about_people = upload.kind == "people"
        found = judge(asked, known, by.unit_path) if about_people else judge_numbers(asked)
        listed = _listed(upload.session_id, found)
        with batch():
            for row, one in zip(rows, found, strict=True):
                _write(row, one._replace(state="row_listed") if one.person in listed else one)
        for person_id in sorted({key for one in found for key in one.searched}):
            audit.record("search", "person", person_id=person_id, how="file")
        return len(rows)


def _ids(row: UploadRow) -> list[int]:
    return [person_id for person_id, _sign in row.alikes]


def _listed(session_id: int, found: Sequence[Found]) -> set[int]:
    """Who of these is on the list already."""
    ids = [one.person for one in found if one.person]
    rows = Expected.select(Expected.person).where(
        Expected.session == session_id, Expected.person.in_(ids)
    )
    return {row.person_id for row in rows}


def _write(row: UploadRow, one: Found) -> None:
    alikes = dict([*row.alikes, *one.alikes])
    texts = [json.dumps(value) for value in (one.reasons, one.fixes, list(alikes.items()))]
    run(WRITE, one.state, *texts, one.person, row.id)


def decide(upload: Upload, decisions: Mapping[int, str], why: str) -> int:
    """Do what was decided: row id → "accept" (a proposed text, a doubt), "same:<person id>",
    "other", "fill" (add to the record what it lacks), "keep", "leave" or "again". What no longer
    fits the state of its row is passed over. Returns how many rows moved. Raises Refused
    note_needed."""
    with db.atomic():
        rows = UploadRow.select().where(
            UploadRow.file == upload.id, UploadRow.id.in_(list(decisions))
        )
        moved = sum(_decide(row, decisions[row.id], why) for row in rows)
        if moved:
            move(upload, "checked", "decide")
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
        people = {str(person_id): person_id for person_id in _ids(row)}
        return {"person": people[chosen]} if chosen in people else None
    if event == "other" and any(sign == "same_number" for _person, sign in row.alikes):
        return None  # a number in force belongs to one person
    if event == "fill" and not row.lacking:
        return None
    if event == "accept" and row.state == "row_fix":
        cells = {field: text for field, text in (row.cells | row.fixes).items() if text}
        return {"cells": cells, "fixes": None, "reasons": []}
    if event == "accept" and not why:
        raise Refused(("why", "note_needed"))
    return {"why": why} if event == "accept" else {}


def leave_rest(upload: Upload) -> int:
    """Leave out every row that nobody decided on; returns how many."""
    with db.atomic():
        undecided = (UploadRow.file == upload.id) & UploadRow.state.in_(rules.ASK)
        return UploadRow.update(state="row_left").where(undecided).execute()


def fill_all(upload: Upload) -> int:
    """Add to the records of known people whatever they lack and the file says; returns how many
    rows say something."""
    with db.atomic():
        rows = [row.id for row in UploadRow.in_states(upload.id, ["row_differs"]) if row.lacking]
        return UploadRow.update(state="row_fill").where(UploadRow.id.in_(rows)).execute()
