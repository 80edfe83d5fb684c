"""The lists that a file holds: where they begin, what their columns mean, and their rows."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.imports import rules
from app.imports.kinds import headings
from app.imports.kinds import people as kind
from app.imports.reader import Row, Sheet, Unreadable, read
from app.people.rules import Unfit, clean_name
from app.words import Refused

LONGEST_KEPT = 200  # of a heading


class Line(NamedTuple):
    """A row: its sheet ("" when one alone has a list), its number there, key of a column →
    text."""

    sheet: str
    number: int
    cells: dict[str, str]

    @property
    def place(self) -> str:
        """Where it stands, to be said to people."""
        return rules.place(self.sheet, self.number)


class Table(NamedTuple):
    """columns: (key, heading) in the order of the file (see models.Upload); skipped: the sheets
    without a list, with whether they are hidden: those are not read."""

    columns: list[tuple[str, str]]
    skipped: list[tuple[str, bool]]
    lines: list[Line]


class _Part(NamedTuple):
    """The list of one sheet; columns: place → (key, heading)."""

    sheet: str
    columns: dict[int, tuple[str, str]]
    rows: list[Row]


def table_of(data: bytes, sheet: str | None = None) -> Table:
    """The list of a file, of all its sheets or of one. Raises Refused at "file" when it cannot be
    read or has no list in it."""
    try:
        sheets = read(data)
    except Unreadable as fault:
        raise Refused(("file", fault.code, fault.values)) from None
    wanted = [one for one in sheets if sheet is None or one.name == sheet]
    parts = [part for one in wanted if (part := _part(one))]
    if not parts:
        halves = [half for one in wanted if (half := _half(one))]
        raise _missing(halves[0] if halves else kind.REQUIRED)
    found = {part.sheet for part in parts}
    for one in wanted:
        # Half a list is not to be passed over.
        if one.name not in found and len(lacks := _half(one)) == 1:
            raise _missing(lacks, one.name)
    lines = [line for part in parts for line in _lines(part, len(parts) > 1)]
    if not lines:
        raise Refused(("file", "rows_none"))
    if len(lines) > rules.MOST_ROWS:
        raise Refused(("file", "rows_many", {"most": rules.MOST_ROWS}))
    _refuse_fonts([line.cells["name"] for line in lines if line.cells.get("name")])
    columns = dict(pair for part in parts for pair in part.columns.values())
    skipped = [(one.name, one.hidden) for one in wanted if one.name not in found]
    told = {one.name for one in wanted if one.rows or one.hidden}  # not of empty ones
    return Table([*columns.items()], [one for one in skipped if one[0] in told], lines)


def _missing(fields: Iterable[str], sheet: str = "") -> Refused:
    wanted = ", ".join(headings.TEMPLATE[name] for name in fields)
    if sheet:
        return Refused(("file", "heading_missing_in", {"columns": wanted, "sheet": sheet[:60]}))
    return Refused(("file", "heading_missing", {"columns": wanted}))


def _part(sheet: Sheet) -> _Part | None:
    """The list of a sheet, None when it has none."""
    for at, texts, fields in _candidates(sheet):
        if not _lacks(fields):
            return _Part(sheet.name, _columns(fields, texts), sheet.rows[at + 1 :])
    return None


def _half(sheet: Sheet) -> list[str]:
    """What a sheet lacks to be a list, when it looks like one."""
    found = [_lacks(fields) for _at, _texts, fields in _candidates(sheet)]
    return min(found, key=len, default=[])


def _lacks(fields: dict[int, str]) -> list[str]:
    return [name for name in kind.REQUIRED if name not in fields.values()]


def _candidates(sheet: Sheet) -> Iterator[tuple[int, list[str], dict[int, str]]]:
    """What may be a row of headings: place, texts, and what they mean."""
    for at, row in enumerate(sheet.rows[: rules.HEADING_WITHIN]):
        texts = [text if isinstance(text, str) else "" for text in row.cells]
        fields = headings.columns(texts)
        if "name" in fields.values():
            yield at, texts, fields


def _columns(fields: dict[int, str], texts: list[str]) -> dict[int, tuple[str, str]]:
    """Place → (key, heading), also of columns that mean nothing: they are given back."""
    return {
        at: (fields.get(at, f"#{at + 1}"), text[:LONGEST_KEPT])
        for at, text in enumerate(texts)
        if at in fields or text.strip()
    }


def _lines(part: _Part, named: bool) -> Iterable[Line]:
    names = [(at, heading) for at, (key, heading) in part.columns.items() if key == "name"]
    for row in part.rows:
        cells = _cells(row, part.columns)
        again = any(at < len(row.cells) and row.cells[at] == heading for at, heading in names)
        if _says_something(cells) and not again:
            yield Line(part.sheet if named else "", row.number, cells)


def _cells(row: Row, columns: dict[int, tuple[str, str]]) -> dict[str, str]:
    texts = {
        key: kind.text_of(key, row.cells[at])
        for at, (key, _) in columns.items()
        if at < len(row.cells)
    }
    return {key: text for key, text in texts.items() if text}


def _says_something(cells: dict[str, str]) -> bool:
    """Not only a running number, and not the line (1) (2) (3) below the headings."""
    texts = [text for key, text in cells.items() if key != "stt" and key[0] != "#"]
    return any(not re.fullmatch(r"\(?[0-9]{1,2}\)?", text) for text in texts)


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
