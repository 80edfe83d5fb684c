"""Stored in UTC, shown in Viet Nam's time; a day is a Vietnamese day."""

from datetime import date, datetime, timedelta, timezone

import pytest

from app import clock
from app.i18n import show_date, show_moment, show_time


def test_now_is_utc_without_zone():
    now = clock.now()
    assert now.tzinfo is None
    assert abs(now - datetime.now(timezone.utc).replace(tzinfo=None)) < timedelta(seconds=5)


@pytest.mark.parametrize(("wall", "stored"), [
    (datetime(2021, 8, 10, 9, 30), datetime(2021, 8, 10, 2, 30)),
    (datetime(2021, 8, 10, 0, 0), datetime(2021, 8, 9, 17, 0)),
    (datetime(2021, 1, 1, 6, 59, 59), datetime(2020, 12, 31, 23, 59, 59)),
    (datetime(2024, 2, 29, 3, 0), datetime(2024, 2, 28, 20, 0)),
])  # fmt: skip
def test_seven_hours_ahead_all_year(wall, stored):
    with clock.frozen(wall):
        assert clock.now() == stored
        assert clock.today() == wall.date()
        assert clock.local(stored).replace(tzinfo=None) == wall


def test_frozen_time_thaws_also_after_an_error():
    with pytest.raises(ZeroDivisionError), clock.frozen(datetime(2021, 1, 1)):
        1 / 0  # noqa: B018
    assert clock.now().year > 2021
    with clock.frozen(datetime(2021, 1, 1)):
        with clock.frozen(datetime(2022, 1, 1)):
            assert clock.today().year == 2022
        assert clock.today().year == 2021


def test_a_day_begins_and_ends_at_midnight_in_viet_nam():
    start, end = clock.day_bounds(date(2021, 8, 10))
    assert (start, end) == (datetime(2021, 8, 9, 17), datetime(2021, 8, 10, 17))
    for wall, inside in (
        (datetime(2021, 8, 9, 23, 59, 59, 999999), False), (datetime(2021, 8, 10), True),
        (datetime(2021, 8, 10, 23, 59, 59, 999999), True), (datetime(2021, 8, 11), False),
    ):  # fmt: skip
        with clock.frozen(wall):
            assert (start <= clock.now() < end) is inside


@pytest.mark.parametrize("days", [1, 2, 31, 366])
def test_days_follow_each_other_without_gap(days):
    first = date(2023, 12, 25)
    last = first + timedelta(days=days - 1)
    start, end = clock.day_bounds(first, last)
    assert end - start == timedelta(days=days)
    assert clock.day_bounds(last + timedelta(days=1))[0] == end


def test_what_is_shown_is_vietnamese_time():
    late = datetime(2021, 8, 9, 17, 5)
    assert show_moment(late) == "10/08/2021 00:05"
    assert show_time(late) == "00:05"
    assert show_date(date(2021, 8, 9)) == "09/08/2021"
    assert show_moment(None) == show_time(None) == show_date(None) == ""
