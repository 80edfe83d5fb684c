"""The lists that a file holds: where they begin, what their columns mean, and their rows."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from app import clock
from app.imports import rules
from app.imports.kinds import headings, lines
from app.imports.kinds import people as kind
from app.imports.kinds.headings import Heading
from app.imports.reader import Sheet, Unreadable, read
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
    """The list of one sheet."""

    sheet: Sheet
    heading: Heading


def table_of(data: bytes, sheet: str | None = None) -> Table:
    """The list of a file, of all its sheets or of one. Raises Refused at "file" when it cannot be
    read or has no list in it."""
    try:
        sheets = read(data)
    except Unreadable as fault:
        raise Refused(("file", fault.code, fault.values)) from None
    wanted = [one for one in sheets if sheet is None or one.name == sheet]
    parts, lacking = _parts(wanted)
    if not parts:
        nearly = [lacks for lacks in lacking.values() if lacks]
        lacks = min(nearly, key=len) if nearly else list(kind.REQUIRED)
        raise _missing(lacks)
    for name, lacks in lacking.items():
        if len(lacks) == 1:  # half a list is not to be passed over
            raise _missing(lacks, name)
    found = [line for part in parts for line in _lines(part, len(parts) > 1)]
    if not found:
        raise Refused(("file", "rows_none"))
    if len(found) > rules.MOST_ROWS:
        raise Refused(("file", "rows_many", {"most": rules.MOST_ROWS}))
    _refuse_fonts([line.cells["name"] for line in found if line.cells.get("name")])
    columns = dict(pair for part in parts for pair in part.heading.columns.values())
    skipped = [(one.name, one.hidden) for one in wanted if one.name in lacking]
    told = {one.name for one in wanted if one.rows or one.hidden}  # not of empty ones
    cut = [(key, text[:LONGEST_KEPT]) for key, text in columns.items()]
    return Table(cut, [one for one in skipped if one[0] in told], found)


def _parts(sheets: Iterable[Sheet]) -> tuple[list[_Part], dict[str, list[str]]]:
    """The lists, and of the sheets without one what they lack to be one."""
    parts: list[_Part] = []
    lacking: dict[str, list[str]] = {}
    for sheet in sheets:
        heading, lacks = headings.find(sheet.rows)
        if heading:
            parts.append(_Part(sheet, heading))
        else:
            lacking[sheet.name] = lacks
    return parts, lacking


def _lines(part: _Part, named: bool) -> Iterator[Line]:
    for number, cells in lines.read(part.heading, part.sheet.rows):
        yield Line(part.sheet.name if named else "", number, cells)


def _missing(fields: Iterable[str], sheet: str = "") -> Refused:
    wanted = ", ".join(headings.TEMPLATE[name] for name in fields)
    if sheet:
        return Refused(("file", "heading_missing_in", {"columns": wanted, "sheet": sheet[:60]}))
    return Refused(("file", "heading_missing", {"columns": wanted}))


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


def twice(table: Table) -> dict[int, tuple[str, list[Any]]]:
    """Rows that speak of the person of another one (see rules.doubles), by their place in the file:
    the state and the reason that they get."""
    today, places = clock.today(), [line.place for line in table.lines]
    doubled, torn = rules.doubles(
        rules.Key(seq, *kind.keys(line.cells, today)) for seq, line in enumerate(table.lines, 1)
    )
    return {
        **{seq: ("row_double", ["", "row_twin", {"row": places[one - 1]}])
           for seq, one in doubled.items()},
        **{seq: ("row_wrong", ["number", "number_torn", {"row": places[one - 1]}])
           for seq, one in torn.items()},
    }  # fmt: skip
