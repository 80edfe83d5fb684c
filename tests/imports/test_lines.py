"""The form of lists: where the headings are, what stands below them, and what is no person."""

from datetime import date

import pytest

from app.imports.kinds import headings, lines
from app.imports.kinds.people import Lists, read

LISTS = Lists(date(2021, 12, 1), {"9"})
ONE = ["1", "Nguyễn Văn An", "15/07/1950", "Nam"]
PLAIN = ["STT", "Họ và tên", "Ngày sinh", "Giới tính"]


def sheet(*rows):
    return list(enumerate(rows, 1))


def found(*rows):
    """The rows of people: field → text."""
    table = sheet(*rows)
    heading, lacks = headings.find(table)
    assert heading, lacks
    return [cells for _number, cells in lines.read(heading, table)]


def said(cells):
    row = read(cells, LISTS)
    assert not row.problems
    return row.identity.name, str(row.identity.dob), row.identity.sex


def people(*rows):
    return [said(cells) for cells in found(*rows)]


def test_titles_stand_above_the_headings():
    rows = [["SỞ Y TẾ HÀ NỘI"], ["DANH SÁCH NGƯỜI TIÊM", "", "", ""], [], PLAIN, ONE]
    assert people(*rows) == [("Nguyễn Văn An", "15/07/1950", "M")]


@pytest.mark.parametrize("above", ["Năm sinh", "Ngày, tháng, năm sinh", "Sinh ngày"])
@pytest.mark.parametrize("filled", [True, False], ids=["merged", "blank"])
def test_the_year_of_birth_below_nam_or_nu_gives_the_sex(above, filled):
    under = ["STT", "Họ và tên"] if filled else ["", ""]
    rows = [
        ["STT", "Họ và tên", above, "", "Địa chỉ"],
        [*under, "Nam", "Nữ", "Địa chỉ" if filled else ""],
        ["1", "Nguyễn Văn An", 1950.0, "", "Thôn 1"],
        ["2", "Trần Thị Tư", "", "15/07/1951", "Thôn 1"],
    ]
    assert people(*rows) == [
        ("Nguyễn Văn An", "1950", "M"), ("Trần Thị Tư", "15/07/1951", "F")]  # fmt: skip


def test_marks_below_nam_and_nu_give_the_sex():
    rows = [
        ["Họ và tên", "Năm sinh", "Giới tính", ""], ["", "", "Nam", "Nữ"],
        ["Nguyễn Văn An", "1950", "x", ""], ["Trần Thị Tư", "1951", "", "X"],
    ]  # fmt: skip
    assert people(*rows) == [("Nguyễn Văn An", "1950", "M"), ("Trần Thị Tư", "1951", "F")]


def test_both_columns_at_once_are_named():
    (cells,) = found(
        ["Họ và tên", "Năm sinh", "", "CCCD"], ["", "Nam", "Nữ", ""],
        ["Nguyễn Văn An", "1950", "1951", ""],
    )  # fmt: skip
    problems = read(cells, LISTS).problems
    assert sorted(field for field, _code, _values in problems) == ["dob", "sex"]


def test_day_month_and_year_may_have_columns_of_their_own():
    rows = [
        ["Họ và tên đệm", "Tên", "Ngày sinh", "", "", "Phái"], ["", "", "Ngày", "Tháng", "Năm", ""],
        ["Nguyễn Văn", "An", 5.0, 7.0, 1950.0, "Nam"], ["Trần Thị", "Tư", "", "", 1951.0, "Nữ"],
    ]  # fmt: skip
    assert people(*rows) == [("Nguyễn Văn An", "05/07/1950", "M"), ("Trần Thị Tư", "1951", "F")]


def test_a_heading_may_run_over_two_rows():
    rows = [["Họ và", "Ngày", "Giới", "Số"], ["tên", "sinh", "tính", "CCCD"], [*ONE[1:], ""]]
    assert people(*rows) == [("Nguyễn Văn An", "15/07/1950", "M")]


def test_a_heading_over_name_and_given_name_takes_both():
    rows = [
        ["STT", "Họ và tên", "", "Năm sinh", "Phái"],
        ["1", "Nguyễn Văn", "An", "1950", "Nam"], ["2", "Trần Thị", "Tư", "1951", "Nữ"],
    ]  # fmt: skip
    assert [name for name, _dob, _sex in people(*rows)] == ["Nguyễn Văn An", "Trần Thị Tư"]


def test_remarks_beside_the_names_are_no_part_of_them():
    rows = [PLAIN[1:2] + ["", *PLAIN[2:]], ["Nguyễn Văn An", "", "1950", "Nam"],
            ["Trần Văn Ba", "vắng", "1951", "Nam"]]  # fmt: skip
    assert [name for name, _dob, _sex in people(*rows)] == ["Nguyễn Văn An", "Trần Văn Ba"]


def test_the_name_of_a_parent_is_not_the_name():
    (cells,) = found(
        ["Họ và tên", "Năm sinh", "Phái", "Cha/mẹ", ""], ["", "", "", "Họ tên", "SĐT"],
        ["Nguyễn Văn An", "2010", "Nam", "Trần Thị Tư", "0912345678"],
    )  # fmt: skip
    assert cells["name"] == "Nguyễn Văn An"
    assert (cells["guardian_name"], cells["guardian_phone"]) == ("Trần Thị Tư", "0912345678")


@pytest.mark.parametrize(
    "row",
    [
        ["(1)", "(2)", "(3)", "(4)"], ["A", "B", "1", "2"], PLAIN, ["", "", "", ""], ["2"],
        ["", "Thôn 3", "", ""], ["II", "Tổ dân phố", "", ""], ["", "Tổng cộng: 300 người", "", ""],
        ["Tổng số", "", "300", ""], ["", "", "Hà Nội, ngày 5 tháng 8 năm 2021", ""],
        ["", "Người lập biểu", "", "Thủ trưởng đơn vị"], ["", "TM. UBND xã", "", ""],
    ],
)  # fmt: skip
def test_what_is_no_person_is_left_out(row):
    assert people(PLAIN, ONE, row, ONE) == [("Nguyễn Văn An", "15/07/1950", "M")] * 2


def test_whoever_signs_below_the_list_is_no_person():
    rows = [PLAIN, ONE, ["", "Người lập biểu", "", ""], [], ["", "Trần Văn Ba", "", ""]]
    assert len(people(*rows)) == 1


@pytest.mark.parametrize(
    "row",
    [
        ["2", "Tống Công", "1950", "Nam"], ["2", "Tô Văn Ba", "", ""], ["2", "Trần Văn Ba", "", ""],
        ["2", "Tổng Cộng", "15/07/1950", ""], ["2", "", "1950", "Nam"],
        ["2", "Trần Văn Ba", "", "", "xác nhận sau"],
    ],
)  # fmt: skip
def test_whoever_may_be_a_person_is_kept(row):
    assert len(found([*PLAIN, "Ghi chú"], ONE, row)) == 2


def test_a_mark_of_repetition_knows_what_it_repeats():
    rows = [[*PLAIN, "Địa chỉ"], [*ONE, "Thôn 1"], [*ONE, "nt"], [*ONE, "- nt -"], [*ONE, "Thôn 2"]]
    assert [row.get("address_above") for row in found(*rows)] == [None, "Thôn 1", "Thôn 1", None]


def dates(*cells):
    rows = [["1", "Nguyễn Văn An", born, "Nam"] for born in cells]
    return [row.get("dob_swapped") for row in found(PLAIN, *rows)]


def test_where_the_month_is_expected_first_dates_are_put_in_question():
    """05/07/1950 became 7 May, 15/07/1950 stayed a text (domain 4.6)."""
    mixed = [date(1950, 5, 7), date(1951, 1, 2), date(1952, 3, 3), date(1953, 4, 12), "15/07/1950"]
    assert dates(*mixed) == ["05/07/1950", "01/02/1951", None, "04/12/1953", None]
    assert not any(dates(*mixed, "05/07/1950")), "a text that it would have taken for a date"
    assert not any(dates(*mixed, date(1950, 7, 15))), "a day above 12"
    assert not any(dates(*mixed[:4])) and not any(dates(*mixed[:2], mixed[4]))


@pytest.mark.parametrize(
    ("rows", "lacks"),
    [
        ([["Họ và tên", "Ngày sinh"]], ["sex"]),
        ([["Họ và tên", "Giới tính"], ["An", "Nam"]], ["dob"]),
        ([["Mã", "Ngày sinh", "Giới tính"]], []),
        ([["a"] * 5] * 25 + [PLAIN], []),
        ([], []),
    ],
)
def test_a_sheet_without_headings_says_what_is_missing(rows, lacks):
    assert headings.find(sheet(*rows)) == (None, lacks)


def test_a_person_below_the_headings_is_no_heading():
    heading, _lacks = headings.find(sheet(PLAIN, ["1", "Nam", "Năm", "Nữ"], ONE))
    assert heading and heading.below == 1


def test_columns_without_a_meaning_are_kept_by_their_place():
    heading, _lacks = headings.find(sheet([*PLAIN, "Mã hồ sơ", "", "Họ tên chủ hộ"]))
    assert heading and heading.columns[4] == ("#5", "Mã hồ sơ") and 5 not in heading.columns
    assert heading.columns[6] == ("#7", "Họ tên chủ hộ")
