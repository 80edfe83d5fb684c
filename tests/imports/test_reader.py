"""Files of strangers: what can be read is read, everything else is refused with a reason."""

import io
import resource
import struct
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imports.reader import MOST_UNPACKED, WORKBOOK, Unreadable, read
from tests.imports.books import compound, ods, xls
from tests.imports.files import MAIN, REL, Error, csv, xlsx

ROWS = [["Họ và tên", "Ngày sinh"], ["NGUYỄN VĂN A", "15/07/1950"]]


def texts(data, at=0):
    return [row.cells for row in read(data)[at].rows]


def refusal(data):
    with pytest.raises(Unreadable) as refused:
        read(data)
    return refused.value.code


def test_a_workbook_gives_texts_numbers_and_dates_with_the_numbers_of_the_rows():
    data = xlsx([["a", 1950, 1.5], [], ["b", date(1950, 7, 15), 109012345678]])
    (sheet,) = read(data)
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (1, ["a", 1950.0, 1.5]),
        (3, ["b", date(1950, 7, 15), 109012345678.0]),
    ]


def test_all_sheets_are_read():
    data = xlsx(sheets={"Bìa": [["Sở Y tế"]], "Danh sách": ROWS})
    assert [sheet.name for sheet in read(data)] == ["Bìa", "Danh sách"]
    assert texts(data, 1) == ROWS


@pytest.mark.parametrize("comma", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_files_in_unicode_are_read(comma, encoding):
    assert texts(csv(ROWS, comma, encoding)) == ROWS


@pytest.mark.parametrize("make", [xlsx, xls, ods, csv])
def test_every_kind_of_file_says_the_same(make):
    assert texts(make(ROWS)) == ROWS


@pytest.mark.parametrize("make", [xlsx, xls, ods])
def test_errors_are_not_empty(make):
    """The parser calls them empty; a column that may be empty would then lose them in silence."""
    rows = [["a", "b", "c"], ["x", Error("#N/A"), ""], ["", "", Error("#REF!")]]
    assert texts(make(rows)) == [rows[0], ["x", "#N/A", ""], ["", "", "#N/A"]]


@pytest.mark.parametrize("place", [' r="B7"', ""])
@pytest.mark.parametrize(
    ("rest", "text"),
    [
        ("><f>A1</f></c>", "=?"),
        ("><f>A1</f><v></v></c>", "=?"),
        ('><f t="shared" si="0"/></c>', "=?"),
        ('><f t="shared" si="0"/><v>5</v></c>', 5.0),
        ("><f>A1+1</f><v>5</v></c>", 5.0),
        (' t="str"><f>IF(A1,"","x")</f><v></v></c>', ""),
        (' t="str"><f>A1</f><v>An</v></c>', "An"),
        (' t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#N/A"),
    ],
)
def test_a_formula_is_what_was_computed_last(place, rest, text):
    first = f'<row r="7"><c{place.replace("B", "A")} s="0"><v>1</v></c>' if place else (
        "<row/>" * 6 + "<row><c><v>1</v></c>"
    )  # fmt: skip
    data = xlsx(xml=f"{first}<c{place}{rest}<c><v>9</v></c></row>")
    assert read(data)[0].rows[0] == (7, [1.0, text, 9.0])


def test_a_prefix_of_the_xml_hides_no_error():
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
        '<x:c r="B1" t="e"><x:v>#N/A</x:v></x:c><x:c r="C1"><x:f>A1</x:f></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    assert texts(xlsx(**{"xl/worksheets/sheet1.xml": sheet})) == [[1.0, "#N/A", "=?"]]


def test_merged_cells_say_the_same_in_every_row():
    rows = [["Họ và tên", "Thôn"], ["A", "Thôn 1"], ["B", ""], ["C", "Thôn 2"]]
    xml = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{column}{n}" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in zip("CD", row, strict=True) if text) + "</row>"
        for n, row in enumerate(rows, 3)
    )  # fmt: skip
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData>{xml}</sheetData><mergeCells>'
        '<mergeCell ref="D4:D5"/><mergeCell ref="A1:D1"/></mergeCells></worksheet>'
    )
    data = xlsx(**{"xl/worksheets/sheet1.xml": sheet})
    assert [cells[-1] for cells in texts(data)] == ["Thôn", "Thôn 1", "Thôn 1", "Thôn 2"]
    data = xls(rows, merged=[(1, 2, 1, 1)])
    assert [cells[1] for cells in texts(data)] == ["Thôn", "Thôn 1", "Thôn 1", "Thôn 2"]


@pytest.mark.parametrize("make", [xls, ods])
def test_of_a_hidden_sheet_only_the_name_is_read(make):
    data = make(sheets={"Danh sách": ROWS, "Ẩn": [["x"]]}, hidden=["Ẩn"])
    assert [(s.name, len(s.rows), s.hidden) for s in read(data)] == [
        ("Danh sách", 2, False),
        ("Ẩn", 0, True),
    ]


def test_the_comma_is_what_parts_most_lines():
    lines = ["Danh sách xã A, huyện B, tỉnh C", "STT;Họ tên;Năm sinh;Địa chỉ"]
    lines += ["1;A;1950;Số 1, thôn 2, xã 3", "2;B;1951;Số 2"]
    rows = texts("\n".join(lines).encode())
    assert rows[1:3] == [lines[1].split(";"), lines[2].split(";")]
    assert texts(b"sep=|\r\na|b,c,d\r\n") == [["a", "b,c,d"]]


def test_a_number_kept_by_quotes_keeps_its_zero():
    assert texts(b'a\n"=""001050000017"""\n="0912345678"\n')[1:] == [
        ["001050000017"], ["0912345678"]]  # fmt: skip


def test_a_fault_of_a_text_file_names_the_row():
    with pytest.raises(Unreadable) as refused:
        read('Họ tên,Địa chỉ\n\nA,"Số 1\nB,Số 2\nC,"Số 3"\n'.encode())
    assert (refused.value.code, refused.value.values) == ("file_quotes", {"row": 3})


def test_quoted_cells_may_hold_commas_and_line_ends():
    data = 'Họ tên,Địa chỉ\r\n"A","Số 1, đường 2\nthôn 3"\r\n'.encode()
    assert texts(data)[1] == ["A", "Số 1, đường 2\nthôn 3"]


def test_a_long_cell_is_cut_so_that_its_column_refuses_it():
    long = "x" * 1_000_000
    for data in (xlsx([["a", long]]), f"a,{'x' * 100_000}".encode()):
        assert len(texts(data)[0][1]) == 1_001


@pytest.mark.parametrize("encoding", ["cp1258", "cp1252", "latin-1"])
def test_old_encodings_of_text_files_are_refused(encoding):
    text = "Họ và tên,Ngày sinh".encode(encoding, "ignore") + b"\r\nNguy\xean V\xe3n A,1950"
    assert refusal(text) == "file_encoding"


def changed(data, **sizes):
    """The package with the unpacked size of its last part changed in all its headers."""
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = data.rindex(mark)
        data = data[: start + at] + struct.pack("<I", sizes["size"]) + data[start + at + 4 :]
    return data


BIG = {"xl/media/image1.png": b"\0" * (MOST_UNPACKED + 1)}
LONG_SHEET = "<row><c t='inlineStr'><is><t>" + "x" * (60 << 20) + "</t></is></c></row>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "file_empty", id="nothing"),
        pytest.param(b" \r\n\r\n ", "file_empty", id="blanks"),
        pytest.param(b"x" * (10 * 1024 * 1024 + 1), "file_large", id="11 MB"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "file_unknown", id="picture"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF\0", "file_unknown", id="photo"),
        pytest.param(b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n", "file_encoding", id="pdf"),
        pytest.param(b"a,b\0,c", "file_unknown", id="csv with NUL"),
        pytest.param("a,\0b".encode("utf-16"), "file_unknown", id="utf-16 with NUL"),
        pytest.param(b"\xff\xfea", "file_encoding", id="half a utf-16 sign"),
        pytest.param(b'a,"b\nc,d\n', "file_quotes", id="an open quote"),
        pytest.param(b'a,"b" c\nc,d\n', "file_quotes", id="a quote within"),
        pytest.param(b'"' + b"x" * 150_000, "file_quotes", id="a cell that does not end"),
        pytest.param(b"a," * 5_200_000, "file_unpacked", id="one line of 10 MB"),
        pytest.param(b"<html><table><tr><td>A", "file_web", id="web page named .xls"),
        pytest.param(b"<?xml version='1.0'?><Workbook>", "file_web", id="xml of 2003"),
        pytest.param(xls(ROWS, records=struct.pack("<6H", 0x2F, 6, 0, 0, 0, 0)), "file_password",
                     id="xls with a password"),
        pytest.param(compound(b"x" * 5000, "EncryptedPackage"), "file_password",
                     id="xlsx with a password"),
        pytest.param(b"PK\x03\x04", "file_unknown", id="only a zip mark"),
        pytest.param(b"PK\x03\x04" + b"\0" * 500, "file_unknown", id="zip of zeros"),
        pytest.param(xlsx(ROWS)[:-30], "file_unknown", id="cut off"),
        pytest.param(xlsx(ROWS)[:200], "file_unknown", id="cut off early"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\1" * 2000, "file_unknown", id="xls of nonsense"),
        pytest.param(xls(ROWS)[:1800], "file_unknown", id="xls cut off"),
        pytest.param(xlsx(ROWS, **BIG), "file_unpacked", id="zip bomb"),
        pytest.param(
            changed(xlsx(ROWS, **{"xl/worksheets/sheet1.xml": "x" * (60 << 20)}), size=10),
            "file_unknown",
            id="zip bomb that lies",
        ),
        pytest.param(xlsx(xml="<row r='1'><c r='A1'>"), "file_unknown", id="broken xml"),
        pytest.param(
            xlsx(xml="<row r='1'><c r='A1'><v>1</v></c></row>"
                     "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"),
            "file_unpacked",
            id="a stray cell in the last corner",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(data, code):
    assert refusal(data) == code


def test_a_package_of_many_parts_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        for n in range(2_001):
            pack.writestr(f"{n}", "")
    assert refusal(file.getvalue()) == "file_unpacked"


def test_a_document_of_another_kind_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr("word/document.xml", "<x/>")
    assert refusal(file.getvalue()) == "file_unknown"


def part(name, text):
    return xlsx(ROWS, **{name: text})


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
LONG_ENTITY = f'<!DOCTYPE a [<!ENTITY e "{"x" * 100_000}">]>'


def styled():
    rows = (f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, 1 << 20))
    return xlsx(xml="".join(rows))


HOSTILE = {
    "bomb that lies": lambda: changed(part("xl/worksheets/sheet1.xml", LONG_SHEET), size=10),
    "million empty rows": lambda: xlsx(xml="<row/>" * (1 << 20)),
    "million rows of styles": styled,
    "entities": lambda: part(
        "xl/workbook.xml", f'<!DOCTYPE a [<!ENTITY e0 "x">{ENTITIES}]><a>&e11;</a>'
    ),
    "entities in a sheet": lambda: part(
        "xl/worksheets/sheet1.xml", f'<!DOCTYPE a [<!ENTITY e0 "x">{ENTITIES}]><a>&e11;</a>'
    ),
    "one long entity": lambda: part(
        "xl/workbook.xml", f"{LONG_ENTITY}{BOOK}{'&e;' * 50_000}</sheets></workbook>"
    ),
    "deep": lambda: part("xl/workbook.xml", "<a>" * 1_000_000),
    "a sheet of open tags": lambda: xlsx(xml="<f/>" + "<c " * 5_000_000),
    "a zip in a zip": lambda: part("xl/workbook.xml", xlsx(ROWS)),
    "a chain of sectors in a ring": lambda: compound(xls(ROWS)[1536:], following=3),
    "a directory in a ring": lambda: xls(ROWS)[:516] + struct.pack("<I", 1) + xls(ROWS)[520:],
    "a table of sectors that never ends": lambda: (
        xls(ROWS)[:68] + struct.pack("<2I", 0, 9) + xls(ROWS)[76:]
    ),
    "many strings": lambda: xls(
        ROWS, records=struct.pack("<HHII", 0xFC, 8, 0xFFFFFFFF, 0xFFFFFFFF)
    ),
    "quotes without end": lambda: b'a,b\n"c,d\n' + b"e,f\n" * 2_000_000,
    "a word of 10 MB": lambda: b"x" * (10 << 20),
    "many short cells": lambda: (b"ab," * 60 + b"\n") * 57_000,
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_end_soon_and_cost_this_process_little(make):
    """Read or refused within 5 seconds; most takes a fraction of that. See reader.SECONDS."""
    data = make()
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()  # the program that opens workbooks is ended by the clock
    with suppress(Unreadable):
        assert sum(len(sheet.rows) for sheet in read(data)) <= 20_100
    assert time.process_time() - began < 4
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - mine < 150_000  # kB


MEASURED = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-I", sys.argv[1]], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("name", ["bomb that lies", "a directory in a ring", "million empty rows"])
def test_the_program_that_opens_a_file_keeps_to_its_memory(name):
    # Through a small program, because a child counts the memory of its parent as its own.
    told = [sys.executable, "-c", MEASURED, str(WORKBOOK)]
    done = subprocess.run(told, input=HOSTILE[name](), capture_output=True)
    assert int(done.stdout) < 256 * 1024  # kB


def answers(data):
    """A list of sheets, or a refusal; anything else is a fault."""
    try:
        for sheet in read(data):
            for row in sheet.rows:
                assert row.number > 0
                assert all(isinstance(cell, (str, int, float, date)) for cell in row.cells)
    except Unreadable as refused:
        assert refused.code.startswith("file_")


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    if not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        answers(data)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_no_text_breaks_the_reader(text, encoding):
    answers(text.encode(encoding, "replace"))


GOOD = xlsx([["Họ và tên", "Ngày sinh"], ["A", 1950], ["B", date(1950, 1, 2)]])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(4, len(GOOD) - 1), st.integers(0, 255)), max_size=6))
def test_no_spoilt_workbook_breaks_the_reader(spoilt):
    data = bytearray(GOOD)
    for at, byte in spoilt:
        data[at] = byte
    answers(bytes(data))


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet='<>/="rcvtsA1 9&;#x', max_size=120))
def test_no_spoilt_sheet_breaks_the_reader(xml):
    answers(xlsx(xml=xml))
