"""Reference files become stored versions; an administrator may edit a file and load it again."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from app import clock
from app.db import db
from app.i18n import _
from app.vaccines.models import ReferenceVersion, look_again
from app.vaccines.rules.reading import Stored, assemble, read, unknown_names
from app.vaccines.rules.typed import Entry, Wrong
from app.words import word

DATA = Path(__file__).parent / "data"


class BadReference(Exception):
    """A file cannot be used; nothing was stored. The message names file, entry and field."""


class Loaded(NamedTuple):
    """How many entries were new, and how many were stored before."""

    new: int
    known: int

    def __str__(self) -> str:
        return _("%(new)s mục mới, %(known)s mục đã có", new=self.new, known=self.known)


def load_reference(files: Iterable[Path] | None = None) -> Loaded:
    """Store what is new in the files (all files of data/ when none are named): all or nothing.
    An entry that was stored before is left alone, so that starting the service again does not
    undo what an administrator loaded after it. Raises BadReference."""
    found = read_files(files)
    with db.atomic():
        new = sum(_store(row) for row in found)
        if new:
            _check_names({row.effective_from for row in found})
    look_again()
    return Loaded(new, len(found) - new)


def read_files(files: Iterable[Path] | None = None) -> list[Stored]:
    """The entries of the files, checked but not stored (id 0). Raises BadReference."""
    paths = sorted(DATA.glob("*.json")) if files is None else files
    return [row for path in paths for row in _rows(path)]


def _rows(path: Path) -> list[Stored]:
    try:
        blocks = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadReference(f"{path.name}: {error}") from None
    rows = []
    for block in blocks if isinstance(blocks, list) else [blocks]:
        try:
            entry = Entry(block)
            kind, bodies = entry.text("kind"), entry.bodies("entries")
        except Wrong as wrong:
            raise _bad(path, "", wrong) from None
        rows += [_row(path, kind, body) for body in bodies]
    return rows


def _row(path: Path, kind: str, body: Any) -> Stored:
    code = ""
    try:
        entry = Entry(body)
        code = entry.text("code")
        start, end = entry.day("effective_from"), entry.maybe_day("effective_to")
        row = Stored(0, kind, code, start, end, body)
        read(row)
    except Wrong as wrong:
        raise _bad(path, code, wrong) from None
    return row


def _bad(path: Path, code: str, wrong: Wrong) -> BadReference:
    where = ": ".join(filter(None, (path.name, code, wrong.field)))
    return BadReference(f"{where}: {word(wrong.code, **wrong.params)}")


def _store(row: Stored) -> bool:
    text = json.dumps(row.body, sort_keys=True, ensure_ascii=False)
    added = (
        ReferenceVersion.insert(
            kind=row.kind,
            code=row.code,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            body=row.body,
            loaded_at=clock.now(),
        )
        .on_conflict_ignore()
        .as_rowcount()
        .execute()
    )
    return bool(added)


def _check_names(days: set[date]) -> None:
    rows = [row.stored() for row in ReferenceVersion.select()]
    for day in sorted(days):
        for source, name in unknown_names(assemble(rows, day)):
            text = word("ref_unknown_name", name=name)
            raise BadReference(f"{source.kind}: {source.code}: {text}")
