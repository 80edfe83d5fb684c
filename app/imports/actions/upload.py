"""Taking a list in, and letting it go again."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import batch, db, run
from app.imports import rules
from app.imports.actions.table import Line, Table, table_of
from app.imports.kinds import numbers
from app.imports.kinds import people as kind
from app.imports.models import Upload, UploadRow
from app.sessions.models import Expected, VaccinationSession
from app.words import Refused

KEPT = timedelta(days=3)  # what nobody ended is forgotten
ADD_ROW = """insert into upload_row
    (upload_id, seq, sheet, number, state, cells, reasons, alikes, twin, person_id, why)
    values (?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, '')"""


def upload(session: VaccinationSession, data: bytes, by: SignedIn) -> int:
    """Keep the rows of a file for checking; returns the id of the upload. The same file sent again
    while it is open is the same upload. Raises Refused at "file" when it cannot be read or has no
    list in it, session_over."""
    _refuse_over(session)
    return _keep(session, "people", data, table_of(data), by)


def paste(session: VaccinationSession, text: str, by: SignedIn) -> int:
    """The same with numbers of people, each on a line of its own, perhaps with name and birth
    date. Raises Refused at "text", session_over."""
    _refuse_over(session)
    lines = numbers.lines(text)
    if not lines:
        raise Refused(("text", "numbers_none"))
    if len(lines) > rules.MOST_ROWS:
        raise Refused(("text", "rows_many", {"most": rules.MOST_ROWS}))
    table = Table(numbers.COLUMNS, [], [Line("", number, cells) for number, cells in lines])
    return _keep(session, "numbers", text.encode(errors="replace"), table, by)


def _refuse_over(session: VaccinationSession) -> None:
    if session.held_on < clock.today():
        raise Refused(("", "session_over"))


def _keep(session: VaccinationSession, what: str, data: bytes, table: Table, by: SignedIn) -> int:
    digest = hashlib.sha256(data).hexdigest()
    with db.atomic():
        forget_old()
        fresh = (
            Upload.insert(
                session=session.id, kind=what, digest=digest, columns=table.columns,
                skipped=table.skipped, by=by.id, at=clock.now(),
            ).on_conflict_ignore().as_rowcount().execute()
        )  # fmt: skip
        here = (Upload.session == session.id) & (Upload.digest == digest)
        found = Upload.get(here & Upload.ended_at.is_null())
        if fresh:
            _insert_rows(found.id, table, _done_before(here, session.id))
            audit.record("create", "upload", found.id, rows=len(table.lines))
        return found.id


def _done_before(same_file: Any, session_id: int) -> dict[int, int]:
    """Row → person, for rows of this very file that are on the list already."""
    listed = Expected.select(Expected.person).where(Expected.session == session_id)
    rows: Any = (
        UploadRow.select(UploadRow.seq, UploadRow.person)
        .join(Upload)
        .where(same_file, UploadRow.state.in_(rules.ENDED), UploadRow.person.in_(listed))
    )
    return dict(rows.tuples())


def compared(table: Table) -> tuple[dict[int, int], dict[int, int]]:
    """See rules.doubles: rows by their place in the file."""
    today = clock.today()
    return rules.doubles(
        rules.Key(seq, *kind.keys(line.cells, today)) for seq, line in enumerate(table.lines, 1)
    )


def _insert_rows(upload_id: int, table: Table, done: dict[int, int]) -> None:
    doubled, torn = compared(table)
    with batch():
        for seq, line in enumerate(table.lines, 1):
            state, reasons, twin = "unread", [], ""
            if seq in done:
                state = "row_listed"
            elif seq in torn:
                state = "row_wrong"
                reasons = [number_torn(table, torn[seq])]
            elif seq in doubled:
                state, twin = "row_double", table.lines[doubled[seq] - 1].place
            run(
                ADD_ROW, upload_id, seq, line.sheet, line.number, state, json.dumps(line.cells),
                json.dumps(reasons), twin, done.get(seq),
            )  # fmt: skip


def number_torn(table: Table, other: int) -> list[Any]:
    """The reason why a row is wrong whose number stands beside another name, too."""
    return ["number", "number_torn", {"row": table.lines[other - 1].place}]


def lock(upload_id: int) -> Upload:
    """The upload, whose rows nobody else writes until the end of the transaction."""
    Upload.update(state=Upload.state).where(Upload.id == upload_id).execute()
    return Upload.within("/").where(Upload.id == upload_id).get()


def move(upload_id: int, state: str, event: str) -> bool:
    """Take an upload on if it still is in `state`; whether it was."""
    after = rules.upload_after(state, event)
    ended = {"ended_at": clock.now()} if after in rules.UPLOAD_ENDED else {}
    same = (Upload.id == upload_id) & (Upload.state == state)
    return bool(Upload.update(state=after, **ended).where(same).execute())


def cancel(upload_id: int) -> int:
    """Give an upload up and erase its rows; returns its id. One that ended stays as it is."""
    with db.atomic():
        if any(move(upload_id, state, "cancel") for state in ("checking", "checked")):
            UploadRow.delete().where(UploadRow.upload == upload_id).execute()
            audit.record("change", "upload", upload_id, state="cancelled")
        return upload_id


def forget_old() -> None:
    """Erase what nobody wrote or cancelled for days: people's data are not kept for nothing."""
    for old in Upload.forgotten(clock.now() - KEPT):
        UploadRow.delete().where(UploadRow.upload == old.id).execute()
        Upload.update(state="cancelled", ended_at=clock.now()).where(Upload.id == old.id).execute()
