"""Vital signs, what is missing on a sheet, and any sheet."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.vaccines.rules import (
    FLAGS,
    OUTCOMES,
    Answer,
    Person,
    Signs,
    answer_problems,
    asked,
    conclude,
    delay_until,
    form_for,
    needed,
    sign_problems,
)
from app.words import word
from tests.vaccines.cases import ADULT, CHILD, book, born
from tests.vaccines.sheets import ITEMS, MAN, NORMAL, answers, concluded, sheet

LIMITS = [
    ("temperature", "35.4", "sign_low"), ("temperature", "35.5", None),
    ("temperature", "37.5", None), ("temperature", "37.6", "sign_high"),
    ("pulse", 59, "sign_low"), ("pulse", 60, None),
    ("pulse", 100, None), ("pulse", 101, "sign_high"),
    ("diastolic", 59, "sign_low"), ("diastolic", 60, None),
    ("diastolic", 90, None), ("diastolic", 91, "sign_high"),
    ("systolic", 89, "sign_low"), ("systolic", 90, None),
    ("systolic", 140, None), ("systolic", 141, "sign_high"),
    ("respiration", 25, None), ("respiration", 26, "sign_high"), ("respiration", 10, None),
]  # fmt: skip


@pytest.mark.parametrize("number", ["4355", "5785"])
@pytest.mark.parametrize(("sign", "value", "code"), LIMITS, ids=lambda v: f"QĐ 4355-{v}")
def test_signs_outside_the_limits_mean_caution(number, sign, value, code):
    value = Decimal(value) if sign == "temperature" else value
    signs = NORMAL._replace(**{sign: value})
    if sign == "systolic":
        signs = signs._replace(diastolic=70)
    form, _person, _on = sheet(number)
    assert [(p.code, p.field) for p in sign_problems(form, signs)] == (
        [(code, sign)] if code else []
    )
    said = concluded(number, signs=signs)
    item = {"4355": "10", "5785": "9"}[number]
    assert (said.code, said.because) == (("THAN_TRONG", (item,)) if code else ("DU_DIEU_KIEN", ()))


@pytest.mark.parametrize(
    ("systolic", "code"), [(130, None), (131, "sign_above_usual")], ids=["QĐ 4355", "QĐ 4355+"]
)
def test_a_treated_pressure_may_not_be_30_above_the_usual(systolic, code):
    form, _person, _on = sheet("4355")
    signs = NORMAL._replace(systolic=systolic, usual_systolic=100)
    assert [p.code for p in sign_problems(form, signs)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("35.4", "TRI_HOAN"),
        ("35.5", "DU_DIEU_KIEN"),
        ("37.5", "DU_DIEU_KIEN"),
        ("37.6", "TRI_HOAN"),
    ],
    ids=lambda v: f"QĐ 5002-{v}",
)
def test_a_child_with_a_fever_waits(value, code):
    signs = Signs(Decimal(value), 110)
    assert concluded("5002", signs=signs).code == code


def flagged(flag: str) -> Person:
    return ADULT._replace(flags=frozenset({flag}))


BREATH, PRESSURE = {"pulse", "respiration"}, {"systolic", "diastolic"}


@pytest.mark.parametrize(
    ("person", "more"),
    [
        pytest.param(ADULT, set(), id="QĐ 5785-everybody"),
        pytest.param(flagged("heart_failure"), BREATH, id="QĐ 5785-c-heart_failure"),
        pytest.param(flagged("chest_symptoms"), BREATH, id="QĐ 5785-c-chest_symptoms"),
        pytest.param(flagged("blood_pressure_history"), PRESSURE, id="QĐ 5785-d-pressure"),
        pytest.param(flagged("heart_disease"), PRESSURE, id="QĐ 5785-d-heart_disease"),
        pytest.param(born("24/11/1960"), set(), id="QĐ 5785-d-65"),
        pytest.param(born("23/11/1960"), PRESSURE, id="QĐ 5785-d-66"),
        pytest.param(born("1960"), PRESSURE, id="QĐ 5785-d-65-or-66"),
        pytest.param(Person(), set(), id="QĐ 5785-age-unknown"),
    ],
)
def test_who_is_measured(person, more):
    form, _adult, on = sheet("5785")
    expected = {"temperature"} | more
    assert {vital.code for vital in form.vitals if needed(vital, person, on)} == expected
    found = answer_problems(form, answers(form, person), Signs(), person, on)
    assert {p.field for p in found if p.code == "sign_missing"} == expected
    assert conclude(form, answers(form, person), Signs(), person, on).code is None


def test_a_child_is_measured_for_temperature_and_pulse():
    form, child, on = sheet("5002")
    assert [v.code for v in form.vitals if needed(v, child, on)] == ["temperature", "pulse"]


@pytest.mark.parametrize(
    ("sign", "value", "fields"),
    [
        ("temperature", Decimal("366"), ["temperature"]),
        ("temperature", Decimal("29.9"), ["temperature"]),
        ("temperature", Decimal("30"), []),
        ("pulse", 800, ["pulse"]),
        ("systolic", 75, ["systolic"]),
        ("systolic", 76, []),
    ],
)
def test_impossible_signs_are_sent_back(sign, value, fields):
    form, person, on = sheet("5785")
    signs = NORMAL._replace(**{sign: value})
    found = answer_problems(form, answers(form, person), signs, person, on)
    assert [p.field for p in found] == fields
    assert {p.severity for p in found} <= {"refuse"}


@pytest.mark.parametrize("number", ITEMS, ids=lambda n: f"QĐ {n}")
def test_each_missing_answer_is_named(number):
    form, person, on = sheet(number)
    full = answers(form, person)
    assert answer_problems(form, full, NORMAL, person, on) == []
    for code in full:
        rest = {item: answer for item, answer in full.items() if item != code}
        found = answer_problems(form, rest, NORMAL, person, on)
        assert [(p.code, p.field) for p in found] == [("answer_missing", code)]
        said = conclude(form, rest, NORMAL, person, on)
        assert (said.code, said.missing) == (None, (code,))


@pytest.mark.parametrize(
    ("number", "women"),
    [("4355", ["4a", "4b"]), ("5785", ["3a", "3b"])],
    ids=["QĐ 4355", "QĐ 5785"],
)
def test_men_are_not_asked_about_pregnancy(number, women):
    form, woman, on = sheet(number)
    of_women = {item.code for item in form.items if asked(item, woman)}
    of_men = {item.code for item in form.items if asked(item, MAN)}
    assert sorted(of_women - of_men) == women
    assert conclude(form, answers(form, MAN), NORMAL, MAN, on).code == "DU_DIEU_KIEN"


@pytest.mark.parametrize(
    ("number", "item"),
    [("4355", "5"), ("5785", "4"), ("5785", "10"), ("5002", "7"), ("5002", "8")],
    ids=lambda v: f"QĐ {v}",
)
@pytest.mark.parametrize("text", ["", "  "])
def test_what_must_be_written_is_asked_for(number, item, text):
    form, person, on = sheet(number)
    said = answers(form, person, **{item: Answer(True, text, "TRI_HOAN")})
    found = answer_problems(form, said, NORMAL, person, on)
    assert [(p.code, p.field) for p in found] == [("detail_missing", item)]


def test_before_and_after_13_weeks_cannot_both_be_true():
    form, person, on = sheet("5785")
    found = answer_problems(form, answers(form, person, "3a", "3b"), NORMAL, person, on)
    assert [(p.code, p.field) for p in found] == [("only_one_yes", "3b")]


TEXTS = st.sampled_from(["", "tôm"])
ANSWERS = st.builds(Answer, st.booleans(), TEXTS, st.sampled_from(["", *OUTCOMES]))
WHOLE = st.none() | st.integers(0, 400)
SIGNS = st.builds(
    Signs,
    st.none() | st.decimals(0, 60, allow_nan=False, places=1),
    WHOLE, WHOLE, WHOLE, WHOLE, WHOLE,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(ITEMS)), st.data(), SIGNS, st.frozensets(st.sampled_from(sorted(FLAGS)))
)
def test_any_sheet_is_answered(number, data, signs, known):
    form, person, on = sheet(number)
    person = person._replace(flags=known, sex=data.draw(st.sampled_from(["M", "F", None])))
    codes = st.sampled_from([item.code for item in form.items] + ["99"])
    said = data.draw(st.dictionaries(codes, ANSWERS))
    result = conclude(form, said, signs, person, on)
    found = [*answer_problems(form, said, signs, person, on), *sign_problems(form, signs)]
    assert result.code in {None, *OUTCOMES}
    assert (result.code is None) == bool(result.missing)
    assert result.code != "DU_DIEU_KIEN" or not sign_problems(form, signs)
    assert all(word(p.code, **p.params) for p in found)
    proposed = delay_until(form, said, person, on)
    assert proposed is None or on < proposed <= on + timedelta(days=366)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_there_is_a_form_for_everybody_since_the_end_of_2021(on):
    if on >= date(2021, 10, 27):
        assert form_for(ADULT, book(on))
        assert form_for(CHILD, book(on))
