"""A file that somebody sent becomes sheets of rows of cells, or is refused with a reason."""

import csv
import io
import json
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

Cell = str | float | date
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 2_000
LONGEST_CELL = 1_000
MOST_COLUMNS, MOST_ROWS = 60, 20_100  # as in workbook.py
LONGEST_LINE = 200_000
SECONDS = 5  # as the clock has it; of the processor the program gets less
WORKBOOK = Path(__file__).with_name("workbook.py")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
FAULTS = {3: "file_password", 4: "file_unpacked"}


class Unreadable(Exception):
    """A file cannot be read; `code` and `values` say why (the words are in app/words.py)."""

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Row(NamedTuple):
    """number: as the spreadsheet program shows it, from 1."""

    number: int
    cells: list[Cell]


class Sheet(NamedTuple):
    """name: "" for a text file; rows: those with something in them. Of a hidden sheet only the
    name is read."""

    name: str
    rows: list[Row]
    hidden: bool = False


def read(data: bytes) -> list[Sheet]:
    """The sheets of an .xlsx, .xls, .ods or text file. What the file is, its content says, not its
    name. Cells longer than LONGEST_CELL are cut.

    Raises Unreadable: file_empty, file_large, file_unpacked, file_slow, file_password, file_web,
    file_unknown, file_encoding, file_quotes.
    """
    if not data.strip():
        raise Unreadable("file_empty")
    if len(data) > MOST_BYTES:
        raise Unreadable("file_large")
    if data.startswith(ZIP):
        _guard(data)
    if data.startswith((ZIP, OLE)):
        return _workbook(data)
    return [Sheet("", _text(_decoded(data)))]


def _guard(data: bytes) -> None:
    """Refuse what says of itself that it unpacks to more than the limit; what lies about that
    meets the memory limit of workbook.py."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error, zlib.error):
        raise Unreadable("file_unknown") from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("file_unpacked")


def _workbook(data: bytes) -> list[Sheet]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(WORKBOOK)], input=data, capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("file_slow") from None
    if done.returncode < 0:  # ended by a limit
        raise Unreadable("file_unpacked")
    if done.returncode:
        raise Unreadable(FAULTS.get(done.returncode, "file_unknown"))
    sheets: list[Sheet] = []
    for line in done.stdout.splitlines():
        first, second = json.loads(line)
        if isinstance(first, str):
            sheets.append(Sheet(first, [], second))
        else:
            sheets[-1].rows.append(Row(first, [_cell(cell) for cell in second]))
    return sheets


def _cell(cell: str | float | list[str]) -> Cell:
    return date.fromisoformat(cell[0]) if isinstance(cell, list) else cell


def _decoded(data: bytes) -> str:
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _strict(data, name)
    if b"\0" in data:
        raise Unreadable("file_unknown")
    return _strict(data, "utf-8")


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        raise Unreadable("file_encoding") from None


def _text(text: str) -> list[Row]:
    """Rows of a text file whose cells are parted by commas, semicolons or tabs."""
    if "\0" in text:
        raise Unreadable("file_unknown")
    if text[:500].lstrip().startswith("<"):
        raise Unreadable("file_web")
    said = re.match(r"sep=(.)\r?\n", text)  # to Excel, which does not show this line
    lines = io.StringIO(text[said.end() :] if said else text, newline="")
    table = csv.reader(_short(lines), delimiter=said[1] if said else _comma(text), strict=True)
    rows: list[Row] = []
    number = 0
    try:
        for number, cells in enumerate(table, 1):
            if any(cell.strip() for cell in cells):
                rows.append(Row(number, [_said(cell) for cell in cells[:MOST_COLUMNS]]))
            if len(rows) == MOST_ROWS:
                break
    except csv.Error:
        # A quote that nothing closes would swallow the rows below it.
        raise Unreadable("file_quotes", row=number + 1) from None
    return rows


def _short(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise Unreadable("file_unpacked")
        yield line


def _comma(text: str) -> str:
    """What parts the cells: the sign that most lines have equally often."""
    lines = text[:20_000].splitlines()[:50]
    tallies = {sign: Counter(line.count(sign) for line in lines) for sign in ",;\t"}
    return max(tallies, key=lambda sign: max((n * m for n, m in tallies[sign].items()), default=0))


def _said(cell: str) -> str:
    """A cell, cut; ="0912" is the way to keep a zero in a text file."""
    cut = cell[: LONGEST_CELL + 1]
    return cut[2:-1] if cut[:2] == '="' and cut[-1] == '"' else cut
