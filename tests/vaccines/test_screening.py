"""The form by age and date, what each item leads to, and what follows from the conclusion."""

import pytest

from app.vaccines.rules import (
    OUTCOMES,
    Answer,
    Person,
    answer_problems,
    conclude,
    conclusion_problems,
    consent_for,
    delay_until,
    flags,
    form_for,
)
from tests.vaccines.cases import ADULT, CHILD, book, born, day
from tests.vaccines.sheets import ITEMS, NORMAL, answers, concluded, sheet


@pytest.mark.parametrize(
    ("on", "person", "number"),
    [
        ("9/9/2021", ADULT, None),
        ("10/9/2021", ADULT, "QĐ 4355/QĐ-BYT"),
        ("20/12/2021", ADULT, "QĐ 4355/QĐ-BYT"),
        ("21/12/2021", ADULT, "QĐ 5785/QĐ-BYT"),
        ("23/11/2026", ADULT, "QĐ 5785/QĐ-BYT"),
        ("23/11/2026", born("23/11/2008"), "QĐ 5785/QĐ-BYT"),
        ("23/11/2026", born("24/11/2008"), "QĐ 5002/QĐ-BYT"),
        ("23/11/2026", born("2008"), "QĐ 5002/QĐ-BYT"),
        ("23/11/2026", Person(), "QĐ 5785/QĐ-BYT"),
        ("26/10/2021", born("1/1/2006"), None),
        ("27/10/2021", born("1/1/2006"), "QĐ 5002/QĐ-BYT"),
        ("23/11/2026", born("24/11/2026"), "QĐ 5002/QĐ-BYT"),
    ],
)
def test_the_form_goes_by_age_and_date(on, person, number):
    form = form_for(person, book(day(on)))
    assert (form and form.source.document.number) == number


@pytest.mark.parametrize(
    ("person", "number", "agree"),
    [
        (ADULT, "QĐ 3588/QĐ-BYT", "Đồng ý tiêm chủng"),
        (CHILD, "CV 1535/BYT-DP", "Đồng ý cho trẻ tiêm chủng"),
        (born("2008"), "CV 1535/BYT-DP", "Đồng ý cho trẻ tiêm chủng"),
    ],
)
def test_the_consent_sheet_goes_by_age(person, number, agree):
    consent = consent_for(person, book(day("23/11/2026")))
    assert (consent.source.document.number, consent.agree) == (number, agree)


LEADS = [
    pytest.param(number, item, code, id=f"QĐ {number}-{item}-{code}")
    for number, codes in ITEMS.items()
    for code, items in codes.items()
    for item in items
]


@pytest.mark.parametrize(("number", "item", "code"), LEADS)
def test_each_item_leads_to_its_conclusion(number, item, code):
    said = concluded(number, item)
    assert (said.code, said.because) == (code, (item,))


@pytest.mark.parametrize("number", ITEMS, ids=lambda n: f"QĐ {n}")
def test_all_no_is_eligible(number):
    said = concluded(number)
    assert (said.code, said.because, said.missing) == ("DU_DIEU_KIEN", (), ())


@pytest.mark.parametrize("number", ITEMS, ids=lambda n: f"QĐ {n}")
def test_every_question_of_the_form_is_in_the_table(number):
    form, _person, _on = sheet(number)
    items = {item.code for item in form.items if item.asked and not item.choices}
    assert items == {item for codes in ITEMS[number].values() for item in codes}


@pytest.mark.parametrize(
    ("number", "item"), [("5785", "10"), ("5002", "8")], ids=["QĐ 5785-10", "QĐ 5002-8"]
)
@pytest.mark.parametrize("chosen", ["CHONG_CHI_DINH", "TRI_HOAN"])
def test_other_reasons_lead_to_what_the_doctor_says(number, item, chosen):
    said = concluded(number, **{item: Answer(True, "ghi rõ", chosen)})
    assert (said.code, said.because) == (chosen, (item,))


@pytest.mark.parametrize(("number", "item"), [("5785", "10"), ("5002", "8")])
@pytest.mark.parametrize("chosen", ["", "DU_DIEU_KIEN", "x"])
def test_other_reasons_without_a_choice_conclude_nothing(number, item, chosen):
    form, person, on = sheet(number)
    said = answers(form, person, **{item: Answer(True, "ghi rõ", chosen)})
    assert conclude(form, said, NORMAL, person, on).code is None
    found = answer_problems(form, said, NORMAL, person, on)
    assert [(p.code, p.field) for p in found] == [("choice_missing", item)]


@pytest.mark.parametrize(
    ("yes", "code", "because"),
    [
        (["1", "2", "5", "7"], "CHONG_CHI_DINH", ("1",)),
        (["2", "5", "7"], "TRI_HOAN", ("2",)),
        (["2", "3"], "TRI_HOAN", ("2", "3")),
        (["5", "7"], "CHUYEN_BV", ("5",)),
        (["7", "8"], "THAN_TRONG", ("7", "8")),
    ],
    ids=lambda value: f"QĐ 4355-{value}",
)
def test_the_strongest_conclusion_wins(yes, code, because):
    said = concluded("4355", *yes)
    assert (said.code, said.because) == (code, because)
    assert [found for found, _items in said.all] == [c for c in OUTCOMES if c in dict(said.all)]


@pytest.mark.parametrize(
    ("item", "chosen", "warned"),
    [
        ("1", "DU_DIEU_KIEN", True),
        ("1", "THAN_TRONG", True),
        ("1", "CHONG_CHI_DINH", False),
        ("2", "DU_DIEU_KIEN", True),
        ("2", "CHONG_CHI_DINH", False),
        ("7", "DU_DIEU_KIEN", True),
        ("7", "CHUYEN_BV", False),
        ("7", "THAN_TRONG", False),
    ],
    ids=lambda value: f"QĐ 4355-{value}",
)
def test_a_milder_conclusion_needs_a_reason(item, chosen, warned):
    found = conclusion_problems(concluded("4355", item), chosen)
    assert [p.code for p in found] == (["conclusion_milder"] if warned else [])


def test_an_unfinished_sheet_hides_nothing():
    form, person, on = sheet("4355")
    found = conclude(form, {"1": Answer(True)}, NORMAL, person, on)
    assert found.code is None
    assert [p.code for p in conclusion_problems(found, "DU_DIEU_KIEN")] == ["conclusion_milder"]


@pytest.mark.parametrize(
    ("number", "item", "expected"),
    [
        ("4355", "4a", frozenset({"pregnant"})),
        ("4355", "4b", frozenset({"pregnant"})),
        ("4355", "6", frozenset({"immunosuppressed"})),
        ("5785", "3b", frozenset({"pregnant"})),
        ("5785", "5", frozenset({"immunosuppressed"})),
        ("5785", "6", frozenset()),
    ],
    ids=lambda value: f"QĐ {value}",
)
def test_what_the_schedule_learns_from_the_answers(number, item, expected):
    form, person, _on = sheet(number)
    assert flags(form, answers(form, person, item)) == expected


@pytest.mark.parametrize(
    ("yes", "covid_on", "until"),
    [
        ([], None, None),
        (["7"], None, None),
        (["3"], None, "15/11/2021"),
        (["2"], None, "1/5/2022"),
        (["2"], "31/8/2021", "28/2/2022"),
        (["2", "3"], "31/8/2021", "28/2/2022"),
        (["4a"], None, "3/1/2022"),
    ],
    ids=lambda value: f"QĐ 4355-{value}",
)
def test_a_day_is_proposed_for_a_delay(yes, covid_on, until):
    form, person, on = sheet("4355")
    person = person._replace(covid_on=covid_on and day(covid_on))
    assert delay_until(form, answers(form, person, *yes), person, on) == (until and day(until))
