"""The spreadsheets that we write: read back, safe, and streamed."""

import tracemalloc
from datetime import date, datetime

import pytest
from flask import g

from app.imports.reader import read
from app.spreadsheet import Head, Sheet, csv, download, safe, xlsx

ROWS = [["Họ và tên", "Số"], ["NGUYỄN & <A>", "001080000017"], ["", " b "]]
FORMULAS = ["=1+1", "+a", "-x", "@cmd", "\tx", "\rx", "-1+1"]


def back(pieces):
    """(name, rows) of each sheet that was written."""
    return [(sheet.name, [row.cells for row in sheet.rows]) for sheet in read(b"".join(pieces))]


def test_a_workbook_is_read_back():
    assert back(xlsx(Sheet("Danh sách", ROWS))) == [("Danh sách", ROWS)]


def test_several_sheets_with_choices_keep_their_names():
    choices = {0: '"Nam,Nữ"', 27: "'Mã & tên'!$A$1:$A$9"}
    sheets = Sheet("A/B [x]", ROWS, [20, 30], choices), Sheet("Mã & tên", [["1"]])
    assert [name for name, _rows in back(xlsx(*sheets))] == ["A B  x", "Mã & tên"]


def test_numbers_count_and_texts_keep_their_zeros():
    rows = [[Head("a"), 3, 1.5, "007", None, date(2026, 3, 1), datetime(2026, 3, 1, 1, 2)]]
    ((_name, found),) = back(xlsx(Sheet("S", rows)))
    assert found == [["a", 3, 1.5, "007", "", "01/03/2026", "01/03/2026 08:02"]]
    assert b"".join(csv(rows)) == ("\ufeffa,3,1.5,007,,01/03/2026,01/03/2026 08:02\r\n".encode())


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_leaves_the_house(text):
    assert safe(text) == f"'{text}"
    ((_name, found),) = back(xlsx(Sheet("S", [["a", text]])))
    assert found[0][1].startswith("'")
    assert b"".join(csv([[text]])).decode("utf-8-sig").lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["0912", "a=b", "", "+84 912 345 678", "-5", "NGUYỄN-VĂN"])
def test_plain_text_stays_as_it_is(text):
    assert safe(text) == text


def test_what_no_file_may_hold_is_left_out():
    ((_name, found),) = back(xlsx(Sheet("S", [["a\0\ud800\ufffe", "b"]])))
    assert found == [["a", "b"]]


@pytest.mark.parametrize("write", [csv, lambda rows: xlsx(Sheet("S", rows))])
def test_twenty_thousand_rows_need_little_memory(write):
    tracemalloc.start()
    sent = sum(len(piece) for piece in write(["001080000017"] * 8 for _ in range(20_000)))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > 50_000 and most < 2 << 20


def test_a_download_asks_while_it_is_sent(app):
    def rows():
        yield [g.name]

    with app.test_request_context():
        g.name = "NGUYỄN"
        answer = download(csv(rows()), "a.csv")
    assert answer.get_data(as_text=True) == "\ufeffNGUYỄN\r\n"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.csv"'
    assert answer.content_type == "text/csv; charset=utf-8"
