"""Files of strangers: what can be read is read, everything else is refused with a reason."""

import io
import resource
import struct
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imports.reader import MOST_UNPACKED, Unreadable, read
from tests.imports.files import csv, xlsx

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
        pytest.param(b'"' + b"x" * 200_000, "file_unknown", id="an open quote"),
        pytest.param(b"PK\x03\x04", "file_unknown", id="only a zip mark"),
        pytest.param(b"PK\x03\x04" + b"\0" * 500, "file_unknown", id="zip of zeros"),
        pytest.param(xlsx(ROWS)[:-30], "file_unknown", id="cut off"),
        pytest.param(xlsx(ROWS)[:200], "file_unknown", id="cut off early"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\1" * 2000, "file_unknown", id="xls of nonsense"),
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


def test_reading_a_bomb_costs_this_process_no_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bomb = changed(xlsx(ROWS, **{"xl/worksheets/sheet1.xml": LONG_SHEET}), size=10)
    before = max(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # the largest so far
    with pytest.raises(Unreadable):
        read(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(children, 450_000)


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
