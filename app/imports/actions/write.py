"""Writing checked rows: people are registered and put on the list, many rows at a time."""

import json
from collections.abc import Sequence

from app import audit
from app.accounts.actions import SignedIn
from app.db import batch, db, run
from app.imports import rules
from app.imports.actions.judge import lists
from app.imports.actions.sent import SECONDS, finish, lock, may_write, move, take_on
from app.imports.kinds import people as kind
from app.imports.kinds.people import Lists, Reading
from app.imports.models import Upload, UploadRow
from app.people.actions import Decided, Doubted, Newcomer, fill_gaps, register_many
from app.sessions.actions import expect_many
from app.words import Refused

BATCH = 200
WRITE = "update upload_row set state = ?, reasons = ?, person_id = ? where id = ?"


def write_some(upload: Upload, by: SignedIn, seconds: float = SECONDS) -> int:
    """Write rows until time is up; returns how many are left. Two at once, or one again after a
    lost answer, write no row twice. Rows that meet a new look-alike go back to be decided, and the
    upload with them. Raises Refused rows_undecided, rows_unread, session_over."""
    _begin(upload)
    known = lists()
    left = take_on(upload, lambda: _write_batch(upload, known, by), rules.READY, seconds)
    if not left:
        _end(upload)
    return left


def _begin(upload: Upload) -> None:
    may_write(upload)
    tally = upload.tally()
    undecided = sum(tally.get(state, 0) for state in rules.ASK)
    if upload.state == "checked" and undecided:
        raise Refused(("", "rows_undecided", {"n": undecided}))
    move(upload, "checked", "write")


def _write_batch(upload: Upload, known: Lists, by: SignedIn) -> int:
    """Write the next rows in one transaction, all or none; returns how many there were."""
    with db.atomic(), audit.at_end():
        upload = lock(upload)
        rows = list(UploadRow.in_states(upload.id, rules.READY).limit(BATCH))
        said = {row.id: kind.read(row.cells, known) for row in rows}
        _register(upload, [row for row in rows if row.state == "row_new"], said, by)
        for row in rows:
            if row.state == "row_fill" and row.person_id:
                fill_gaps(row.person_id, said[row.id].details._asdict())
        _list(upload, [row for row in rows if row.state in rules.READY], said, by)
        with batch():
            for row in rows:
                run(WRITE, row.state, json.dumps(row.reasons), row.person_id, row.id)
        return len(rows)


def _register(
    upload: Upload, rows: Sequence[UploadRow], said: dict[int, Reading], by: SignedIn
) -> None:
    answers = register_many([_newcomer(row, said[row.id]) for row in rows], _unit(upload), by)
    for row, answer in zip(rows, answers, strict=True):
        if isinstance(answer, Doubted):
            row.state = "unread"  # somebody was registered since the check: it finds them now
        elif isinstance(answer, Refused):
            row.state, row.reasons = "row_wrong", [list(reason) for reason in answer.reasons]
        else:
            row.person_id = answer


def _unit(upload: Upload) -> int:
    unit_id: int = upload.session.unit_id
    return unit_id


def _newcomer(row: UploadRow, said: Reading) -> Newcomer:
    others = frozenset(person_id for person_id, _sign in row.alikes)
    decided = Decided(others, "namesake" if others else "", row.why)
    return Newcomer(said.identity, said.numbers, said.details, decided)


def _list(
    upload: Upload, rows: Sequence[UploadRow], said: dict[int, Reading], by: SignedIn
) -> None:
    """Put whom the rows mean on the list. Raises Refused session_over, session_off."""
    notes: dict[int, str] = {}
    for row in rows:
        notes.setdefault(row.person_id, said[row.id].note)
    answers = expect_many(upload.session_id, notes, by)
    for row in rows:
        answer = answers[row.person_id]
        reasons = answer.reasons if isinstance(answer, Refused) else []
        codes = [code for _field, code, _values in reasons]
        if {"session_over", "session_off"} & set(codes):
            raise Refused(*reasons)
        if not codes:
            row.state = rules.after(row.state, "write") or row.state
            answers[row.person_id] = Refused(("", "already_listed"))  # by a row before
        elif codes == ["already_listed"]:
            row.state = "row_listed"
        else:
            row.state, row.reasons = "row_wrong", [list(reason) for reason in reasons]


def _end(upload: Upload) -> None:
    """Erase what the rows said, once all is written; or go back to the check."""
    with db.atomic():
        waiting = UploadRow.in_states(upload.id, ("unread", *rules.ASK))
        if waiting.exists():
            move(upload, "writing", "check_again")
        else:
            finish(upload, rules.OUT, cells=None, fixes=None, alikes=[], why="")
