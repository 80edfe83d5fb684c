"""Taking in a list for a session."""

import hashlib
from collections.abc import Mapping
from typing import Any

from app import clock
from app.accounts.actions import SignedIn
from app.imports import rules
from app.imports.actions.sent import keep
from app.imports.actions.table import Line, Table, table_of, twice
from app.imports.kinds import numbers
from app.imports.models import Upload, UploadRow
from app.sessions.models import Expected, VaccinationSession
from app.words import Refused


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
    if shut := session.shut(clock.today()):
        raise Refused(("", shut))


def _keep(session: VaccinationSession, what: str, data: bytes, table: Table, by: SignedIn) -> int:
    here = {"session": session.id, "digest": hashlib.sha256(data).hexdigest()}
    return keep(
        Upload, here, table, lambda same: _begin(table, _done_before(same, session.id)), by,
        kind=what, skipped=table.skipped,
    )  # fmt: skip


def _done_before(same_file: Any, session_id: int) -> dict[int, int]:
    """Row → person, for rows of this very file that are on the list already."""
    listed = Expected.select(Expected.person).where(Expected.session == session_id)
    rows: Any = (
        UploadRow.select(UploadRow.seq, UploadRow.person)
        .join(Upload)
        .where(same_file, UploadRow.state.in_(rules.ENDED), UploadRow.person.in_(listed))
    )
    return dict(rows.tuples())


def _begin(table: Table, done: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for seq, (state, reason) in twice(table).items():
        # A doubled row may be taken all the same, and then still says whose twin it is.
        told = {"twin": reason[2]["row"]} if state == "row_double" else {"reasons": [reason]}
        found[seq] = {"state": state, **told}
    return found | {seq: {"state": "row_listed", "person_id": who} for seq, who in done.items()}
