"""What stands below what, areas by date, codes and days of units."""

from datetime import date

import pytest

from app.units import rules
from app.units.models import Level

DAY, OLD = date(2026, 11, 23), date(2021, 10, 1)


@pytest.mark.parametrize(
    "above, below",
    [
        ("national", {"province", "commune", "station", "hospital", "medical_centre", "service"}),
        ("province", {"commune", "station", "hospital", "medical_centre", "service"}),
        ("commune", {"station", "hospital", "medical_centre", "service"}),
        ("station", {"mobile"}), ("hospital", {"mobile"}), ("mobile", set()),
    ],
)  # fmt: skip
def test_what_may_stand_below(app, above, below):
    kinds = {level.code: level.kind for level in Level.select()}
    assert below == {c for c, k in kinds.items() if rules.may_stand_below(k, kinds[above], DAY)}


def test_districts_ended(app):
    kinds = {level.code: level.kind for level in Level.select()}
    day = {on: rules.may_stand_below(kinds["district"], kinds["province"], on) for on in
           (OLD, date(2025, 6, 30), date(2025, 7, 1))}  # fmt: skip
    assert list(day.values()) == [True, True, False]


@pytest.mark.parametrize(
    "day, scheme",
    [(OLD, "vn63"), (date(2025, 6, 30), "vn63"), (date(2025, 7, 1), "vn34"), (DAY, "vn34")],
    ids=["2021", "NQ 203/2025/QH15", "NQ 203/2025/QH15-first day", "2026"],
)
def test_scheme_in_force(day, scheme):
    assert rules.scheme_on(day) == scheme


@pytest.mark.parametrize(
    "typed, kept",
    [(" 01015-a ", "01015-A"), ("dv00004", "DV00004"), ("1", ""), ("", ""), ("a b", ""),
     ("mã", ""), ("-01", ""), ("x" * 21, ""), ("a\x00b", ""), ("<b>", "")],
)  # fmt: skip
def test_code(typed, kept):
    assert rules.code(typed) == kept


SITE, MOBILE = rules.Kind(5, True, None), rules.Kind(6, True, None)
OFFICE = rules.Kind(4, False, None)


@pytest.mark.parametrize(
    "kind, taken, expected",
    [(SITE, [], "79001"), (SITE, ["79001", "79015", "79002-1"], "79016"),
     (SITE, ["79999"], "791000"), (SITE, ["79ABC"], "79001"),
     (MOBILE, [], "79001-1"), (MOBILE, ["79001-1", "79001-2"], "79001-3"),
     (OFFICE, [], "DV26734"), (OFFICE, ["DV26734"], "DV26734-2"),
     (OFFICE, ["DV26734", "DV26734-2"], "DV26734-3")],
)  # fmt: skip
def test_code_that_is_made(kind, taken, expected):
    start, digits = rules.stem(kind, "79001", "26734", "79")
    assert rules.next_code(start, digits, taken) == expected
    assert rules.code(expected) == expected


@pytest.mark.parametrize(
    "first, last, above, found",
    [
        (DAY, None, (OLD, None), []),
        (OLD, None, (DAY, None), [("valid_from", "unit_outside_parent")]),
        (DAY, OLD, (OLD, None), [("valid_to", "unit_ends_first")]),
        (DAY, None, (OLD, DAY), [("valid_to", "unit_outside_parent")]),
        (DAY, DAY, (OLD, DAY), []),
        (None, None, (OLD, None), []),
        (None, None, (OLD, DAY), [("valid_to", "unit_outside_parent")]),
    ],
)
def test_days_of_a_unit(first, last, above, found):
    assert rules.date_problems(first, last, above) == found


@pytest.mark.parametrize(
    "first, last, state",
    [(DAY, None, "unit_open"), (DAY, DAY, "unit_open"), (OLD, OLD, "unit_closed"),
     (date(2027, 1, 1), None, "unit_later")],
)  # fmt: skip
def test_state(first, last, state):
    assert rules.state(first, last, DAY) == state
