"""Numbers of documents: forms, doubts, lost zeros, temporary codes. Domain 4.1 and 4.2."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.rules import (
    KINDS,
    PartialDate,
    Unfit,
    disagreements,
    guess_kind,
    is_temporary,
    normal,
    problems,
    read_cccd,
    temporary_code,
    zero_suggestion,
)
from app.people.rules.documents import CODES, PROVINCES

AREAS = Path(__file__).parents[2] / "app/units/data/id_province_codes.tsv"
digits12 = st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii)
chances = st.integers(0, CODES - 1)


def test_the_63_codes_are_those_of_the_area_table():
    """TT 07/2016/TT-BCA, PL 1; domain 4.1."""
    with open(AREAS, encoding="utf-8") as file:
        listed = {row["code"] for row in csv.DictReader(file, delimiter="\t")}
    assert listed == PROVINCES and len(PROVINCES) == 63


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("CCCD", " 001 090 123 456\n", "001090123456"),
        ("CCCD", "001.090.123.456", "001090123456"),
        ("CCCD", "001090-123456", "001090123456"),
        ("CCCD", "００１０９０１２３４５６", "001090123456"),
        ("PASSPORT", "b 1234567", "B1234567"),
        ("BHYT", "dn 4 01 0123456789", "DN4010123456789"),
        ("NONE", "t3-jz9j-6gmq", "T3JZ9J6GMQ"),
        ("NONE", "T2ILO", "T2110"),
    ],
    ids=lambda value: f"domain 4.2 {value!r}",
)
def test_normal(kind, typed, kept):
    assert normal(kind, typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("001\x0090", "text_control"),
        ("\u202a001090123456\u202c", "text_direction"),
        ("00109😀", "text_emoji"),
        ("1" * 41, "number_long"),
        ("1" * 1_000_000, "number_long"),
    ],
)
def test_numbers_that_are_refused_at_once(typed, code):
    with pytest.raises(Unfit) as refused:
        normal("CCCD", typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "number", "country", "found"),
    [
        ("CCCD", "001090123456", "VN", []),
        ("CCCD", "999999999999", "VN", []),
        ("CCCD", "", "VN", ["number_missing"]),
        ("CCCD", "01090123456", "VN", ["cccd_form"]),
        ("CCCD", "0010901234567", "VN", ["cccd_form"]),
        ("CCCD", "O01090123456", "VN", ["cccd_form"]),
        ("CCCD", "٠٠١٠٩٠١٢٣٤٥٦", "VN", ["cccd_form"]),
        ("CCCD", "109E+11", "VN", ["number_scientific"]),
        ("CMND", "012345678", "VN", []),
        ("CMND", "012345678901", "VN", []),
        ("CMND", "12345678", "VN", ["cmnd_form"]),
        ("CMND", "0123456789", "VN", ["cmnd_form"]),
        ("PASSPORT", "B1234567", "VN", []),
        ("PASSPORT", "P00123456", "VN", []),
        ("PASSPORT", "123456789", "VN", ["passport_vn_form"]),
        ("PASSPORT", "BC123456", "VN", ["passport_vn_form"]),
        ("PASSPORT", "123456789", "US", []),
        ("PASSPORT", "AB12C", "FR", []),
        ("PASSPORT", "A" * 14 + "1", "FR", []),
        ("PASSPORT", "A" * 15 + "1", "FR", ["passport_form"]),
        ("PASSPORT", "AB12", "FR", ["passport_form"]),
        ("PASSPORT", "ABCDEF", "FR", ["passport_form"]),
        ("PASSPORT", "AB12Ç", "FR", ["passport_form"]),
        ("PASSPORT", "AB123456", "", ["country_missing"]),
        ("BHYT", "DN4010123456789", "VN", []),
        ("BHYT", "0123456789", "VN", []),
        ("BHYT", "001090123456", "VN", []),
        ("BHYT", "DN6010123456789", "VN", ["bhyt_form"]),
        ("BHYT", "D44010123456789", "VN", ["bhyt_form"]),
        ("BHYT", "01234567890", "VN", ["bhyt_form"]),
        ("NONE", "", "VN", []),
        ("NONE", "T3JZ9J6GMQ", "VN", []),
        ("NONE", "T3JZ9J6GMR", "VN", ["code_form"]),
        ("NONE", "001090123456", "VN", ["code_form"]),
    ],
    ids=lambda value: f"domain 4.2 {value}" if isinstance(value, str) else None,
)
def test_problems(kind, number, country, found):
    assert problems(kind, number, country) == found


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("001090123456", "CCCD"),
        ("012345678", "CMND"),
        ("0123456789", "BHYT"),
        ("DN4010123456789", "BHYT"),
        ("B1234567", "PASSPORT"),
        ("P00123456", "PASSPORT"),
        ("AB12C", "PASSPORT"),
        ("T3JZ9J6GMQ", "NONE"),
        ("01090123456", None),
        ("12345", None),
        ("TRANVANANH", None),
        ("", None),
    ],
    ids=lambda value: f"domain 4.2 {value}",
)
def test_guess_kind(number, kind):
    assert guess_kind(number) == kind


@given(st.text())
def test_any_number_gets_an_answer(text):
    try:
        number = normal("CCCD", text)
    except Unfit:
        return
    kind = guess_kind(number)
    assert kind is None or problems(kind, number, "XX") == []
    for kind in KINDS:
        problems(kind, number)
    zero_suggestion(text), disagreements(number, PartialDate(1990), "M")


@pytest.mark.parametrize(
    ("digit", "sex", "year"),
    [("0", "M", 1990), ("1", "F", 1990), ("2", "M", 2090), ("3", "F", 2090), ("4", "M", 2190),
     ("5", "F", 2190), ("6", "M", 2290), ("7", "F", 2290), ("8", "M", 2390), ("9", "F", 2390)],
    ids=lambda value: f"domain 4.1 {value}",
)  # fmt: skip
def test_the_fourth_digit_is_sex_and_century(digit, sex, year):
    assert read_cccd(f"001{digit}90123456") == ("001", sex, year)


@pytest.mark.parametrize(
    ("number", "dob", "sex", "found"),
    [
        ("001090123456", PartialDate(1990, 1, 1), "M", []),
        ("001090123456", PartialDate(1990), "M", []),
        ("001090123456", None, None, []),
        ("001090123456", PartialDate(1990), "F", ["cccd_sex"]),
        ("001090123456", PartialDate(1991), "M", ["cccd_year"]),
        ("001010123456", PartialDate(2010), "M", ["cccd_century"]),
        ("001090123456", PartialDate(1991), "F", ["cccd_sex", "cccd_year"]),
        ("003090123456", PartialDate(1990), "M", ["cccd_province"]),
        ("000090123456", PartialDate(1990), "M", ["cccd_province"]),
        ("100090123456", PartialDate(1990), "M", ["cccd_province"]),
        ("101090123456", PartialDate(1990), "M", []),
        ("111111111111", PartialDate(1990), "M", ["cccd_placeholder"]),
        ("012345678", PartialDate(1990), "M", []),
    ],
    ids=lambda value: f"domain 4.1 {value}" if isinstance(value, str) else None,
)
def test_disagreements_are_warnings(number, dob, sex, found):
    assert disagreements(number, dob, sex) == found
    if len(number) == 12:
        assert problems("CCCD", number) == []


@pytest.mark.parametrize("province", sorted(PROVINCES), ids=lambda code: f"domain 4.1 {code}")
def test_every_province_is_known_and_its_zeros_are_found_again(province):
    number = province + "090123456"
    assert disagreements(number, PartialDate(1990), "M") == []
    assert zero_suggestion(str(int(number))) == number


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("1090123456", "001090123456"),
        ("36 090 123 456", "036090123456"),
        ("3090123456", None),
        ("0912345678", None),
        ("001090123456", None),
        ("123456789", None),
        ("79090123456.0", None),
        ("", None),
    ],
    ids=lambda value: f"domain 4.1 {value}",
)
def test_zero_suggestion(typed, suggested):
    assert zero_suggestion(typed) == suggested


@given(chances)
def test_a_temporary_code_is_no_other_number(chance):
    """Domain 4.2: it cannot be mistaken for twelve digits."""
    code = temporary_code(chance)
    assert is_temporary(code) and len(code) == 10 and not code.isdecimal()
    assert guess_kind(code) == "NONE" and normal("NONE", code.lower()) == code
    for kind, country in (("CCCD", "VN"), ("CMND", "VN"), ("BHYT", "VN"), ("PASSPORT", "VN")):
        assert problems(kind, code, country)


@given(chances, chances)
def test_temporary_codes_differ(one, other):
    assert (temporary_code(one) == temporary_code(other)) == (one == other)


@given(chances, st.integers(1, 9), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_sign_is_noticed(chance, place, sign):
    code = temporary_code(chance)
    wrong = code[:place] + sign + code[place + 1 :]
    assert is_temporary(wrong) == (wrong == code)


@given(chances, st.integers(1, 8))
def test_two_swapped_signs_are_noticed(chance, place):
    code = temporary_code(chance)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_temporary(wrong) == (wrong == code)
