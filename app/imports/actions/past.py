"""Taking in a list of doses that were given before, and letting it go again."""

import hashlib
import json
from datetime import date
from typing import Any, NamedTuple

from app import audit, clock
from app.accounts.actions import SignedIn
from app.amendments.rules import elsewhere_problems
from app.db import batch, db, run
from app.imports import rules
from app.imports.actions.table import Table, table_of
from app.imports.actions.upload import KEPT
from app.imports.kinds import past_doses as kind
from app.imports.models import PastFile, PastRow
from app.words import Refused

ADD_ROW = """insert into past_row (file_id, seq, sheet, number, state, cells, reasons)
    values (?, ?, ?, ?, ?, ?, ?)"""


class Papers(NamedTuple):
    """What a list was made from: one of amendments.rules.PROOFS, which paper, in words."""

    proof: str
    evidence: str
    reason: str


def take_past(data: bytes, papers: Papers, by: SignedIn) -> int:
    """Keep the rows of a file for checking; returns its id. The same file sent again while it is
    open is the same one. Raises Refused at "file" or at what is said about the papers."""
    problems = elsewhere_problems(1, "-", papers.proof, papers.reason, papers.evidence)
    if problems:
        raise Refused(*problems)
    table = table_of(data)
    lacking = kind.missing(table.columns)
    if lacking:
        raise Refused(("file", "heading_missing", {"columns": ", ".join(lacking)}))
    digest = hashlib.sha256(data).hexdigest()
    with db.atomic():
        _forget_old()
        fresh = (
            PastFile.insert(
                unit=by.unit_id, digest=digest, columns=table.columns, by=by.id, at=clock.now(),
                **papers._asdict(),
            ).on_conflict_ignore().as_rowcount().execute()
        )  # fmt: skip
        same = (PastFile.unit == by.unit_id) & (PastFile.digest == digest)
        found = PastFile.get(same & PastFile.ended_at.is_null())
        if fresh:
            _insert_rows(found.id, table, _asked_before(same))
            audit.record("create", "past_file", found.id, rows=len(table.lines))
        return found.id


def _asked_before(same_file: Any) -> set[int]:
    """The rows of this very file whose doses were asked for."""
    rows = PastRow.select(PastRow.seq).join(PastFile).where(same_file)
    return {row.seq for row in rows.where(PastRow.state == rules.PAST_ASKED)}


def _insert_rows(file_id: int, table: Table, asked: set[int]) -> None:
    first: dict[tuple[str, date], str] = {}
    today = clock.today()
    with batch():
        for seq, line in enumerate(table.lines, 1):
            key = kind.key(line.cells, today)
            twin = first.setdefault(key, line.place) if key else line.place
            state, reasons = "unread", []
            if seq in asked:
                state, reasons = rules.PAST_THERE, [["", "past_asked_before", {}]]
            elif twin != line.place:
                state, reasons = "row_double", [["", "past_twin", {"row": twin}]]
            run(
                ADD_ROW, file_id, seq, line.sheet, line.number, state, json.dumps(line.cells),
                json.dumps(reasons),
            )  # fmt: skip


def lock_past(file_id: int) -> PastFile:
    """The file, whose rows nobody else writes until the end of the transaction."""
    PastFile.update(state=PastFile.state).where(PastFile.id == file_id).execute()
    return PastFile.get_by_id(file_id)


def move_past(file_id: int, state: str, event: str) -> bool:
    """Take a file on if it still is in `state`; whether it was."""
    after = rules.upload_after(state, event)
    ended = {"ended_at": clock.now()} if after in rules.UPLOAD_ENDED else {}
    same = (PastFile.id == file_id) & (PastFile.state == state)
    return bool(PastFile.update(state=after, **ended).where(same).execute())


def cancel_past(file_id: int) -> int:
    """Give a file up and erase its rows; returns its id. One that ended stays as it is."""
    with db.atomic():
        if any(move_past(file_id, state, "cancel") for state in ("checking", "checked")):
            PastRow.delete().where(PastRow.file == file_id).execute()
            audit.record("change", "past_file", file_id, state="cancelled")
        return file_id


def _forget_old() -> None:
    for old in PastFile.forgotten(clock.now() - KEPT):
        PastRow.delete().where(PastRow.file == old.id).execute()
        same = PastFile.id == old.id
        PastFile.update(state="cancelled", ended_at=clock.now()).where(same).execute()
