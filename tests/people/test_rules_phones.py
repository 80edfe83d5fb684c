"""Phone numbers. Domain 4.4."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.rules import Unfit, phone

PREFIXES = (
    "032 033 034 035 036 037 038 039 052 055 056 058 059 070 076 077 078 079 "
    "081 082 083 084 085 086 087 088 089 090 091 092 093 094 096 097 098 099"
)
RENUMBERED = (
    "0120 070 0121 079 0122 077 0126 076 0128 078 0123 083 0124 084 0125 085 0127 081 "
    "0129 082 0162 032 0163 033 0164 034 0165 035 0166 036 0167 037 0168 038 0169 039 "
    "0186 056 0188 058 0199 059"
)


@pytest.mark.parametrize("prefix", PREFIXES.split(), ids=lambda prefix: f"domain 4.4 {prefix}")
@pytest.mark.parametrize(
    "form", ["0{}", "+84{}", "84{}", "0084{}", "+84 0{}", "(+84) {}", "{}"], ids=str
)
def test_mobile_numbers(prefix, form):
    assert phone(form.format(prefix[1:] + "1234567")) == prefix + "1234567"


@pytest.mark.parametrize(
    ("old", "new"),
    re.findall(r"(\d+) (\d+)", RENUMBERED),
    ids=lambda prefix: f"domain 4.4 {prefix}",
)
def test_numbers_of_before_2018(old, new):
    assert phone(old + "1234567") == phone("+84" + old[1:] + "1234567") == new + "1234567"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 0912 345 678 ", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("0912-345-678\t", "0912345678"),
        ("0912\u00a0345\u200b678", "0912345678"),
        ("０９１２３４５６７８", "0912345678"),
        ("0952345678", "0952345678"),
        ("024 3825 1234", "02438251234"),
        ("(0203) 3825 123", "02033825123"),
        ("+84 24 3825 1234", "02438251234"),
        ("2438251234", "02438251234"),
    ],
    ids=lambda value: f"domain 4.4 {value}",
)
def test_ways_to_write_a_number(typed, kept):
    assert phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone_form"),
        ("091234567", "phone_form"),
        ("09123456789", "phone_form"),
        ("0212345678", "phone_form"),
        ("01301234567", "phone_form"),
        ("0112345678", "phone_form"),
        ("091234567a", "phone_form"),
        ("٠٩١٢٣٤٥٦٧٨", "phone_form"),
        ("113", "phone_form"),
        ("0" * 1_000_000, "phone_form"),
        ("0912345678/0987654321", "phone_several"),
        ("0912345678; 0987654321", "phone_several"),
        ("+66 81 234 5678", "phone_foreign"),
        ("0066812345678", "phone_foreign"),
        ("0912\x00345678", "text_control"),
        ("\u202d0912345678\u202c", "text_direction"),
        ("0912345678 📞", "text_emoji"),
    ],
    ids=lambda value: f"domain 4.4 {value[:20]!r}",
)
def test_numbers_that_are_refused(typed, code):
    with pytest.raises(Unfit) as refused:
        phone(typed)
    assert refused.value.code == code


@given(st.text() | st.from_regex(r"[+0-9 .()-]{0,16}", fullmatch=True))
def test_any_text_is_a_number_or_refused(text):
    try:
        found = phone(text)
    except Unfit:
        return
    assert phone(found) == found and found.isascii() and found.isdecimal()
