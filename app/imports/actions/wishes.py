"""Taking in a list by which an organisation registers its people, and letting it go again."""

import hashlib
import json

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import batch, db, run
from app.imports import rules
from app.imports.actions.table import Table, table_of
from app.imports.actions.upload import KEPT, compared, number_torn
from app.imports.kinds.wishes import Organisation
from app.imports.models import WishFile, WishRow
from app.registrations.models import keeper
from app.words import Refused

ADD_ROW = """insert into wish_row (file_id, seq, sheet, number, state, cells, reasons)
    values (?, ?, ?, ?, ?, ?, ?)"""


def take_wishes(data: bytes, sender: Organisation, by: SignedIn) -> int:
    """Keep the rows of a file for checking; returns its id. The same file sent again while it is
    open is the same one. Raises Refused at "file"; at "commune" for an organisation of another
    province, whose wishes nobody here decides."""
    if not by.unit_path.startswith(keeper(sender.area_scheme, sender.area_code).path):
        raise Refused(("commune", "organisation_elsewhere"))
    table = table_of(data)
    digest = hashlib.sha256(repr(sender).encode() + data).hexdigest()
    with db.atomic():
        _forget_old()
        fresh = (
            WishFile.insert(
                unit=by.unit_id, digest=digest, columns=table.columns, by=by.id, at=clock.now(),
                **sender._asdict(),
            ).on_conflict_ignore().as_rowcount().execute()
        )  # fmt: skip
        same = (WishFile.unit == by.unit_id) & (WishFile.digest == digest)
        found = WishFile.get(same & WishFile.ended_at.is_null())
        if fresh:
            _insert_rows(found.id, table)
            audit.record("create", "wish_file", found.id, rows=len(table.lines))
        return found.id


def _insert_rows(file_id: int, table: Table) -> None:
    doubled, torn = compared(table)
    with batch():
        for seq, line in enumerate(table.lines, 1):
            state, reasons = "unread", []
            if seq in torn:
                state, reasons = "row_wrong", [number_torn(table, torn[seq])]
            elif seq in doubled:
                twin = table.lines[doubled[seq] - 1].place
                state, reasons = "row_double", [["", "row_twin", {"row": twin}]]
            run(
                ADD_ROW, file_id, seq, line.sheet, line.number, state, json.dumps(line.cells),
                json.dumps(reasons),
            )  # fmt: skip


def sender_of(file: WishFile) -> Organisation:
    """The organisation, as it was named."""
    return Organisation(*(getattr(file, name) for name in Organisation._fields))


def lock_wishes(file_id: int) -> WishFile:
    """The file, whose rows nobody else writes until the end of the transaction."""
    WishFile.update(state=WishFile.state).where(WishFile.id == file_id).execute()
    return WishFile.get_by_id(file_id)


def move_wishes(file_id: int, state: str, event: str) -> bool:
    """Take a file on if it still is in `state`; whether it was."""
    after = rules.upload_after(state, event)
    ended = {"ended_at": clock.now()} if after in rules.UPLOAD_ENDED else {}
    same = (WishFile.id == file_id) & (WishFile.state == state)
    return bool(WishFile.update(state=after, **ended).where(same).execute())


def cancel_wishes(file_id: int) -> int:
    """Give a file up and erase its rows; returns its id. One that ended stays as it is."""
    with db.atomic():
        if any(move_wishes(file_id, state, "cancel") for state in ("checking", "checked")):
            WishRow.delete().where(WishRow.file == file_id).execute()
            audit.record("change", "wish_file", file_id, state="cancelled")
        return file_id


def _forget_old() -> None:
    for old in WishFile.forgotten(clock.now() - KEPT):
        WishRow.delete().where(WishRow.file == old.id).execute()
        same = WishFile.id == old.id
        WishFile.update(state="cancelled", ended_at=clock.now()).where(same).execute()
