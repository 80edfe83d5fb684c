"""Spreadsheets that others open: .xlsx and .csv, written row by row in constant memory."""

import csv as text_files
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from flask import Response, stream_with_context

from app.i18n import show_date, show_moment

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
LONGEST_CELL = 32_767  # as the programs have it
MOST_ROWS = 1_048_576
AT_ONCE = 500  # rows

Cell = str | int | float | date | None
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-][0-9][0-9 .]*")
# What no XML may hold.
_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PART = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TEXT, _BOLD, _COUNT = 1, 2, 0  # styles, by their place in cellXfs
# Number format 49 is text: a spreadsheet then keeps the zeros in front of what is typed.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf numFmtId="49" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1" applyAlignment="1">'
    '<alignment wrapText="1" vertical="top"/></xf></cellXfs></styleSheet>'
)


class Head(str):
    """The text of a heading: bold, on several lines when it is long."""


class Sheet(NamedTuple):
    """rows: cells that are texts, numbers to count with (never those of a document or a
    telephone: they lose their zeros), days or moments; widths: of the columns, in letters;
    choices: column (from 0) → what may be chosen there, as '"Nam,Nữ"' or "'Mã'!$A$1:$A$9"."""

    name: str
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    choices: Mapping[int, str] = {}


def safe(text: str) -> str:
    """`text` so that no spreadsheet program takes it for a formula (OWASP: CSV injection)."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def shown(cell: Cell) -> str:
    """A cell as text, days and moments as they are shown everywhere."""
    if isinstance(cell, datetime):
        return show_moment(cell)
    if isinstance(cell, date):
        return show_date(cell)
    return "" if cell is None else safe(_STRANGE.sub("", str(cell)))[:LONGEST_CELL]


def csv(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The rows as a text file in UTF-8, with the mark by which Excel knows it."""
    text = io.StringIO()
    writer = text_files.writer(text)
    text.write("\ufeff")
    for number, row in enumerate(rows, 1):
        writer.writerow([cell if _counts(cell) else shown(cell) for cell in row])
        if number % AT_ONCE == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    data = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return data


def xlsx(*sheets: Sheet) -> Iterator[bytes]:
    """The sheets as an .xlsx file, piece by piece."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as pack:  # type: ignore[call-overload]
        for name, text in _parts(sheets):
            pack.writestr(name, _HEAD + text)
        for number, sheet in enumerate(sheets, 1):
            with pack.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                for text in _sheet(sheet):
                    part.write(text.encode())
                    yield sink.taken()
    yield sink.taken()


class _Sink:
    """Takes what the archive writes until it is sent."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        data, self.pieces = b"".join(self.pieces), []
        return data


def _parts(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    """What a workbook has beside its sheets: (name of the part, its XML)."""
    numbers = range(1, len(sheets) + 1)
    yield "[Content_Types].xml", _types(numbers)
    yield "_rels/.rels", _links([("r1", "officeDocument", "xl/workbook.xml")])
    links = [(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _links([*links, ("s", "styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES
    names = "".join(
        f'<sheet name={quoteattr(_name(sheet.name))} sheetId="{n}" r:id="r{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    yield (
        "xl/workbook.xml",
        (f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{names}</sheets></workbook>'),
    )


def _types(numbers: Iterable[int]) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_PART}.worksheet+xml"/>'
        for n in numbers
    )
    return (
        f'<Types xmlns="{_PACK}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_PART}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_PART}.styles+xml"/>{sheets}</Types>'
    )


def _links(links: Iterable[tuple[str, str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{key}" Type="{_REL}/{kind}" Target="{target}"/>'
        for key, kind, target in links
    )
    return f'<Relationships xmlns="{_PACK}/relationships">{each}</Relationships>'


def _name(text: str) -> str:
    """The name of a sheet as the programs allow it."""
    return re.sub(r"[\[\]:*?/\\]", " ", _STRANGE.sub("", text))[:31].strip("' ") or "1"


def _sheet(sheet: Sheet) -> Iterator[str]:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" style="{_TEXT}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, 1)
    )
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )
    waiting: list[str] = []
    for row in sheet.rows:
        waiting.append(f"<row>{''.join(map(_cell, row))}</row>")
        if len(waiting) == AT_ONCE:
            yield "".join(waiting)
            waiting.clear()
    yield f"{''.join(waiting)}</sheetData>{_choices(sheet.choices)}{_PAPER}</worksheet>"


# A4 landscape, as wide as the sheet.
_PAPER = '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'


def _choices(choices: Mapping[int, str]) -> str:
    rules = "".join(
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" '
        f'sqref="{_letters(column)}2:{_letters(column)}{MOST_ROWS}">'
        f"<formula1>{escape(formula)}</formula1></dataValidation>"
        for column, formula in choices.items()
    )
    return f'<dataValidations count="{len(choices)}">{rules}</dataValidations>' if rules else ""


def _letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    above, rest = divmod(column, 26)
    return (_letters(above - 1) if above else "") + chr(ord("A") + rest)


def _counts(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _cell(cell: Cell) -> str:
    if _counts(cell):
        return f'<c s="{_COUNT}"><v>{cell}</v></c>'
    style = _BOLD if isinstance(cell, Head) else _TEXT
    text = escape(shown(cell))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'


def download(pieces: Iterator[bytes], name: str) -> Response:
    """Send a file piece by piece; its kind is said by the end of its name. The rows may ask the
    database while they are sent; the export is written into the audit before."""
    kind = CSV if name.endswith(".csv") else XLSX
    answer: Any = stream_with_context(pieces)
    file = Response(answer, mimetype=None, content_type=kind)
    file.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return file
