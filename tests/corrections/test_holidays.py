"""The days on which offices are closed, as data/holidays.tsv has them."""

import csv
from datetime import date, datetime

import pytest

from app import clock
from app.corrections import actions
from app.corrections.actions import note
from app.corrections.models import DATA, holidays, holidays_end
from tests.corrections.conftest import PHONE


@pytest.mark.parametrize(
    "day, name",
    [
        (date(2027, 1, 1), "Tết Dương lịch"),
        (date(2027, 2, 5), "the day before Tết, which is on a Saturday"),
        (date(2027, 2, 8), "3 tháng Giêng"),
        (date(2027, 2, 9), "4 tháng Giêng"),
        (date(2027, 2, 10), "instead of the Saturday"),
        (date(2027, 2, 11), "instead of the Sunday"),
        (date(2027, 4, 16), "10/3 âm lịch"),
        (date(2027, 4, 30), "30/4"),
        (date(2027, 5, 3), "instead of 1/5, a Saturday"),
        (date(2027, 9, 2), "2/9"),
        (date(2027, 9, 3), "the day beside it"),
    ],
)
def test_the_holidays_of_2027(day, name):
    assert day in holidays(), name


def test_there_are_no_other_holidays_in_2027():
    assert sum(day.year == 2027 for day in holidays()) == 11


def test_every_holiday_says_who_sets_it():
    with open(DATA / "holidays.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert {row["set_by"] for row in rows} == {"law", "decision", "forecast"}
    assert len(rows) == len(holidays()) and holidays_end() == date(2027, 12, 31)


@pytest.mark.parametrize("day, years", [(20, []), (30, ["2028"])])
def test_a_year_without_holidays_is_told_once(told, caplog, day, years):
    note._tell_missing.cache_clear()
    with clock.frozen(datetime(2027, 12, day, 9)):
        for phone in (PHONE, "0912345679"):
            actions.file(actions.Said("copy", "counter", phone, told.person.id, None, None, {}))
    texts = [row.getMessage() for row in caplog.records if row.name == "app.corrections"]
    assert [text.split()[5].rstrip(":") for text in texts] == years
    note._tell_missing.cache_clear()
