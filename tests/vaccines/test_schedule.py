"""How long to wait, when the next dose is due and how much it is, by the number of the paper."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.vaccines.rules import due_on, volumes
from app.vaccines.rules.facts import Span
from tests.vaccines.cases import (
    ADULT,
    AZ,
    BOOSTED,
    CHILD,
    SINOPHARM,
    TEEN,
    TWO_AZ,
    WEAK,
    book,
    born,
    codes,
    day,
    document,
    found,
    history,
    paper,
    planned,
)

YESTERDAY = timedelta(days=1)


# ---- 3.1 and 3.2: how long to wait -----------------------------------------------------------


URGENT = "Công văn khẩn của Bộ Y tế 12/12/2021"
LABELS = [
    paper("QĐ 983/QĐ-BYT", ["ASTRAZENECA 10/5/2021"], "ASTRAZENECA", "5/7/2021"),
    paper("QĐ 2908/QĐ-BYT", ["COMIRNATY 10/7/2021"], "COMIRNATY", "31/7/2021"),
    paper("QĐ 3122/QĐ-BYT", ["SPIKEVAX 10/7/2021"], "SPIKEVAX", "7/8/2021"),
    paper("QĐ 2763/QĐ-BYT", ["VERO_CELL 10/7/2021"], "VERO_CELL", "31/7/2021"),
    paper("QĐ 4361/QĐ-BYT", ["HAYAT_VAX 10/10/2021"], "HAYAT_VAX", "31/10/2021"),
    paper("QĐ 1654/QĐ-BYT", ["SPUTNIK_V_1 10/7/2021"], "SPUTNIK_V_2", "31/7/2021"),
    paper("QĐ 4471/QĐ-BYT", ["ABDALA 1/10/2021"], "ABDALA", "15/10/2021"),
    paper("QĐ 4471/QĐ-BYT", ["ABDALA 1/10/2021", "ABDALA 15/10/2021"], "ABDALA", "29/10/2021"),
    paper("QĐ 5243/QĐ-BYT", ["COVAXIN 10/11/2021"], "COVAXIN", "8/12/2021"),
]
RULES = [
    paper("CV 6030/BYT-DP", ["ASTRAZENECA 1/7/2021"], "COMIRNATY", "26/8/2021"),
    paper("CV 7548/BYT-DP", ["SPIKEVAX 1/9/2021"], "COMIRNATY", "29/9/2021"),
    paper("CV 7548/BYT-DP", ["COMIRNATY 1/9/2021"], "SPIKEVAX", "29/9/2021"),
    paper("CV 7820/BYT-DP", ["ASTRAZENECA 1/9/2021"], "ASTRAZENECA", "29/9/2021"),
    paper(URGENT, ["COMIRNATY 1/12/2021"], "SPIKEVAX", "22/12/2021"),
    paper(URGENT, ["ASTRAZENECA 1/12/2021"], "SPIKEVAX", "29/12/2021"),
    paper("CV 10225/BYT-DP", ["COMIRNATY 5/5/2021", "COMIRNATY 6/6/2021"], "COMIRNATY",
             "6/12/2021"),
    paper("CV 10722/BYT-DP", ["COMIRNATY 1/8/2021", "COMIRNATY 30/9/2021"], "COMIRNATY",
             "30/12/2021"),
    paper("CV 10722/BYT-DP", ["COMIRNATY 1/8/2021", "COMIRNATY 30/11/2021"], "COMIRNATY",
             "28/2/2022"),
    paper("CV 10722/BYT-DP", ["VERO_CELL 1/9/2021", "VERO_CELL 1/12/2021"], "VERO_CELL",
             "29/12/2021"),
    paper("CV 2357/BYT-DP",
             ["COMIRNATY 1/8/2021", "COMIRNATY 1/9/2021", "NHAC_LAI COMIRNATY 31/12/2021"],
             "COMIRNATY", "30/4/2022"),
    paper("CV 3309/BYT-DP, CV 3405/BYT-DP", ["COMIRNATY 1/3/2022", "COMIRNATY 1/4/2022"],
             "COMIRNATY", "1/7/2022"),
    paper("CV 3309/BYT-DP, CV 3405/BYT-DP",
             ["COMIRNATY 1/8/2021", "COMIRNATY 1/9/2021", "NHAC_LAI COMIRNATY 1/3/2022"],
             "COMIRNATY", "1/7/2022"),
]  # fmt: skip
OF_SOME = [
    paper("CV 10225/BYT-DP", ["COMIRNATY 5/10/2021", "COMIRNATY 5/11/2021"], "COMIRNATY",
             "3/12/2021", WEAK),
    paper("CV 1535/BYT-DP", ["COMIRNATY_5_11 20/4/2022"], "COMIRNATY_5_11", "18/5/2022", CHILD),
    paper("CV 1535/BYT-DP", ["SPIKEVAX 20/4/2022"], "SPIKEVAX", "18/5/2022", CHILD),
    paper("CV 3309/BYT-DP, CV 3405/BYT-DP", ["COMIRNATY 1/1/2022", "COMIRNATY 1/2/2022"],
             "COMIRNATY", "1/7/2022", TEEN),
]  # fmt: skip


@pytest.mark.parametrize(("number", "doses", "product", "earliest"), [*LABELS, *RULES])
def test_a_dose_is_too_early_until_its_day(number, doses, product, earliest):
    assert_too_early_until(number, doses, product, earliest, born("17/5/1960"))


@pytest.mark.parametrize(("number", "doses", "product", "earliest", "person"), OF_SOME)
def test_some_wait_as_long_as_their_paper_says(number, doses, product, earliest, person):
    assert_too_early_until(number, doses, product, earliest, person)


def assert_too_early_until(number, doses, product, earliest, person):
    first = day(earliest)
    problems = {p.code: p.params for p in found(doses, product, first - YESTERDAY, person)}
    assert problems["too_early"] == {"days": 1, "earliest": first, "document": number}
    assert "too_early" not in codes(doses, product, first, person)
    assert "too_early" not in codes(doses, product, first + YESTERDAY, person)


def test_too_early_says_by_how_many_days():
    problem = found(["COMIRNATY 10/7/2021"], "COMIRNATY", day("21/7/2021"))[0]
    assert (problem.severity, problem.code, problem.params["days"]) == ("warn", "too_early", 10)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(27, "too_early"), (28, "sooner_than_usual"), (55, "sooner_than_usual"), (56, None)],
)
@pytest.mark.parametrize(
    ("first", "product"),
    [("1/9/2021", "ASTRAZENECA"), ("1/12/2021", "SPIKEVAX")],
    ids=["CV 7820/BYT-DP", URGENT],
)
def test_four_to_eight_weeks_after_astrazeneca_is_for_outbreaks(first, product, days, expected):
    on = day(first) + timedelta(days=days)
    waits = {"too_early", "sooner_than_usual"} & set(codes([f"ASTRAZENECA {first}"], product, on))
    assert waits == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("today", "earliest"),
    [("16/12/2021", "30/3/2022"), ("17/12/2021", "30/12/2021")],
    ids=["CV 10225/BYT-DP", "CV 10722/BYT-DP"],
)
def test_a_booster_waits_by_the_paper_of_the_day(today, earliest):
    doses = history("COMIRNATY 1/8/2021", "COMIRNATY 30/9/2021")
    due = due_on(ADULT, doses, day(today), book(day(today)))
    assert (due.kind, due.seq, due.earliest) == ("NHAC_LAI", 1, day(earliest))


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("31/8/2021", Span(months=6), "28/2/2022"),
        ("31/8/2023", Span(months=6), "29/2/2024"),
        ("30/11/2021", Span(months=3), "28/2/2022"),
        ("1/9/2021", Span(weeks=4), "29/9/2021"),
        ("1/2/2022", Span(days=28), "1/3/2022"),
        ("31/12/9999", Span(months=3), "31/12/9999"),
    ],
)
def test_months_are_calendar_months_and_weeks_seven_days(start, span, end):
    assert span.after(day(start)) == day(end)


# ---- the next due date -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "doses", "person", "today", "expected"),
    [
        paper("CV 7820/BYT-DP", ["ASTRAZENECA 1/9/2021"], ADULT, "1/10/2021",
                 ("CO_BAN", 2, "27/10/2021", "29/9/2021", "24/11/2021")),
        paper("QĐ 2908/QĐ-BYT", ["COMIRNATY 1/9/2021"], ADULT, "1/9/2021",
                 ("CO_BAN", 2, "22/9/2021", "22/9/2021", "29/9/2021")),
        paper("CV 10722/BYT-DP", SINOPHARM[:2], ADULT, "1/2/2022",
                 ("BO_SUNG", 1, "29/7/2021", "29/7/2021", None)),
        paper("CV 10722/BYT-DP", TWO_AZ, ADULT, "1/2/2022",
                 ("NHAC_LAI", 1, "1/9/2021", "1/9/2021", None)),
        paper("CV 2357/BYT-DP", BOOSTED, born("1/1/1960"), "1/5/2022",
                 ("NHAC_LAI", 2, "1/5/2022", "1/5/2022", None)),
        paper("CV 2357/BYT-DP", BOOSTED, born("1/1/1960", covid_on=date(2022, 3, 1)),
                 "1/5/2022", ("NHAC_LAI", 2, "1/6/2022", "1/6/2022", None)),
        paper("CV 2357/BYT-DP", BOOSTED, ADULT, "1/5/2022", None),
        paper("3.2", [*BOOSTED, "NHAC_LAI JANSSEN 1/6/2022"], WEAK, "1/6/2023", None),
        paper("3.2", [], ADULT, "1/6/2023", None),
        paper("3.2", ["CORONAVAC 1/6/2021"], ADULT, "1/6/2023", None),
        paper("3.2", [AZ], ADULT._replace(deceased=True), "1/6/2023", None),
    ],
)  # fmt: skip
def test_when_the_next_dose_is_due(number, doses, person, today, expected):
    due = due_on(person, history(*doses), day(today), book(day(today)))
    if expected is None:
        assert due is None
        return
    kind, seq, *days = expected
    assert (due.kind, due.seq) == (kind, seq)
    assert [due.on, due.earliest, due.latest] == [d and day(d) for d in days]
    assert due.document == number


# ---- volumes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "birth", "doses", "on", "choices", "default"),
    [
        document("3.1", "ASTRAZENECA", "1980", [], "1/9/2021", ["0.5"], "0.5"),
        document("3.1", "COMIRNATY", "1980", [], "1/9/2021", ["0.3"], "0.3"),
        document("3.1", "COMIRNATY_5_11", "2014", [], "1/6/2022", ["0.2"], "0.2"),
        document("CV 1535/BYT-DP", "SPIKEVAX", "2014", [], "1/6/2022", ["0.25"], "0.25"),
        document("CV 1535/BYT-DP", "SPIKEVAX", "2010", [], "1/6/2022", ["0.25", "0.5"], None),
        document("3.1", "SPIKEVAX", "1980", [], "1/6/2022", ["0.5"], "0.5"),
        document("Cục QLD", "SPIKEVAX", "1980", TWO_AZ, "31/12/2021", ["0.5"], "0.5"),
        document("Cục QLD", "SPIKEVAX", "1980", TWO_AZ, "1/1/2022", ["0.25", "0.5"], "0.25"),
        document("Cục QLD", "COMIRNATY", "1980", TWO_AZ, "1/1/2022", ["0.3"], "0.3"),
    ],
)
def test_how_much_is_given(product, birth, doses, on, choices, default):
    today, person = day(on), born(birth)
    rules = book(today)
    dose = planned(doses, product, today, person)
    asked = volumes(rules.products[product], person, dose, today, rules)
    assert asked.choices == tuple(map(Decimal, choices))
    assert asked.default == (Decimal(default) if default else None)
