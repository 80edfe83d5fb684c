"""Lots and movements without a database."""

from datetime import date, timedelta

import pytest

from app.stock import rules

TODAY = date(2021, 10, 1)


@pytest.mark.parametrize(
    ("kind", "doses", "right"),
    [
        ("receipt", 5, True), ("receipt", -5, False), ("dose", -1, True), ("dose", 1, False),
        ("waste", -3, True), ("waste", 3, False), ("return", -3, True), ("return", 2, False),
        ("correction", 2, True), ("correction", -2, True), ("correction", 0, False),
        ("gift", 1, False),
    ],
)  # fmt: skip
def test_the_sign_follows_the_kind(kind, doses, right):
    assert rules.allowed(kind, doses) is right


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("fk0112", "FK0112"), ("  ncov  2021-05 ", "NCOV 2021-05"), ("3000/12.A", "3000/12.A"),
        ("a" * 30, "A" * 30), ("a" * 31, None), ("-12", None), ("12-", None), ("LÔ12", None),
        ("", None), ("12;drop", None),
    ],
)  # fmt: skip
def test_lot_numbers_are_kept_in_one_form(typed, kept):
    assert rules.lot_number(typed) == kept


@pytest.mark.parametrize(
    ("expires_in", "doses", "problems"),
    [
        (0, 1, []),
        (-1, 1, [("expires_on", "expiry_past")]),
        (5 * 366, 100_000, []),
        (5 * 366 + 1, 10, [("expires_on", "expiry_far")]),
        (9, 0, [("doses", "doses_range")]),
        (9, 100_001, [("doses", "doses_range")]),
        (-1, -1, [("expires_on", "expiry_past"), ("doses", "doses_range")]),
    ],
)
def test_what_may_be_received(expires_in, doses, problems):
    assert rules.receipt_problems(TODAY + timedelta(expires_in), doses, TODAY) == problems


@pytest.mark.parametrize(
    ("balance", "expires_in", "suspended", "state"),
    [
        (5, 31, False, "lot_usable"),
        (5, 30, False, "lot_soon"),
        (5, 0, False, "lot_soon"),
        (5, -1, False, "lot_out_of_date"),
        (0, -1, False, "lot_none_left"),
        (0, 99, False, "lot_none_left"),
        (5, -1, True, "lot_stopped"),
        (0, 99, True, "lot_stopped"),
    ],
)
def test_the_state_names_the_gravest_thing(balance, expires_in, suspended, state):
    assert rules.state(balance, TODAY + timedelta(expires_in), suspended, TODAY) == state
