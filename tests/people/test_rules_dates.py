"""Partial birth dates: how they are typed, compared and counted. Domain 4.6."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.rules import PartialDate, Unfit, parse_date, partial_date

TODAY = date(2026, 11, 23)
days = st.dates(date(1900, 1, 1), TODAY)


def _known(day, how_much):
    return PartialDate(*(day.year, day.month, day.day)[:how_much])


partial_dates = st.builds(_known, days, st.integers(1, 3))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("15/07/1950", (1950, 7, 15)),
        ("5/7/1950", (1950, 7, 5)),
        ("15-07-1950", (1950, 7, 15)),
        ("15.07.1950", (1950, 7, 15)),
        ("15 07 1950", (1950, 7, 15)),
        (" 15 / 07 / 1950\n", (1950, 7, 15)),
        ("15071950", (1950, 7, 15)),
        ("1950-07-15", (1950, 7, 15)),
        ("1950-07", (1950, 7, None)),
        ("7/1950", (1950, 7, None)),
        ("07.1950", (1950, 7, None)),
        ("1950", (1950, None, None)),
        ("00/00/1950", (1950, None, None)),
        ("00/07/1950", (1950, 7, None)),
        ("00001950", (1950, None, None)),
        ("00071950", (1950, 7, None)),
        ("29/02/2000", (2000, 2, 29)),
        ("01/01/1900", (1900, 1, 1)),
        ("23/11/2026", (2026, 11, 23)),
        ("2026", (2026, None, None)),
        ("11/2026", (2026, 11, None)),
    ],
    ids=lambda value: f"domain 4.6 {value!r}",
)
def test_dates_that_are_read(typed, found):
    assert parse_date(typed, TODAY) == found


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31/02/1950", "date_impossible"),
        ("29/02/1900", "date_impossible"),
        ("31/04/1950", "date_impossible"),
        ("32/01/1950", "date_impossible"),
        ("13/13/1950", "date_impossible"),
        ("13/1950", "date_impossible"),
        ("15/00/1950", "date_impossible"),
        ("19500715", "date_impossible"),
        ("00/00/0000", "date_impossible"),
        ("07/15/1950", "date_month_first"),
        ("31/12/1899", "date_too_old"),
        ("1899", "date_too_old"),
        ("24/11/2026", "date_future"),
        ("12/2026", "date_future"),
        ("2027", "date_future"),
        ("15/07/50", "date_two_digit_year"),
        ("150750", "date_two_digit_year"),
        ("50", "date_two_digit_year"),
        ("", "date_form"),
        ("15/07/1950 10:00", "date_form"),
        ("15/7/1950/1", "date_form"),
        ("mười lăm", "date_form"),
        ("18459", "date_form"),
        ("15 tháng 7 1950", "date_form"),
        ("-1950", "date_form"),
        ("١٥/٠٧/١٩٥٠", "date_form"),
        ("1" * 1_000_000, "date_form"),
        ("15/07/1950\x00", "text_control"),
        ("\u200e15/07/1950", "text_direction"),
    ],
    ids=lambda value: f"domain 4.6 {value[:20]!r}",
)
def test_dates_that_are_refused(typed, code):
    with pytest.raises(Unfit) as refused:
        parse_date(typed, TODAY)
    assert refused.value.code == code


@given(st.text() | st.from_regex(r"[0-9/. -]{0,12}", fullmatch=True))
def test_any_text_is_a_date_or_refused(text):
    try:
        found = parse_date(text, TODAY)
    except Unfit:
        return
    assert found.earliest() <= found.latest() and found.earliest() <= TODAY


@given(partial_dates)
def test_what_is_shown_is_read_again(dob):
    assert parse_date(str(dob), TODAY) == dob
    assert parse_date(dob.iso(), TODAY) == dob
    assert partial_date(*dob) == dob


@pytest.mark.parametrize(
    ("dob", "shown", "iso"),
    [
        (PartialDate(1950, 7, 5), "05/07/1950", "1950-07-05"),
        (PartialDate(1950, 7), "07/1950", "1950-07"),
        (PartialDate(1950), "1950", "1950"),
    ],
    ids=lambda value: f"domain 4.6 {value}",
)
def test_unknown_is_never_shown_as_the_first(dob, shown, iso):
    assert (str(dob), f"{dob}", dob.iso()) == (shown, shown, iso)


@pytest.mark.parametrize(
    ("dob", "first", "last"),
    [
        (PartialDate(1952), date(1952, 1, 1), date(1952, 12, 31)),
        (PartialDate(1952, 2), date(1952, 2, 1), date(1952, 2, 29)),
        (PartialDate(1952, 2, 3), date(1952, 2, 3), date(1952, 2, 3)),
    ],
    ids=lambda value: f"domain 4.6 {value}",
)
def test_bounds(dob, first, last):
    assert (dob.earliest(), dob.latest()) == (first, last)


@pytest.mark.parametrize(
    ("dob", "on", "years"),
    [
        (PartialDate(2008, 11, 23), date(2026, 11, 22), (17, 17)),
        (PartialDate(2008, 11, 23), date(2026, 11, 23), (18, 18)),
        (PartialDate(2008, 11), date(2026, 11, 23), (17, 18)),
        (PartialDate(2008, 11), date(2026, 11, 30), (18, 18)),
        (PartialDate(2008), date(2026, 6, 1), (17, 18)),
        (PartialDate(2008), date(2026, 12, 31), (18, 18)),
        (PartialDate(2008, 2, 29), date(2026, 2, 28), (17, 17)),
        (PartialDate(2008, 2, 29), date(2026, 3, 1), (18, 18)),
        (PartialDate(2008, 2, 29), date(2024, 2, 29), (16, 16)),
        (PartialDate(2026), date(2026, 6, 1), (0, 0)),
        (PartialDate(2026, 6, 2), date(2026, 6, 1), (0, 0)),
    ],
    ids=lambda value: f"domain 4.6 {value}",
)
def test_completed_years(dob, on, years):
    assert dob.age_range(on) == years


@pytest.mark.parametrize(
    ("dob", "on", "months"),
    [
        (PartialDate(2026, 5, 23), date(2026, 11, 22), (5, 5)),
        (PartialDate(2026, 5, 23), date(2026, 11, 23), (6, 6)),
        (PartialDate(2026, 5), date(2026, 11, 23), (5, 6)),
        (PartialDate(2025), date(2026, 11, 23), (10, 22)),
        (PartialDate(2026, 1, 31), date(2026, 2, 28), (0, 0)),
        (PartialDate(2026, 1, 31), date(2026, 3, 1), (1, 1)),
    ],
    ids=lambda value: f"domain 4.6 {value}",
)
def test_completed_months(dob, on, months):
    assert dob.age_months(on) == months


@given(days, st.integers(0, 3).filter(bool), st.integers(0, 40000))
def test_the_true_age_lies_within_the_range(born, how_much, later):
    on = born + timedelta(days=later)
    exact = PartialDate(born.year, born.month, born.day).age_range(on)
    least, most = _known(born, how_much).age_range(on)
    assert exact[0] == exact[1] and least <= exact[0] <= most <= least + 1


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ((1950, 7, 15), (1950, 7, 15), True),
        ((1950,), (1950, 7, 15), True),
        ((1950, 7), (1950, 7, 15), True),
        ((1950, 7), (1950, 8, 15), False),
        ((1950, 7, 15), (1950, 7, 16), False),
        ((1950,), (1951,), False),
    ],
    ids=lambda value: f"domain 4.6 {value}",
)
def test_agreement(one, other, agree):
    assert PartialDate(*one).agrees(PartialDate(*other)) is agree
    assert PartialDate(*other).agrees(PartialDate(*one)) is agree


@given(partial_dates, partial_dates)
def test_dates_agree_when_one_lies_within_the_other(one, other):
    apart = one.latest() < other.earliest() or other.latest() < one.earliest()
    assert one.agrees(other) is not apart
