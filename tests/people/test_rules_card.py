"""The citizen card's QR as scanners type it. Domain 4.3."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.rules import Card, PartialDate, parse_card

HOME = "Tổ 5, Phường Cống Vị, Quận Ba Đình, Hà Nội"
SEVEN = f"001090123456|012345678|NGUYỄN VĂN ANH|01021990|Nam|{HOME}|15042021"
READ = Card(
    number="001090123456",
    old_number="012345678",
    name="NGUYỄN VĂN ANH",
    dob=PartialDate(1990, 2, 1),
    sex="M",
    address=HOME,
    issued=date(2021, 4, 15),
    name_doubtful=False,
)


def card(**parts):
    """The text of a card with some fields otherwise."""
    usual = {"number": "001190123456", "old": "", "name": "TRẦN THỊ HOA", "born": "05061990",
             "sex": "Nữ", "home": "Xã A, Tỉnh B", "issued": "15042021"}  # fmt: skip
    return "|".join((usual | parts).values())


@pytest.mark.parametrize(
    "text",
    [
        SEVEN,
        SEVEN + "\n",
        SEVEN + "\r\n\t",
        "\t " + SEVEN,
        "\ufeff" + SEVEN,
        SEVEN + "||||",
        SEVEN + "|||001090000000|",
        "]Q1" + SEVEN,
        SEVEN.replace("|", " | "),
        SEVEN.replace("|", "¦"),
        unicodedata.normalize("NFD", SEVEN),
    ],
    ids=lambda text: f"domain 4.3 {text[:5]!r}…{text[-5:]!r}",
)
def test_cards_of_all_kinds_say_the_same(text):
    assert parse_card(text) == READ


@pytest.mark.parametrize("typed", ["", "00002021", "31022021", "x"])
def test_a_day_of_issue_is_whole_or_unknown(typed):
    assert parse_card(card(issued=typed)).issued is None


def test_six_fields_are_enough():
    assert parse_card(SEVEN.rpartition("|")[0]) == READ._replace(issued=None)


@pytest.mark.parametrize(
    ("typed", "dob"),
    [
        ("05061990", PartialDate(1990, 6, 5)),
        ("00061990", PartialDate(1990, 6)),
        ("00001990", PartialDate(1990)),
        ("1990", PartialDate(1990)),
        ("05/06/1990", PartialDate(1990, 6, 5)),
        ("31021990", None),
        ("", None),
        ("ngày?", None),
    ],
    ids=lambda value: f"domain 4.3 {value}",
)
def test_birth_dates(typed, dob):
    assert parse_card(card(born=typed)).dob == dob


@pytest.mark.parametrize(
    ("typed", "number", "sex"),
    [
        ("Nam", "001090123456", "M"),
        ("NAM", "001090123456", "M"),
        ("Nữ", "001190123456", "F"),
        ("Nu", "001190123456", "F"),
        # What the card says in clear counts; the disagreement is then a warning.
        ("Nữ", "001090123456", "F"),
        ("N?", "001190123456", "F"),
        ("Nuwx", "001190123456", "F"),
        ("Ná»¯", "001190123456", "F"),
        ("", "001090123456", "M"),
    ],
    ids=lambda value: f"domain 4.3 {value}",
)
def test_sex_also_from_a_spoilt_word(typed, number, sex):
    assert parse_card(card(sex=typed, number=number)).sex == sex


@pytest.mark.parametrize(
    "name",
    ["NGUY?N V?N A", "NGUYN VN A", "NGUYEN VAN A", "LE THI HOA", "NGUYEENX VAWN A",
     "TRAANF THIJ HOA", "NGUYÔN V¨N A", "NguyÔn V¨n A", "Nguyá»…n VÄƒn A", "NGUYEãN VAÊN A",
     "NGUY\ufffdN V\ufffdN A", "NGUYÃN VÄN A", "NGUY1N V2N A", "TR_N", "", "?", "\x00\x01",
     "GUÐRÚN", "JOHN SMITH", "H'ĐĂM NIÊ"],
    ids=lambda name: f"domain 4.3 {name!r}",
)  # fmt: skip
def test_spoilt_names_are_doubted_and_the_rest_is_right(name):
    read = parse_card(card(name=name))
    assert read.name_doubtful
    assert (read.number, read.dob, read.sex) == ("001190123456", PartialDate(1990, 6, 5), "F")


COMMON = """
Nguyễn Văn An|Trần Thị Bích Ngọc|Lê Hoàng Quốc Khánh|Phạm Thị Thuỷ|Phạm Thị Thúy|Hoàng Anh
Huỳnh Như Quỳnh|Vũ Đức Giang|Võ Thị Sáu|Đặng Nguyên Khuê|Bùi Xuân Huấn|Đỗ Thị Nguyệt|Hồ Quý Ly
Ngô Gia Tự|Dương Quá|Lý Thường Kiệt|Đinh Tiên Hoàng|Đoàn Thị Điểm|Trương Vĩnh Ký|Trịnh Công Sơn
Lương Thế Vinh|Hà Huy Tập|Tạ Quang Bửu|Tô Hiến Thành|Phan Bội Châu|Cao Bá Quát|Mai Lan Anh
Nguyễn Thị Huệ|Triệu Thị Trinh|Tôn Thất Thuyết|Nông Đức Mạnh|Quách Thị Xoan|Giáp Văn Khương
Nghiêm Xuân Yêm|Chu Văn Tấn|Vương Thị Khuyên|Lưu Hữu Phước|Kiều Thanh Oai|Đào Duy Từ
Thạch Sô Phia|Nguyễn Hoài Nghĩa|Lê Ngoan|Trần Huỳnh Uyên Thy|Bạch Thái Bưởi|Mạc Đĩnh Chi
Khúc Thừa Dụ|Ông Ích Khiêm|Ninh Văn Phượng|Âu Dương Tuyết|Ngụy Thị Khanh|Phùng Khắc Khoan
Hứa Minh Toàn|Lục Vân Tiên|Từ Huy|Nguyễn Thị Thoa|Trần Hoè|Lê Thị Loan|Đỗ Xuân Hợp|Vi Thị Niềm
Y Nhân|Giàng Thị Mỵ|Nguyễn Quyết|Trần Khuông|Lê Thị Liễu|Nguyễn Nhiếp|Phạm Tuân|Lò Thị Ướt
Nguyễn Thị Oanh|Trần Khoái|Lê Ngoạn|Mai Thi"""


@pytest.mark.parametrize("name", COMMON.strip().replace("\n", "|").split("|"))
def test_whole_names_are_not_doubted(name):
    assert not parse_card(card(name=name)).name_doubtful
    assert not parse_card(card(name=name.upper())).name_doubtful


@pytest.mark.parametrize(
    "text",
    ["", "001090123456", "001090123456||", "001090123456||A|1990|Nam", "01090123456||A|1990|Nam|X|",
     "0010901234567||A|1990|Nam|X|", "Nguyễn Văn A", "||||||", "٠٠١٠٩٠١٢٣٤٥٦||A|1990|Nam|X|",
     SEVEN + "x" * 1000, "|" * 1_000_000],
    ids=lambda text: f"domain 4.3 {text[:30]!r}",
)  # fmt: skip
def test_what_is_no_card(text):
    assert parse_card(text) is None


@given(st.lists(st.text(max_size=40), min_size=5, max_size=12))
def test_whatever_stands_in_the_fields_the_number_is_read(parts):
    read = parse_card("|".join(["001090123456", *parts]))
    assert read is not None and read.number == "001090123456" and read.sex in ("M", "F")


@given(st.text())
def test_never_raises(text):
    parse_card(text)
