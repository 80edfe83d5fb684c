"""What headings and cells of a list of people mean (domain 4.1-4.6, 5.1)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imports.kinds.headings import TEMPLATE, columns, field_of
from app.imports.kinds.people import Lists, keys, lost_zeros, read, text_of
from app.people.rules import PartialDate

LISTS = Lists(date(2021, 12, 1), {str(code) for code in range(1, 17)})
GOOD = {"name": "Nguyễn Văn An", "dob": "15/07/1950", "sex": "Nam", "number": "001050000017"}


def said(**cells):
    return read(GOOD | cells, LISTS)


def problems(**cells):
    return [(field, code) for field, code, _values in said(**cells).problems]


@pytest.mark.parametrize(("field", "heading"), TEMPLATE.items(), ids=str)
def test_the_headings_of_the_template_are_understood(field, heading):
    """Domain 5.1."""
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("HỌ VÀ TÊN", "name"), ("Họ tên", "name"), ("họ  và\ntên", "name"),
        ("Ho\u0323 va\u0300 te\u0302n", "name"), ("Họ\u00a0và\u00a0tên (*)", "name"),
        ("Ngày tháng năm sinh", "dob"), ("Năm sinh", "dob"), ("Giới", "sex"),
        ("Số CMND/CCCD", "number"), ("CCCD", "number"), ("Số CMND/CCCD/HC", "number"),
        ("CCCD/Mã định danh công dân/HC", "number"), ("Số căn cước công dân", "number"),
        ("Số CMT/Hộ chiếu", "number"), ("SĐT", "phone"), ("Số thẻ BHYT", "bhyt"),
        ("Số điện thoại liên hệ", "phone"), ("Nhóm ưu tiên", "group"), ("Xã", "commune"),
        ("Thôn/xóm", "address"), ("Mã hồ sơ", None), ("", None), ("(*)", None),
        ("Họ", "name_before"), ("Tên", "name_given"), ("x" * 5000, None),
        ("Số", None), ("=1+1", None), ("🙂", None),
    ],
)  # fmt: skip
def test_other_headings(heading, field):
    assert field_of(heading) == field


def test_there_may_be_two_columns_of_numbers():
    assert columns(["Họ tên", "Số CMND", "Số CCCD", "Hộ chiếu"]) == {
        0: "name", 1: "number", 2: "number_2",
    }  # fmt: skip
    assert len(said(number="012345678", number_2="001050000017").numbers) == 2


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (109012345678.0, "109012345678"),
        (912345678.0, "912345678"),
        ("'001050000017", "001050000017"),
        (1.5, "1.5"),
        (date(1950, 7, 15), "15/07/1950"),
        (18459.0, "18459"),
        (1950.0, "1950"),
        (15071950.0, "15071950"),
        (" 15/07/1950 ", "15/07/1950"),
        ("A\0B", "A\1B"),
        (True, "True"),
    ],
)
def test_cells_become_text(cell, text):
    """Domain 4.6, 5.1: serial dates, floats, years."""
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("15/07/1950", (1950, 7, 15)),
        ("15-7-1950", (1950, 7, 15)),
        ("15.07.1950", (1950, 7, 15)),
        ("1950", (1950, None, None)),
        ("07/1950", (1950, 7, None)),
        ("1950-07-15", (1950, 7, 15)),
        ("1950-07-15 00:00:00", (1950, 7, 15)),
        ("15/07/1950 0:00", (1950, 7, 15)),
        ("\u00a015/07/1950\u00a0", (1950, 7, 15)),
        ("15071950", (1950, 7, 15)),
    ],
)
def test_birth_dates(text, born):
    assert said(dob=text).identity.dob == PartialDate(*born)
    assert not said(dob=text, number="").problems


@pytest.mark.parametrize(
    ("cells", "problem", "fix"),
    [
        ({"number": "1050000017"}, ("number", "zeros_lost"), "001050000017"),
        ({"number": "36050000017"}, ("number", "zeros_lost"), "036050000017"),
        ({"number": "12345678"}, ("number", "zeros_lost"), "012345678"),
        ({"dob": "03/05/1905"}, ("dob", "year_as_day"), "1950"),
        ({"dob": "12/31/1950"}, ("dob", "date_month_first"), "31/12/1950"),
        ({"dob": "1021950"}, ("dob", "date_form"), "01/02/1950"),
        ({"dob": "18459"}, ("dob", "date_form"), "15/07/1950"),
        ({"dob": "15/07/50"}, ("dob", "date_two_digit_year"), "15/07/1950"),
        ({"dob": "150750"}, ("dob", "date_two_digit_year"), "15/07/1950"),
        ({"dob": "50"}, ("dob", "date_two_digit_year"), "1950"),
        ({"dob": "1950/07/15"}, ("dob", "date_form"), "15/07/1950"),
        ({"dob": "SN 1950"}, ("dob", "date_form"), "1950"),
        ({"dob": "ngày 15 tháng 7 năm 1950"}, ("dob", "date_form"), "15/07/1950"),
        ({"dob": "O5/l2/1950"}, ("dob", "date_form"), "05/12/1950"),
        ({"dob": "05/07/1950", "dob_swapped": "07/05/1950"}, ("dob", "dob_swapped"), "07/05/1950"),
        ({"sex": "1"}, ("sex", "sex_unknown"), "Nam"),
        ({"sex": "x"}, ("sex", "sex_unknown"), "Nam"),
        ({"sex": "#N/A"}, ("sex", "cell_error"), "Nam"),
        ({"number": "OO1050000017"}, ("number", "passport_vn_form"), "001050000017"),
        ({"number": "CCCD: 001050000017"}, ("number", "number_form"), "001050000017"),
        ({"number": "012345678/001050000017"}, ("number", "number_form"), "001050000017"),
        ({"bhyt": "123456789"}, ("bhyt", "zeros_lost"), "0123456789"),
        ({"name": "Ông Nguyễn Văn An"}, ("name", "name_meant"), "Nguyễn Văn An"),
        ({"name": "Bà: Nguyễn Văn An"}, ("name", "name_letters"), "Nguyễn Văn An"),
        ({"name": "3. Nguyễn Văn An"}, ("name", "name_digits"), "Nguyễn Văn An"),
        ({"name": "Nguyễn Văn An (An)"}, ("name", "name_letters"), "Nguyễn Văn An"),
        ({"name": "NguyễnVăn An"}, ("name", "name_meant"), "Nguyễn Văn An"),
        ({"phone": "912345678"}, ("phone", "zeros_lost"), "0912345678"),
        ({"phone": "01201234567"}, ("phone", "phone_renumbered"), "0701234567"),
        ({"phone": "#N/A"}, ("phone", "cell_error"), ""),
        ({"phone": "=A1"}, ("phone", "cell_formula"), ""),
        ({"address": "nt", "address_above": "Thôn 1"}, ("address", "ditto"), "Thôn 1"),
        ({"address": " - như trên - "}, ("address", "ditto"), ""),
        ({"group": "9, 10"}, ("group", "group_unknown"), ""),
        ({"sex": ""}, ("sex", "sex_from_number"), "Nam"),
        ({"phone": "0912345678; 0987654321"}, ("phone", "phone_several"), "0912345678"),
        ({"phone": "12"}, ("phone", "phone_form"), ""),
        ({"group": "17"}, ("group", "group_unknown"), ""),
        ({"group": "y tế"}, ("group", "group_unknown"), ""),
        ({"ethnicity": "Sao Hỏa"}, ("ethnicity", "ethnicity_unknown"), ""),
        ({"occupation": "x" * 101}, ("occupation", "too_long"), ""),
        ({"note": "a\x07"}, ("note", "text_control"), ""),
        ({"commune": "\u202e"}, ("commune", "text_direction"), ""),
        ({"guardian_name": "Mẹ 2"}, ("guardian_name", "name_digits"), ""),
    ],
)
def test_what_may_be_meant_is_proposed(cells, problem, fix):
    """Domain 4.1: a suggestion, never a silent fix."""
    row = said(**cells)
    assert [(field, code) for field, code, _values in row.problems] == [problem]
    assert row.fixes == {problem[0]: fix}
    assert not read(GOOD | cells | row.fixes, LISTS).problems, "the proposal itself is right"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"name": ""}, ("name", "required")),
        ({"name": "An 2"}, ("name", "name_digits")),
        ({"name": "x" * 1001}, ("name", "name_long")),
        ({"name": "Nguy\u00d4n V\u00a8n A"}, ("name", "encoding_tcvn3")),
        ({"name": "An\x01"}, ("name", "text_control")),
        ({"name": "An\u202e"}, ("name", "text_direction")),
        ({"name": "An 🙂"}, ("name", "text_emoji")),
        ({"name": "=AN"}, ("name", "cell_formula")),
        ({"name": "#REF!"}, ("name", "cell_error")),
        ({"name": "nt"}, ("name", "ditto")),
        ({"dob": "#VALUE!"}, ("dob", "cell_error")),
        ({"number": "########"}, ("number", "cell_error")),
        ({"number": '"'}, ("number", "ditto")),
        ({"number": "50050000017"}, ("number", "number_form")),
        ({"name": "Nguye^~n Va(n A"}, ("name", "encoding_viqr")),
        ({"dob": ""}, ("dob", "required")),
        ({"dob": "31/02/1950"}, ("dob", "date_impossible")),
        ({"dob": "15/07/21", "number": ""}, ("dob", "date_two_digit_year")),
        ({"dob": "01/01/1899"}, ("dob", "date_too_old")),
        ({"dob": "01/01/2030"}, ("dob", "date_future")),
        ({"dob": "hôm qua"}, ("dob", "date_form")),
        ({"sex": "", "number": ""}, ("sex", "required")),
        ({"sex": "1", "number": ""}, ("sex", "sex_unknown")),
        ({"number": "12"}, ("number", "number_form")),
        ({"number": "1.09E+11"}, ("number", "number_scientific")),
        ({"number": "1234567890123"}, ("number", "number_form")),
        ({"number": "9876543210"}, ("number", "number_form")),
        ({"number": "x" * 1001}, ("number", "number_long")),
        ({"number": "0010500\u202e00017"}, ("number", "text_direction")),
        ({"bhyt": "12"}, ("bhyt", "bhyt_form")),
        ({"nationality": "Sao Hỏa"}, ("nationality", "country_unknown")),
    ],
)
def test_what_is_wrong_is_named_by_its_column(cells, problem):
    assert problems(**cells) == [problem]


@pytest.mark.parametrize(
    ("text", "sex"),
    [("Nam", "M"), ("nam", "M"), ("NU\u031b\u0303", "F"), ("Nữ", "F"), ("F", "F"), ("Male", "M")],
)
def test_sex(text, sex):
    number = "001150000017" if sex == "F" else GOOD["number"]
    assert said(sex=text, number=number).identity.sex == sex


@pytest.mark.parametrize("text", ["", "-", "Không có", "chưa có", "0", " \u00a0"])
def test_a_person_may_have_no_number(text):
    """Domain 4.2: children and others without papers."""
    assert said(number=text).numbers == () and not said(number=text).problems


def test_a_passport_is_of_the_persons_country():
    row = said(number="P1234567", nationality="Lào")
    assert [(n.kind, n.number, n.country) for n in row.numbers] == [("PASSPORT", "P1234567", "LA")]


def test_the_rest_of_a_row():
    row = said(
        number="001 050 000 017", phone="+84 912.345.678", group="09", ethnicity="Khơ-me",
        occupation=" Nông \u00a0 dân ", commune="Phường Ba Đình", province="Hà Nội", address="Số 1",
        bhyt="GD4010123456789", note="đi lại khó",
    )  # fmt: skip
    assert not row.problems
    assert [number.number for number in row.numbers] == ["001050000017", "GD4010123456789"]
    details = row.details
    assert (details.phone, details.priority_group, details.occupation) == (
        "0912345678",
        "9",
        "Nông dân",
    )
    assert (details.area_scheme, details.area_code, details.address) == ("vn34", "00004", "Số 1")
    assert details.ethnicity == "05" and row.note == "đi lại khó"


def test_an_address_that_names_no_commune_is_kept_as_text():
    details = said(commune="Xã Không Có", district="Huyện X", province="Tỉnh Y").details
    assert details.area_code is None
    assert details.address == "Xã Không Có, Huyện X, Tỉnh Y"


def test_a_name_in_two_parts_is_kept_in_one_form():
    assert said(name="Nguye\u0302\u0303n  Va\u0306n\u00a0An").identity.name == "Nguyễn Văn An"


@pytest.mark.parametrize(
    ("number", "meant"),
    [("1050000017", "001050000017"), ("12345678", "012345678"), ("123456789", None), ("0", None)],
)
def test_zeros_that_a_spreadsheet_dropped(number, meant):
    assert lost_zeros(number) == meant


def test_rows_are_compared_in_one_form():
    one = keys(
        {"name": "Nguyễn Văn An", "dob": "5/7/1950", "number": "001 050 000 017"}, LISTS.today
    )
    two = keys(
        {"name": "NGUYỄN  VĂN AN", "dob": "05/07/1950", "number": "001050000017"}, LISTS.today
    )
    assert one == two == ("001050000017", "nguyen van an", "05/07/1950")
    assert keys({"dob": "x", "number": "-"}, LISTS.today) == ("", "", "")


CELLS = st.dictionaries(
    st.sampled_from([*TEMPLATE, "number_2"]),
    st.one_of(st.text(max_size=60), st.from_regex(r"[0-9/. \-+]{0,16}", fullmatch=True)),
)


@settings(max_examples=1500, deadline=None)
@given(CELLS)
def test_no_cells_break_the_reading(cells):
    row = read(cells, LISTS)
    assert set(row.fixes) <= {field for field, _code, _values in row.problems}
    if not row.problems:
        assert row.identity.name and row.identity.dob and row.identity.sex in "MF"


@pytest.mark.parametrize(
    "name", ["Ông Ích Khiêm", "Ông Cao Thắng", "H'Đăm Niê", "Bà Triệu", "Anh Đức", "Y Khoa Êban"]
)
def test_what_may_be_a_name_is_left_alone(name):
    assert not said(name=name).problems


def test_a_proposed_number_fits_the_rest_of_the_row():
    """One of 11 digits may have lost a zero in front, or another digit elsewhere."""
    assert said(number="36050000017").fixes == {"number": "036050000017"}
    assert said(number="36050000017", sex="Nữ").fixes == {}
    assert said(number="36050000017", dob="1951").fixes == {}


@pytest.mark.parametrize(
    ("dob", "number", "fix"),
    [
        ("15/07/15", "001215000017", "15/07/2015"),
        ("15/07/15", "001015000017", "15/07/1915"),
        ("15/07/15", "", None),
        ("15/07/21", "", None),  # 1921 or 2021
        ("05/07", "", None),
        ("15/07/50", "001051000017", None),  # the number says 1951
        ("9193", "001093000017", None),
        ("", "001050000017", None),
    ],
)
def test_a_date_is_proposed_only_when_one_is_meant(dob, number, fix):
    assert said(dob=dob, number=number).fixes.get("dob") == fix


def test_a_swapped_date_that_was_confirmed_stays():
    assert not said(dob="07/05/1950", dob_swapped="07/05/1950").problems
