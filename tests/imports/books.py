"""Spreadsheets of other kinds for tests, made by hand: .xls (BIFF8 in a compound file) and .ods."""

import io
import struct
import zipfile
from datetime import date
from xml.sax.saxutils import escape

from tests.imports.files import Error

RING = 0xFFFFFFFE  # the last sector of a chain; with another number here a chain may loop
FREE = 0xFFFFFFFF


def xls(rows=(), sheets=None, hidden=(), merged=(), records=b"") -> bytes:
    """A workbook; `hidden`: names of sheets; `merged`: (first row, last, first column, last), from
    0; `records`: further ones at the start of the book."""
    sheets = sheets or {"Danh sách": rows}
    bodies = [_sheet(part, merged) for part in sheets.values()]
    names = [_bound(name, name in hidden, 0) for name in sheets]
    head = _bof(5) + records + _record(0xE0, struct.pack("<HH16x", 0, 0))
    head += _record(0xE0, struct.pack("<HH16x", 0, 14))  # the second format: a date
    at = len(head) + sum(map(len, names)) + 4
    for n, name in enumerate(sheets):
        names[n] = _bound(name, name in hidden, at)
        at += len(bodies[n])
    return compound(head + b"".join(names) + _record(0x0A) + b"".join(bodies))


def _record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def _bof(what):
    return _record(0x809, struct.pack("<HHHHII", 0x600, what, 0, 0, 0, 0x600))


def _bound(name, hidden, at):
    text = name.encode("utf-16-le")
    return _record(0x85, struct.pack("<IBBBB", at, hidden, 0, len(name), 1) + text)


def _sheet(rows, merged):
    cells = [_cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row)]
    areas = b"".join(struct.pack("<4H", *area) for area in merged)
    cells += [_record(0xE5, struct.pack("<H", len(merged)) + areas)] if merged else []
    return _bof(0x10) + b"".join(cells) + _record(0x0A)


def _cell(row, column, value):
    place = struct.pack("<HHH", row, column, isinstance(value, date))
    if isinstance(value, Error):
        return _record(0x205, place + b"\x2a\1")
    if isinstance(value, date):
        value = (value - date(1899, 12, 30)).days
    if isinstance(value, (int, float)):
        return _record(0x203, place + struct.pack("<d", value))
    text = value.encode("utf-16-le")
    return _record(0x204, place + struct.pack("<HB", len(text) // 2, 1) + text) if value else b""


def compound(stream, name="Workbook", following=RING) -> bytes:
    """A compound file with one stream; `following`: what comes after its last sector."""
    stream += b"\0" * (max(4096, -(-len(stream) // 512) * 512) - len(stream))
    count = len(stream) // 512
    tables = -(-(count + 2) // 127)
    table = [0xFFFFFFFD] * tables + [RING] + list(range(tables + 2, tables + 1 + count))
    table += [following] + [FREE] * (tables * 128 - len(table) - 1)
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    )
    head += struct.pack("<9I", 0, tables, tables, 0, 4096, RING, 0, RING, 0)
    head += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    entries = _entry("Root Entry", 5, RING, 0, 1) + _entry(name, 2, tables + 1, len(stream), FREE)
    packed = struct.pack(f"<{len(table)}I", *table)
    return head + packed + entries + _entry("", 0, 0, 0, FREE) * 2 + stream


def _entry(name, kind, start, size, child):
    text = (name + "\0").encode("utf-16-le") if name else b""
    ends = struct.pack("<HBB3I", len(text), kind, 1, FREE, FREE, child)
    return text.ljust(64, b"\0") + ends + struct.pack("<36xIII", start, size, 0)


STYLES = (
    '<style:style style:name="h1" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)


def ods(rows=(), sheets=None, hidden=()) -> bytes:
    """An OpenDocument workbook."""
    sheets = sheets or {"Danh sách": rows}
    body = "".join(
        f'<table:table table:name="{escape(name)}" table:style-name="h{name in hidden:d}">'
        f"{''.join(map(_ods_row, part))}</table:table>"
        for name, part in sheets.items()
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    names += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}>'
        f"<office:automatic-styles>{STYLES}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        manifest = "<manifest/>"
        parts = ("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest)
        for name, data in parts:
            pack.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return file.getvalue()


def _ods_row(row):
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value):
    if isinstance(value, Error):
        return ('<table:table-cell office:value-type="string" calcext:value-type="error">'
                f"<text:p>{value}</text:p></table:table-cell>")  # fmt: skip
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    if not value:
        return "<table:table-cell/>"
    return ('<table:table-cell office:value-type="string">'
            f"<text:p>{escape(value)}</text:p></table:table-cell>")  # fmt: skip
