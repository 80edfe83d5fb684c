"""A file that somebody sent becomes sheets of rows of cells, or is refused with a reason."""

import csv
import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple

Cell = str | float | date
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 2_000
LONGEST_CELL = 1_000
MOST_COLUMNS, MOST_ROWS = 100, 20_100  # as in workbook.py
SECONDS = 30
WORKBOOK = Path(__file__).with_name("workbook.py")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
FAULTS = {3: "file_password", 4: "file_unpacked"}


class Unreadable(Exception):
    """A file cannot be read; `code` says why (its words are in app/words.py)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Row(NamedTuple):
    """number: as the spreadsheet program shows it, from 1."""

    number: int
    cells: list[Cell]


class Sheet(NamedTuple):
    """name: "" for a text file; rows: those with something in them."""

    name: str
    rows: list[Row]


def read(data: bytes) -> list[Sheet]:
    """The visible sheets of an .xlsx, .xls, .ods or text file. What the file is, its content says,
    not its name. Cells longer than LONGEST_CELL are cut.

    Raises Unreadable: file_empty, file_large, file_unpacked, file_password, file_unknown,
    file_encoding.
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
        raise Unreadable("file_unpacked") from None
    if done.returncode < 0:  # ended by a limit
        raise Unreadable("file_unpacked")
    if done.returncode:
        raise Unreadable(FAULTS.get(done.returncode, "file_unknown"))
    return [
        Sheet(name, [Row(number, [_cell(cell) for cell in cells]) for number, cells in rows])
        for name, rows in json.loads(done.stdout)
    ]


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
    comma = max(",;\t", key=text[:10_000].count)
    lines = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=comma), 1)
    filled = (
        Row(number, [cell[: LONGEST_CELL + 1] for cell in cells[:MOST_COLUMNS]])
        for number, cells in lines
        if any(cell.strip() for cell in cells)
    )
    try:
        return list(islice(filled, MOST_ROWS))
    except csv.Error:
        raise Unreadable("file_unknown") from None
