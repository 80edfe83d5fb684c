"""What is typed into the search field. Issue: by number, by name in any order, by birth year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.rules import PartialDate, Query, query, temporary_code

CODE = temporary_code(123456789)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("001090123456", Query(number="001090123456")),
        ("001 090 123 456\n", Query(number="001090123456")),
        ("01090123456", Query(number="01090123456")),
        ("012345678", Query(number="012345678")),
        ("b1234567", Query(number="B1234567")),
        ("DN 4 01 0123456789", Query(number="DN4010123456789")),
        (CODE, Query(number=CODE)),
        (f"{CODE[:2]}-{CODE[2:6]}-{CODE[6:]}".lower(), Query(number=CODE)),
        ("001090123456||NGUYEN VAN A|01011990|Nam|Xa A|\n", Query(number="001090123456")),
        ("123456", Query(tail="123456")),
        ("3456", Query(tail="3456")),
        ("1950", Query(dob=PartialDate(1950))),
        ("Nguyễn Lan 1950", Query(dob=PartialDate(1950), words=("nguyen", "lan"))),
        ("lan NGUYEN", Query(words=("lan", "nguyen"))),
        ("15/7/1950 hoà", Query(dob=PartialDate(1950, 7, 15), words=("hoa",))),
        ("7/1950", Query(dob=PartialDate(1950, 7))),
        ("15071950", Query(dob=PartialDate(1950, 7, 15))),
        ("lan 3456", Query(tail="3456", words=("lan",))),
        ("an 001090123456", Query(number="001090123456", words=("an",))),
        ("an 123456", Query(tail="123456", words=("an",))),
        ("lan 1234567890123456", Query(words=("lan",))),
        ("H'Đăm", Query(words=("h", "dam"))),
        ("tran van anh", Query(words=("tran", "van", "anh"))),
        ("12", Query()),
        ("% _ ' ; --", Query()),
        ("\x00 \u202e 😀", Query()),
        ("", Query()),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_query(typed, found):
    assert query(typed) == found


@given(st.text())
def test_any_text_is_a_query(text):
    found = query(text)
    assert len(found.words) <= 8
    assert all(word.isalnum() and word.isascii() for word in found.words)


@pytest.mark.parametrize("text", ["a " * 500_000, "1" * 1_000_000, "ế" * 1_000_000])
def test_a_megabyte_is_cut(text):
    found = query(text)
    assert len(" ".join(found.words)) <= 200 and not found.number
