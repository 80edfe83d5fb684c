"""What a check would find in a file, row by row, without writing anything."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.db import db
from app.imports.actions.check import BATCH
from app.imports.actions.judge import Asked, Found, judge, lists
from app.imports.actions.table import Line, table_of, twice


def try_out(data: bytes, path: str, sheet: str | None = None) -> Iterator[tuple[Line, Found]]:
    """Each row of a file with what is found about it, for somebody who works at `path`. Raises
    Refused like `upload`."""
    table = table_of(data, sheet)
    known, wrong = lists(), twice(table)
    for rows in _batches(list(enumerate(table.lines, 1))):
        with db.atomic() as trial:
            found = judge([Asked(line.cells) for _seq, line in rows], known, path)
            trial.rollback()
        for (seq, line), one in zip(rows, found, strict=True):
            if seq in wrong:
                state, reason = wrong[seq]
                one = Found(state, [reason])
            yield line, one


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def told(line: Line, found: Found) -> dict[str, Any]:
    """A row and what was found, as `flask check-list` says it."""
    verdict = found.state.removeprefix("row_")
    verdict = "known" if verdict in ("differs", "listed") else verdict
    others = [person_id for person_id, _sign in found.alikes]
    signs = [{"code": sign, "column": "", "values": {}} for _person, sign in found.alikes]
    reasons = [
        {"code": code, "column": field, "values": values} for field, code, values in found.reasons
    ]
    return {
        "row": line.number, "sheet": line.sheet, "verdict": verdict, "reasons": [*reasons, *signs],
        "suggestions": found.fixes or {}, "person": found.person or next(iter(others), None),
    }  # fmt: skip
