"""The rules answer for every history that anybody may have."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.vaccines.rules import (
    FLAGS,
    KINDS,
    NHAC_LAI,
    Birth,
    GivenDose,
    Person,
    due_on,
    most_boosters,
    plan,
    problems,
    shortest_wait,
    volumes,
)
from app.words import word
from tests.vaccines.cases import book

NOW = book(date(2026, 11, 23))
PRODUCTS = st.sampled_from([*NOW.products, "CORONAVAC", ""])
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
BIRTHS = st.one_of(
    st.none(),
    st.builds(Birth, st.integers(1900, 2029), st.none(), st.none()),
    st.builds(Birth, st.integers(1900, 2029), st.integers(1, 12), st.none()),
    st.builds(Birth, st.integers(1900, 2029), st.integers(1, 12), st.integers(1, 28)),
    st.just(Birth(2004, 2, 29)),
)
PEOPLE = st.builds(
    Person,
    birth=BIRTHS,
    sex=st.sampled_from(["M", "F", None]),
    deceased=st.booleans(),
    flags=st.frozensets(st.sampled_from(sorted(FLAGS))),
    covid_on=st.none() | DAYS,
)
DOSES = st.lists(
    st.builds(GivenDose, PRODUCTS, st.sampled_from(KINDS), st.integers(1, 40), DAYS), max_size=8
)
HARD = {"date_in_future", "before_birth", "before_licence", "deceased"}


@settings(max_examples=300, deadline=None)
@given(PEOPLE, DOSES, st.sampled_from(sorted(NOW.products)), DAYS, DAYS)
def test_the_rules_answer_for_any_history(person, doses, code, on, today):
    rules = book(on)
    product = NOW.products[code]
    dose = plan(person, doses, product, on, rules)
    against = problems(product, person, doses, today, rules, given_on=on)
    due = due_on(person, doses, today, rules)
    assert dose.seq >= 1
    assert dose.overall == len(doses) + 1
    assert {p.code for p in against if p.severity == "refuse"} <= HARD
    assert all(word(p.code, **p.params) for p in against)
    assert due is None or due.earliest <= due.on
    assert due is None or due.on - max(dose.given_on for dose in doses) >= shortest_wait(rules)
    boosters = [dose.seq for dose in doses if dose.kind == NHAC_LAI]
    assert due is None or max(boosters, default=0) < (most_boosters(rules) or 1000)
    assert volumes(product, person, dose, on, rules).choices


@settings(max_examples=100, deadline=None)
@given(PEOPLE, DOSES, DAYS)
def test_the_order_in_which_doses_are_told_does_not_matter(person, doses, on):
    rules = book(on)
    product = NOW.products["COMIRNATY"]
    doses = list({dose.given_on: dose for dose in doses}.values())
    backwards = doses[::-1]
    assert problems(product, person, doses, on, rules) == problems(
        product, person, backwards, on, rules
    )
    assert due_on(person, doses, on, rules) == due_on(person, backwards, on, rules)
