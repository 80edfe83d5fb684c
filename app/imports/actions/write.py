"""Writing checked rows: people are registered and put on the list, each row by itself."""

import time
from typing import Any

from app import audit
from app.accounts.actions import SignedIn
from app.db import db
from app.imports import rules
from app.imports.actions.check import SECONDS, lists
from app.imports.actions.upload import move
from app.imports.kinds import people as kind
from app.imports.kinds.people import Lists, Reading
from app.imports.models import Upload, UploadRow
from app.people.actions import Decided, Doubted, register
from app.sessions.actions import expect
from app.words import Refused

BATCH = 25


def write_some(upload: Upload, by: SignedIn, seconds: float = SECONDS) -> int:
    """Write rows until time is up; returns how many are left. Two at once, or one again after a
    lost answer, write no row twice. Rows that meet a new look-alike go back to be decided, and the
    upload with them. Raises Refused rows_undecided, rows_unread."""
    _begin(upload)
    ends, known = time.monotonic() + seconds, lists()
    ready = UploadRow.in_states(upload.id, list(rules.READY))
    while rows := list(ready.limit(BATCH)):
        for row in rows:
            _write(upload, row, known, by)
        if time.monotonic() > ends:
            break
    left = ready.count()
    if not left:
        _end(upload)
    return left


def _begin(upload: Upload) -> None:
    tally = upload.tally()
    if upload.state not in ("checked", "writing"):
        raise Refused(("", "rows_unread"))
    undecided = sum(tally.get(state, 0) for state in rules.ASK)
    if upload.state == "checked" and undecided:
        raise Refused(("", "rows_undecided", {"n": undecided}))
    move(upload.id, "checked", "write")


def _write(upload: Upload, row: UploadRow, known: Lists, by: SignedIn) -> None:
    state = rules.after(row.state, "write")
    mine = UploadRow.id == row.id
    try:
        with db.atomic():
            claim = UploadRow.update(state=state).where(mine, UploadRow.state == row.state)
            if claim.execute():
                said = kind.read(row.cells, known)
                person_id = row.person_id or _registered(upload, row, said, by)
                if not _listed(upload, person_id, said.note, by):
                    state = "row_listed"
                UploadRow.update(person=person_id, state=state).where(mine).execute()
    except Doubted:
        # Somebody was registered since the check: it finds them now.
        UploadRow.update(state="unread").where(mine, UploadRow.state == row.state).execute()
    except Refused as refused:
        reasons = [list(reason) for reason in refused.reasons]
        UploadRow.update(state="row_wrong", reasons=reasons).where(
            mine, UploadRow.state == row.state
        ).execute()


def _registered(upload: Upload, row: UploadRow, said: Reading, by: SignedIn) -> int:
    others = frozenset(person_id for person_id, _sign in row.alikes)
    decided = Decided(others, "namesake" if others else "", row.why)
    person = register(
        said.identity, said.numbers, said.details, upload.session.unit_id, by, decided
    )
    return person.id


def _listed(upload: Upload, person_id: int, note: str, by: SignedIn) -> int:
    """The number on the list; 0 when the person was there already."""
    try:
        with db.atomic():
            return expect(upload.session_id, person_id, by, "file", note)
    except Refused as refused:
        if refused.reasons[0][1] != "already_listed":
            raise
        return 0


def _end(upload: Upload) -> None:
    """Erase what the rows said, once all is written; or go back to the check."""
    with db.atomic():
        mine = UploadRow.upload == upload.id
        open_rows = UploadRow.state.in_(("unread", *rules.ASK))
        if UploadRow.select().where(mine, open_rows).exists():
            move(upload.id, "writing", "check_again")
        elif move(upload.id, "writing", "all_written"):
            erased: dict[str, Any] = {"cells": None, "fixes": None, "alikes": [], "why": ""}
            UploadRow.update(**erased).where(mine).execute()
            UploadRow.update(state="row_out").where(mine, UploadRow.state.in_(rules.OUT)).execute()
            audit.record("change", "upload", upload.id, state="done", **upload.tally())
