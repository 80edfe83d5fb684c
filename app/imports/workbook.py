"""Opens a spreadsheet of a stranger in a process of its own: `python workbook.py < FILE`.

A file of 1 KB with a cell in its last row and column makes the parser ask for half a terabyte and
then end its process; here this ends nobody else. Writes lines of JSON: [name, hidden] for each
sheet and below it [row number, [cells]] for each row with something in it; a cell is a text, a
number, or [date as "1950-07-15"]. What several cells merged into one below each other say, each of
them says. The parser gives errors and formulas that were never computed as empty; here they are
ERROR and FORMULA. Imports nothing of the application, so that it starts fast.
"""

import io
import json
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook

MEMORY = 250 * 1024 * 1024
SECONDS = 4
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20, 20_100, 60, 1_001
LAST_ROW = 200_000  # what stands further below is no part of a list
MOST_TEXT = 24 * 1024 * 1024
MOST_MERGED = 100_000
PASSWORD, TOO_LARGE, UNREADABLE = 3, 4, 5
ERROR, FORMULA = "#N/A", "=?"
END = 0xFFFFFFFA  # from here on no number of a sector: [MS-CFB] 2.1
Spoilt = dict[tuple[int, int], str]  # (row, column) → what stands there; both from 0


class TooLarge(Exception):
    """More than a list of people can be."""


def plain(cell: Any) -> Any:
    """A cell as JSON has it."""
    if isinstance(cell, str):
        return cell[:LONGEST_CELL]
    if isinstance(cell, datetime):
        return [cell.date().isoformat()]
    if isinstance(cell, date):
        return [cell.isoformat()]
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    return str(cell)[:LONGEST_CELL]


def filled(sheet: Any, spoilt: Spoilt) -> list[tuple[int, list[Any]]]:
    """The rows of a sheet that have something in them, with their numbers in it."""
    if sheet.total_height > LAST_ROW:
        raise TooLarge
    before = [""] * min(sheet.start[1] if sheet.start else 0, MOST_COLUMNS)
    errors: dict[int, dict[int, str]] = {}
    for (at, column), text in spoilt.items():
        if column < MOST_COLUMNS:
            errors.setdefault(at, {})[column] = text
    rows: list[tuple[int, list[Any]]] = []
    for at, cells in enumerate(sheet.iter_rows()):
        found = (before + [plain(cell) for cell in cells[:MOST_COLUMNS]])[:MOST_COLUMNS]
        for column, text in errors.get(at, {}).items():
            found += [""] * (column + 1 - len(found))
            found[column] = text
        if any(cell != "" for cell in found):
            rows.append((at + 1, found))
        if len(rows) == MOST_ROWS:
            break
    fill(dict(rows), sheet.merged_cell_ranges or [])
    return rows


def fill(rows: dict[int, list[Any]], merged: list[Any]) -> None:
    """Say in every row what cells that are merged below each other say."""
    count = 0
    for (top, column), (bottom, _right) in merged:
        above = rows.get(top + 1, [])
        for at in range(top + 2, min(bottom, top + MOST_ROWS) + 2) if column < len(above) else ():
            count += 1
            if at in rows and column < len(rows[at]) and rows[at][column] == "":
                rows[at][column] = above[column]
        if count > MOST_MERGED:
            raise TooLarge


_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(rb"<(?:\w+:)?c[^<>]*?\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")


def spoilt_in_xlsx(data: bytes, _names: list[str]) -> dict[str, Spoilt]:
    """See `spoilt`."""
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        book = ElementTree.fromstring(pack.read("xl/workbook.xml"))
        links = ElementTree.fromstring(pack.read("xl/_rels/workbook.xml.rels"))
        paths = {link.get("Id"): (link.get("Target") or "").lstrip("/") for link in links}
        found = {}
        for sheet in [part for part in book.iter() if part.tag.endswith("}sheet")][:MOST_SHEETS]:
            path = paths.get(sheet.get(_REL), "")
            path = path if path.startswith("xl/") else f"xl/{path}"
            if path.endswith(".xml") and path in pack.namelist():
                found[sheet.get("name") or ""] = dict(_spoilt_xml(pack.read(path)))
        return found


def _spoilt_xml(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    root = re.search(rb"<(\w+:|)worksheet\b", xml)
    prefix = root[1] if root else b""
    cell = b"<" + prefix + b"c"
    for error in re.finditer(rb"[\s]t=[\"']e[\"']", xml):
        yield _place(xml, xml.rfind(cell, 0, error.start()), prefix), ERROR
    # Each begins with what is found fast.
    formula = rb"<P:f\b[^<>]*(?:/>|>[^<]*</P:f>)\s*(?:<P:v\s*(?:/>|></P:v>)\s*)?</P:c>"
    for found in re.finditer(formula.replace(b"P:", prefix), xml):
        start = xml.rfind(cell, 0, found.start())
        # One whose kind is a text may say nothing on purpose.
        if not re.search(rb"\st=[\"'](?:str|e)[\"']", xml[start : found.start()]):
            yield _place(xml, start, prefix), FORMULA


def _place(xml: bytes, start: int, prefix: bytes) -> tuple[int, int]:
    said = _PLACE.match(xml, start)
    if said:
        return int(said[2]) - 1, _column(said[1])
    # Without its place a cell stands beside the one before it.
    row = xml.rfind(b"<" + prefix + b"row", 0, start)
    before = xml.count(b"<" + prefix + b"row", 0, max(row, 0))
    return before, xml.count(b"<" + prefix + b"c", max(row, 0), start)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


_ODS = re.compile(rb"<table:(table|table-row|(?:covered-)?table-cell)(?=[\s/>])([^>]*)>")
_REPEATED = re.compile(rb"table:number-(?:rows|columns)-repeated\s*=\s*[\"']([0-9]{1,9})")


def spoilt_in_ods(data: bytes, names: list[str]) -> dict[str, Spoilt]:
    """See `spoilt`."""
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        xml = pack.read("content.xml")
    found: list[Spoilt] = []
    row, column, next_row = 0, 0, 0
    for tag, attributes in _ODS.findall(xml) if b'value-type="error"' in xml else ():
        times = int(next(iter(_REPEATED.findall(attributes)), b"1"))
        if tag == b"table":
            found.append({})
            next_row = 0
        elif tag == b"table-row":
            row, column, next_row = next_row, 0, next_row + times
        elif found:
            if b'value-type="error"' in attributes:
                found[-1] |= {(row, column + n): ERROR for n in range(min(times, MOST_COLUMNS))}
            column += times
    return dict(zip(names, found, strict=False))


def spoilt_in_xls(data: bytes, names: list[str]) -> dict[str, Spoilt]:
    """See `spoilt`. Records: [MS-XLS] 2.4.10 BoolErr, 2.4.127 Formula."""
    stream, starts = _ole_stream(data), []
    for kind, at, size in _records(stream, 0):
        if kind == 0x85 and size > 8:  # BoundSheet8
            starts.append(struct.unpack_from("<I", stream, at)[0])
    errors = [dict(_spoilt_records(stream, start)) for start in starts]
    return dict(zip(names, errors, strict=False))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of the records from `at` to the end of the sheet."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == 0x0A:
            return
        yield kind, at + 4, size
        at += 4 + size


def _spoilt_records(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, at, size in _records(stream, start):
        body = stream[at : at + size]
        if (kind == 0x205 and body[7:8] == b"\1") or (
            kind == 0x06 and body[6:7] == b"\2" and body[12:14] == b"\xff\xff"
        ):
            row, column = struct.unpack_from("<HH", body)
            yield (row, column), ERROR


def _ole_stream(data: bytes) -> bytes:
    """The stream "Workbook" or "Book" of a compound file: [MS-CFB] 2.2, 2.3, 2.6."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    first, _, _, small, _, further = struct.unpack_from("<6I", data, 48)

    def part(number: int) -> bytes:
        return data[(number + 1) * sector : (number + 2) * sector]

    lists = list(struct.unpack_from("<109I", data, 76))
    while further < END and len(lists) * sector < len(data):
        *more, further = _numbers(part(further))
        lists += more
    table = _numbers(b"".join(part(number) for number in lists if number < END))
    entries = _chain(first, table, part, len(data))
    root = struct.unpack_from("<I", entries, 116)[0]
    for at in range(0, len(entries) - 127, 128):
        name = entries[at : at + 64].decode("utf-16-le", "replace").split("\0")[0]
        start, size = struct.unpack_from("<II", entries, at + 116)
        if name in ("Workbook", "Book") and size >= 4096:
            return _chain(start, table, part, size)
        if name in ("Workbook", "Book"):  # in pieces of 64 bytes, within the stream of the root
            pieces = _chain(root, table, part, len(data))
            table = _numbers(_chain(small, table, part, len(data)))
            return _chain(start, table, partial(_piece, pieces), size)
    return b""


def _piece(pieces: bytes, number: int) -> bytes:
    return pieces[number * 64 : (number + 1) * 64]


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack_from(f"<{len(data) // 4}I", data))


def _chain(number: int, table: list[int], part: Callable[[int], bytes], most: int) -> bytes:
    """The parts that follow each other in a table; a ring of them ends at `most` bytes."""
    found, size = [], 0
    while number < len(table) and size < most:
        found.append(part(number))
        size += len(found[-1]) or most
        number = table[number]
    return b"".join(found)[:most]


def spoilt(data: bytes, names: list[str]) -> dict[str, Spoilt]:
    """Sheet → its cells without a value, of a file of any kind."""
    if not data.startswith(b"PK"):
        return spoilt_in_xls(data, names)
    ods = b"opendocument" in data[:200]
    return spoilt_in_ods(data, names) if ods else spoilt_in_xlsx(data, names)


def locked(data: bytes) -> bool:
    """Whether the parser cannot open it for its password: [MS-OFFCRYPTO] 1.3.3, 2.3.4.4."""
    if data.startswith(b"PK"):
        return False
    package = "EncryptedPackage".encode("utf-16-le") in data
    return package or any(kind == 0x2F for kind, _, _ in _records(_ole_stream(data), 0))


def main() -> int:
    """Exit code 0, or why not."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    lines, size = [], 0
    try:
        if locked(data):
            return PASSWORD
        book = load_workbook(io.BytesIO(data))
        empty = spoilt(data, [sheet.name for sheet in book.sheets_metadata])
        for sheet in book.sheets_metadata[:MOST_SHEETS]:
            hidden = sheet.visible != SheetVisibleEnum.Visible
            lines.append(json.dumps([sheet.name, hidden]))
            if hidden:
                continue
            for row in filled(book.get_sheet_by_name(sheet.name), empty.get(sheet.name, {})):
                lines.append(json.dumps(row))
                size += len(lines[-1])
                if size > MOST_TEXT:
                    raise TooLarge
    except PasswordError:
        return PASSWORD
    except (MemoryError, TooLarge):
        return TOO_LARGE
    except (CalamineError, ValueError, LookupError, OverflowError, struct.error):
        return UNREADABLE
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, NotImplementedError):
        return UNREADABLE
    sys.stdout.write("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
