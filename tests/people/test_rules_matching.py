"""Look-alikes: which signs count, in which order, and whom they must not join. Domain 1.5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.rules import (
    LIKENESS,
    Identity,
    Number,
    PartialDate,
    alike,
    differences,
    look_alikes,
    near_numbers,
)
from app.people.rules.matching import name_slip, number_slip

BORN = PartialDate(1990, 7, 15)
ONE = Identity("NGUYỄN VĂN LỘC", BORN, "M", "0912345678", (Number("CCCD", "001090123456"),))
SHORT = st.text("012", min_size=4, max_size=4)
NUMBERS = st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii)


def other(number="079090654321", kind="CCCD", country="VN", **given):
    """Someone who shares nothing with ONE but what is given."""
    unlike = Identity("TRẦN THỊ HOA", PartialDate(1971, 2, 3), "F", "0987654321")
    return unlike._replace(numbers=(Number(kind, number, country),), **given)


@pytest.mark.parametrize(
    ("one", "others", "sign"),
    [
        (ONE, other(), None),
        (ONE, other("001090123456"), "same_number"),
        (ONE, other("001090123456", "CMND"), "same_number"),
        (ONE, other("001090123456", "BHYT"), "same_number"),
        (ONE, other("001090123456", "PASSPORT", "US"), None),
        (ONE, other(name="nguyen van loc", dob=BORN, sex="M"), "same_name_birth_sex"),
        (ONE, other(name="Nguyễn Văn Lọc", dob=PartialDate(1990), sex="M"), "same_name_birth_sex"),
        (ONE, other("001090123457", name="Nguyễn Văn Lộc"), "number_one_off"),
        (ONE, other("001090123457", dob=BORN), "number_one_off"),
        (ONE, other("001090123457"), None),
        (ONE, other("001090123546", dob=BORN), "number_swapped"),
        (ONE, other("01090123456", dob=BORN), "number_lost_zero"),
        (ONE, other("1090123456", dob=BORN), "number_lost_zero"),
        (ONE, other("001090123465", "PASSPORT", dob=BORN), None),
        (ONE, other(dob=BORN, sex="M", phone="0912345678"), "three_of_four"),
        (ONE, other(name="Nguyễn Văn Lộc", dob=BORN, phone="0912345678"), "three_of_four"),
        (ONE, other(name="Nguyễn Văn Lộc", sex="M", phone="0912345678"), "three_of_four"),
        (ONE, other(name="Nguyễn Văn Lộc", dob=BORN), "same_name_birth"),
        (ONE, other(name="Nguyễn Văn Lộc", dob=PartialDate(1990)), None),
        (ONE, other(dob=BORN, sex="M"), None),
        (ONE, other(name="Nguyễn Văn Lộc", sex="M"), None),
        (ONE, other(phone="0912345678"), None),
        (
            ONE._replace(dob=PartialDate(1990, 7, 5)),
            other(name="Nguyễn Văn Lộc", sex="M", dob=PartialDate(1990, 5, 7)),
            "birth_swapped",
        ),
        (ONE, other(name="Nguyễn Văn Lộc", sex="M", dob=BORN._replace(year=1980)), "birth_one_off"),
        (ONE, other(name="Nguyễn Văn Lộc", sex="M", dob=PartialDate(1980)), None),
        (ONE, other(name="Nguyễn Văn Lôk", sex="M", dob=BORN), "name_one_off"),
        (ONE, other(name="Lộc Nguyễn Văn", sex="M", dob=BORN), "name_one_off"),
        (ONE, other(name="Nguyễn Lộc", sex="M", dob=BORN), "name_one_off"),
        (ONE, other(name="Nguyễn Văn Hưng", sex="M", dob=BORN), None),
        (Identity("A", PartialDate(1990), "M"), Identity("A", PartialDate(1980), "M"), None),
        (Identity(""), Identity(""), None),
        (Identity("A", sex="M"), Identity("A", sex="M"), None),
        (Identity("李", BORN, "M"), Identity("王", BORN, "M"), None),
    ],
    ids=lambda value: "domain 1.5" if isinstance(value, str) else None,
)
def test_alike(one, others, sign):
    assert alike(one, others) == alike(others, one) == sign


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        (("BHYT", "DN4010123456789"), ("BHYT", "0123456789"), True),
        (("BHYT", "DN4010123456789"), ("BHYT", "HT3790123456789"), True),
        (("BHYT", "001090123456"), ("BHYT", "1090123456"), False),
        (("PASSPORT", "123456789", "US"), ("CMND", "123456789"), False),
        (("PASSPORT", "123456789", "US"), ("PASSPORT", "123456789", "LA"), False),
        (("PASSPORT", "123456789", "US"), ("PASSPORT", "123456789", "US"), True),
    ],
    ids=lambda value: f"domain 4.2 {value}",
)
def test_which_numbers_are_one(mine, theirs, same):
    assert Number(*mine).same(Number(*theirs)) is same
    assert Number(*theirs).same(Number(*mine)) is same


def test_two_confirmed_numbers_under_two_names_are_two_people():
    """Twins: one birth date, one telephone, numbers a digit apart, both confirmed."""
    first = ONE._replace(verified="001090123456")
    second = other(
        "001090123457", name="NGUYỄN VĂN LÔC EM", dob=BORN, sex="M", phone="0912345678",
        verified="001090123457",
    )  # fmt: skip
    assert alike(first, second) is None
    assert alike(first, second._replace(verified=None)) == "number_one_off"
    assert alike(first, second._replace(name=first.name)) == "same_name_birth_sex"


def test_the_likeliest_comes_first():
    signs = [
        other(name="Nguyễn Văn Lôk", sex="M", dob=BORN, key=5),
        other(dob=BORN, sex="M", phone="0912345678", key=4),
        other("001090123457", dob=BORN, key=3),
        other(key=9),
        other(name="Nguyễn Văn Lộc", sex="M", dob=BORN, key=2),
        other("001090123456", key=1),
    ]
    found = look_alikes(ONE, signs)
    assert [person.key for person, _ in found] == [1, 2, 3, 4, 5]
    order = [LIKENESS.index(sign) for _, sign in found]
    assert order == sorted(order)


def test_differences():
    assert differences(ONE, ONE._replace(name="nguyen van loc", dob=PartialDate(1990))) == []
    assert differences(ONE, other()) == ["name", "dob", "sex", "phone"]
    assert differences(ONE, Identity("Nguyễn Văn Lộc")) == []


@given(NUMBERS)
def test_near_numbers_are_all_of_one_slip(number):
    near = near_numbers(number)
    swaps = sum(a != b for a, b in zip(number, number[1:], strict=False))
    assert len(near) == len(set(near)) == 108 + swaps and number not in near
    assert all(number_slip(number, one) for one in near)


@given(SHORT, SHORT)
def test_a_slip_is_near(one, two):
    sign = number_slip(one, two)
    assert sign == number_slip(two, one)
    assert (sign is not None) == (two in near_numbers(one))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("01090123456", "001090123456"), ("1090123456", "001090123456"),
     ("03609123456", "036090123456"), ("36090123456", "036090123456")],
    ids=lambda number: f"domain 4.1 {number}",
)  # fmt: skip
def test_lost_zeros_are_near(typed, meant):
    assert meant in near_numbers(typed) and number_slip(typed, meant) == "number_lost_zero"
    assert all(len(number) == 12 for number in near_numbers(typed))


@pytest.mark.parametrize("number", ["", "012345678", "B1234567", "T3JZ9J6GMQ"])
def test_other_numbers_have_neighbours_too(number):
    assert all(number_slip(number, near) for near in near_numbers(number))


@pytest.mark.parametrize(
    ("one", "two", "slip"),
    [
        ("Nguyễn Văn Anh", "Nguyễn Văn An", True),
        ("Nguyễn Văn Anh", "Nguyễn Văn Hna", False),
        ("Nguyễn Văn Anh", "Nguyễn Văn Ahn", True),
        ("Nguyễn Văn Anh", "Nguyễn Văn Ánh", True),
        ("Nguyễn Thị Lan Anh", "Nguyễn Lan Anh", True),
        ("Nguyễn Thị Lan Anh", "Nguyễn Thị Anh Lan", True),
        ("Nguyễn Văn Anh", "Trần Văn Anh", False),
        ("Lê Lan", "Lê Lý", False),
        ("Anh", "", False),
    ],
)
def test_name_slip(one, two, slip):
    assert name_slip(one, two) is name_slip(two, one) is slip


@given(st.text(), st.text())
def test_name_slip_is_symmetric(one, two):
    assert name_slip(one, two) == name_slip(two, one)
