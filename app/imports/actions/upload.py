"""Taking a file in, and letting it go again."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any, NamedTuple

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import batch, db, run
from app.imports import rules
from app.imports.kinds import headings
from app.imports.kinds import people as kind
from app.imports.models import Upload, UploadRow
from app.imports.reader import Row, Unreadable, read
from app.people.rules import Unfit, clean_name
from app.sessions.models import Expected, VaccinationSession
from app.words import Refused

KEPT = timedelta(days=3)  # what nobody ended is forgotten
LONGEST_HEADING = 60
ADD_ROW = """insert into upload_row
    (upload_id, number, state, cells, reasons, alikes, twin, person_id, why)
    values (?, ?, ?, ?, ?, '[]', ?, ?, '')"""


class Table(NamedTuple):
    """The list found in a file. headings: field → as it stands there; unused: headings without
    a meaning here; rows: (number in the sheet, field → text)."""

    headings: dict[str, str]
    unused: list[str]
    rows: list[tuple[int, dict[str, str]]]


def upload(session: VaccinationSession, data: bytes, by: SignedIn) -> int:
    """Keep the rows of a file for checking; returns the id of the upload. The same file sent again
    while it is open is the same upload. Raises Refused at "file" when it cannot be read or has no
    list in it, session_over."""
    if session.held_on < clock.today():
        raise Refused(("", "session_over"))
    digest = hashlib.sha256(data).hexdigest()
    table = _table(data)
    with db.atomic():
        forget_old()
        fresh = (
            Upload.insert(
                session=session.id, digest=digest, headings=table.headings, unused=table.unused,
                by=by.id, at=clock.now(),
            ).on_conflict_ignore().as_rowcount().execute()
        )  # fmt: skip
        here = (Upload.session == session.id) & (Upload.digest == digest)
        found = Upload.get(here & Upload.ended_at.is_null())
        if fresh:
            _insert_rows(found.id, table, _done_before(here, session.id))
            audit.record("create", "upload", found.id, rows=len(table.rows))
        return found.id


def _table(data: bytes) -> Table:
    try:
        sheets = read(data)
    except Unreadable as fault:
        raise Refused(("file", fault.code, fault.values)) from None
    missing: list[str] = []
    for sheet in sheets:
        for at, row in enumerate(sheet.rows[: rules.HEADING_WITHIN]):
            texts = [text if isinstance(text, str) else "" for text in row.cells]
            columns = headings.columns(texts)
            lacks = [name for name in kind.REQUIRED if name not in columns.values()]
            if not lacks:
                return _filled(sheet.rows[at + 1 :], columns, texts)
            if "name" in columns.values():
                missing = lacks
    wanted = ", ".join(headings.TEMPLATE[name] for name in missing or kind.REQUIRED)
    raise Refused(("file", "heading_missing", {"columns": wanted}))


def _filled(rows: list[Row], columns: dict[int, str], texts: list[str]) -> Table:
    found = [(row.number, cells) for row in rows if _says_something(cells := _cells(row, columns))]
    if not found:
        raise Refused(("file", "rows_none"))
    if len(found) > rules.MOST_ROWS:
        raise Refused(("file", "rows_many", {"most": rules.MOST_ROWS}))
    _refuse_fonts([cells["name"] for _number, cells in found if cells.get("name")])
    used = {field: _heading(texts[column]) for column, field in columns.items()}
    other = [_heading(text) for at, text in enumerate(texts) if text.strip() and at not in columns]
    if "email" in used:
        other.append(used["email"])
    return Table(used, other, found)


def _cells(row: Row, columns: dict[int, str]) -> dict[str, str]:
    texts = {field: kind.text_of(field, row.cells[column]) for column, field in columns.items()
             if column < len(row.cells)}  # fmt: skip
    return {field: text for field, text in texts.items() if text}


def _says_something(cells: dict[str, str]) -> bool:
    """Not only a running number, and not the line (1) (2) (3) below the headings."""
    texts = [text for field, text in cells.items() if field != "stt"]
    return any(not re.fullmatch(r"\(?[0-9]{1,2}\)?", text) for text in texts)


def _heading(text: str) -> str:
    """A heading as it is shown: without what stands in brackets, and without strange signs."""
    plain = re.sub(r"\([^)]*\)", " ", text[:500])
    return " ".join(re.sub(r"[^\w\s/.,-]", " ", plain).split())[:LONGEST_HEADING]


def _refuse_fonts(names: list[str]) -> None:
    """Old encodings look like other letters inside a Unicode file; when half of the names do, the
    file is to be converted as a whole."""
    strange = [name for name in names if _encoding(name)]
    if 2 * len(strange) > len(names):
        raise Refused(("file", "file_font"))


def _encoding(name: str) -> bool:
    try:
        clean_name(name)
    except Unfit as unfit:
        return unfit.code.startswith("encoding_")
    return False


def _done_before(same_file: Any, session_id: int) -> dict[int, int]:
    """Row → person, for rows of this very file that are on the list already."""
    listed = Expected.select(Expected.person).where(Expected.session == session_id)
    rows: Any = (
        UploadRow.select(UploadRow.number, UploadRow.person)
        .join(Upload)
        .where(same_file, UploadRow.state.in_(rules.ENDED), UploadRow.person.in_(listed))
    )
    return dict(rows.tuples())


def _insert_rows(upload_id: int, table: Table, done: dict[int, int]) -> None:
    today = clock.today()
    keys = (rules.Key(number, *kind.keys(cells, today)) for number, cells in table.rows)
    doubled, torn = rules.doubles(keys)
    with batch():
        for number, cells in table.rows:
            state, reasons = "unread", []
            if number in done:
                state = "row_listed"
            elif number in torn:
                state = "row_wrong"
                reasons = [["number", "number_torn", {"row": torn[number]}]]
            elif number in doubled:
                state = "row_double"
            values = json.dumps(cells), json.dumps(reasons), doubled.get(number), done.get(number)
            run(ADD_ROW, upload_id, number, state, *values)


def move(upload_id: int, state: str, event: str) -> bool:
    """Take an upload on if it still is in `state`; whether it was."""
    after = rules.upload_after(state, event)
    ended = clock.now() if after in rules.UPLOAD_ENDED else None
    same = (Upload.id == upload_id) & (Upload.state == state)
    return bool(Upload.update(state=after, ended_at=ended).where(same).execute())


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
