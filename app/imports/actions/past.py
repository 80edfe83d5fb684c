"""Taking in a list of doses that were given before."""

import hashlib
from datetime import date
from typing import Any, NamedTuple

from app import clock
from app.accounts.actions import SignedIn
from app.amendments.rules import elsewhere_problems
from app.imports import rules
from app.imports.actions.sent import keep
from app.imports.actions.table import Table, table_of
from app.imports.kinds import past_doses as kind
from app.imports.models import PastFile, PastRow
from app.words import Refused


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
    here = {"unit": by.unit_id, "digest": hashlib.sha256(data).hexdigest()}
    return keep(
        PastFile, here, table, lambda same: _begin(table, _asked_before(same)), by,
        **papers._asdict(),
    )  # fmt: skip


def _asked_before(same_file: Any) -> set[int]:
    """The rows of this very file whose doses were asked for."""
    rows = PastRow.select(PastRow.seq).join(PastFile).where(same_file)
    return {row.seq for row in rows.where(PastRow.state == rules.PAST_ASKED)}


def _begin(table: Table, asked: set[int]) -> dict[int, dict[str, Any]]:
    first: dict[tuple[str, date], str] = {}
    found, today = {}, clock.today()
    for seq, line in enumerate(table.lines, 1):
        key = kind.key(line.cells, today)
        twin = first.setdefault(key, line.place) if key else line.place
        if seq in asked:
            found[seq] = {"state": rules.PAST_THERE, "reasons": [["", "past_asked_before", {}]]}
        elif twin != line.place:
            found[seq] = {"state": "row_double", "reasons": [["", "past_twin", {"row": twin}]]}
    return found
