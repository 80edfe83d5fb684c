"""What is done with every list that is sent: it is kept, taken on, ended, and forgotten."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from operator import and_
from typing import Any, TypeVar

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import batch, db, run
from app.imports import rules
from app.imports.actions.table import Table
from app.words import Refused

KEPT = timedelta(days=3)  # what nobody ended is forgotten
SECONDS = 2.5  # of one request; a weak link must not wait longer for an answer
File = TypeVar("File", bound=Any)  # see models.SentFile
Begin = Callable[[Any], Mapping[int, Mapping[str, Any]]]


def keep(
    model: Any, here: Mapping[str, Any], table: Table, begin: Begin, by: SignedIn, **more: Any
) -> int:
    """Keep the rows of a list for checking; returns its id. `here`: the columns by which a list
    sent again while it is open is the same one. `begin`: of the condition for lists sent again, the
    place of each row that does not begin unread, with its columns."""
    same = reduce(and_, [getattr(model, name) == value for name, value in here.items()])
    with db.atomic():
        _forget_old(model)
        given = {"columns": table.columns, "by": by.id, "at": clock.now(), **here, **more}
        fresh = model.insert(given).on_conflict_ignore().as_rowcount().execute()
        found = model.get(same & model.ended_at.is_null())
        if fresh:
            _add_rows(found, table, begin(same))
            audit.record("create", model.NOUN, found.id, rows=len(table.lines))
        return int(found.id)


def _add_rows(file: Any, table: Table, begun: Mapping[int, Mapping[str, Any]]) -> None:
    meta = file.rows.model._meta
    defaults = {"alikes": [], "twin": "", "why": ""}
    defaults = {name: value for name, value in defaults.items() if name in meta.columns}
    with batch():
        for seq, line in enumerate(table.lines, 1):
            row = {
                meta.fields["file"].column_name: file.id, "seq": seq, "sheet": line.sheet,
                "number": line.number, "state": "unread", "cells": line.cells, "reasons": [],
                **defaults, **begun.get(seq, {}),
            }  # fmt: skip
            columns, marks = ", ".join(row), ", ".join("?" * len(row))
            values = (json.dumps(v) if isinstance(v, dict | list) else v for v in row.values())
            run(f"insert into {meta.table_name} ({columns}) values ({marks})", *values)


def lock(file: File) -> File:
    """The list, whose rows nobody else writes until the end of the transaction."""
    model = type(file)
    model.update(state=model.state).where(model.id == file.id).execute()
    return model.within("/").where(model.id == file.id).get()


def move(file: Any, state: str, event: str) -> bool:
    """Take a list on if it still is in `state`; whether it was."""
    after, model = rules.upload_after(state, event), type(file)
    ended = {"ended_at": clock.now()} if after in rules.UPLOAD_ENDED else {}
    same = (model.id == file.id) & (model.state == state)
    return bool(model.update(state=after, **ended).where(same).execute())


def take_on(file: Any, some: Callable[[], int], states: Sequence[str], seconds: float) -> int:
    """Do some of the rows in these states, and some more, until time is up; returns how many are
    left."""
    ends = time.monotonic() + seconds
    while some() and time.monotonic() < ends:
        pass
    return int(file.rows.model.in_states(file.id, states).count())


def may_write(file: Any) -> None:
    """Raises Refused rows_unread."""
    if file.state not in ("checked", "writing"):
        raise Refused(("", "rows_unread"))


def finish(file: Any, out: Iterable[str], **erased: Any) -> None:
    """Erase what the rows said, once all is written. Those in the states `out` were left out."""
    row = file.rows.model
    with db.atomic():
        if move(file, "writing", "all_written"):
            mine = row.file == file.id
            row.update(**erased).where(mine).execute()
            row.update(state="row_out").where(mine, row.state.in_(list(out))).execute()
            _tell(file, "written")


def undone(file: Any) -> None:
    """All is taken back."""
    if move(file, "undoing", "all_undone"):
        _tell(file, "undone")


def _tell(file: Any, state: str) -> None:
    audit.record("change", file.NOUN, file.id, state=state, **file.tally())


def cancel(file: Any) -> int:
    """Give a list up and erase its rows; returns its id. One that ended stays as it is."""
    with db.atomic():
        if any(move(file, state, "cancel") for state in ("checking", "checked")):
            _erase(file)
            audit.record("change", file.NOUN, file.id, state="cancelled")
        return int(file.id)


def _forget_old(model: Any) -> None:
    """Erase what nobody wrote or cancelled for days: people's data are not kept for nothing."""
    for old in model.forgotten(clock.now() - KEPT):
        _erase(old)
        cancelled = {"state": "cancelled", "ended_at": clock.now()}
        model.update(cancelled).where(model.id == old.id).execute()


def _erase(file: Any) -> None:
    row = file.rows.model
    row.delete().where(row.file == file.id).execute()
