"""Kinds of dose, who may have one, and what is always refused, by the number of the paper."""

from datetime import timedelta

import pytest

from app.vaccines.rules import (
    GivenDose,
    Person,
    lot_problems,
    plan,
    screening_problems,
)
from tests.vaccines.cases import (
    ADULT,
    AZ,
    BOOSTED,
    CHILD,
    SINOPHARM,
    TEEN,
    TWO_AZ,
    TWO_MRNA,
    WEAK,
    book,
    born,
    codes,
    day,
    document,
    found,
    paper,
    planned,
)

YESTERDAY = timedelta(days=1)


# ---- CV 10225 and CV 10722: kinds of dose, without an upper limit ----------------------------


@pytest.mark.parametrize(
    ("doses", "product", "person", "kind", "seq", "overall", "of"),
    [
        document("QĐ 983/QĐ-BYT", [], "ASTRAZENECA", ADULT, "CO_BAN", 1, 1, 2),
        document("QĐ 983/QĐ-BYT", [AZ], "ASTRAZENECA", ADULT, "CO_BAN", 2, 2, 2),
        document("CV 6030/BYT-DP", [AZ], "COMIRNATY", ADULT, "CO_BAN", 2, 2, 2),
        document("QĐ 4471/QĐ-BYT", ["ABDALA 1/10/2021", "ABDALA 15/10/2021"], "ABDALA", ADULT,
                 "CO_BAN", 3, 3, 3),
        document("QĐ 3448/QĐ-BYT", [], "JANSSEN", ADULT, "CO_BAN", 1, 1, 1),
        document("QĐ 3448/QĐ-BYT", ["JANSSEN 1/9/2021"], "COMIRNATY", ADULT, "NHAC_LAI", 1, 2, 1),
        document("CV 10225/BYT-DP", TWO_AZ, "COMIRNATY", ADULT, "NHAC_LAI", 1, 3, 2),
        document("CV 10722/BYT-DP", TWO_AZ, "COMIRNATY", WEAK, "BO_SUNG", 1, 3, 2),
        document("CV 10722/BYT-DP", SINOPHARM[:2], "COMIRNATY", ADULT, "BO_SUNG", 1, 3, 2),
        document("CV 10722/BYT-DP", ["HAYAT_VAX 1/10/2021", "VERO_CELL 1/11/2021"], "COMIRNATY",
                 ADULT, "BO_SUNG", 1, 3, 2),
        document("CV 10722/BYT-DP", ["SPUTNIK_V_1 1/6/2021", "SPUTNIK_V_2 1/7/2021"], "SPIKEVAX",
                 ADULT, "BO_SUNG", 1, 3, 2),
        document("CV 10722/BYT-DP", SINOPHARM, "COMIRNATY", ADULT, "NHAC_LAI", 1, 4, 2),
        document("CV 10722/BYT-DP", SINOPHARM, "COMIRNATY", WEAK, "NHAC_LAI", 1, 4, 2),
        document("CV 10722/BYT-DP", ["VERO_CELL 1/6/2021", "COMIRNATY 1/7/2021"], "COMIRNATY",
                 ADULT, "NHAC_LAI", 1, 3, 2),
        document("CV 2357/BYT-DP", BOOSTED, "COMIRNATY", WEAK, "NHAC_LAI", 2, 4, 2),
        document("QĐ 43/QĐ-BYT", [*BOOSTED, "NHAC_LAI JANSSEN 1/6/2022"], "JANSSEN", ADULT,
                 "NHAC_LAI", 3, 5, 2),
    ],
)  # fmt: skip
def test_what_the_next_dose_is(doses, product, person, kind, seq, overall, of):
    next_dose = planned(doses, product, day("1/2/2022"), person)
    assert next_dose[:4] == (kind, seq, overall, of)


@pytest.mark.parametrize("on", ["1/12/2021", "17/12/2021"], ids=["CV 10225", "CV 10722"])
def test_the_immunosuppressed_get_one_additional_dose(on):
    doses = [*TWO_AZ, "BO_SUNG COMIRNATY 1/11/2021"]
    assert planned(TWO_AZ, "COMIRNATY", day(on), WEAK).kind == "BO_SUNG"
    assert planned(TWO_AZ, "COMIRNATY", day(on)).kind == "NHAC_LAI"
    assert planned(doses, "COMIRNATY", day(on), WEAK).kind == "NHAC_LAI"


def test_boosters_have_no_last_number():
    doses = [*TWO_MRNA, *(f"NHAC_LAI COMIRNATY 1/1/{year}" for year in range(2023, 2035))]
    assert planned(doses, "COMIRNATY", day("1/6/2035")).seq == 13


def test_numbers_go_on_after_a_history_with_gaps():
    doses = [GivenDose("COMIRNATY", "NHAC_LAI", 4, day("1/1/2023"))]
    rules = book(day("1/2/2024"))
    next_dose = plan(ADULT, doses, rules.products["COMIRNATY"], day("1/2/2024"), rules)
    assert (next_dose.kind, next_dose.seq) == ("NHAC_LAI", 5)


@pytest.mark.parametrize(
    ("on", "kind"),
    [("16/12/2021", "NHAC_LAI"), ("17/12/2021", "BO_SUNG")],
    ids=["CV 10225/BYT-DP", "CV 10722/BYT-DP"],
)
def test_sinopharm_gets_an_additional_dose_since(on, kind):
    assert planned(SINOPHARM[:2], "COMIRNATY", day(on)).kind == kind


@pytest.mark.parametrize(
    ("dose", "product", "wrong"),
    [
        ([], "SPUTNIK_V_1", False),
        ([], "SPUTNIK_V_2", True),
        (["SPUTNIK_V_1 1/7/2021"], "SPUTNIK_V_1", True),
        (["SPUTNIK_V_1 1/7/2021"], "SPUTNIK_V_2", False),
        (["SPUTNIK_V_1 1/7/2021"], "SPUTNIK_V", False),
    ],
    ids=lambda value: f"QĐ 1654/QĐ-BYT-{value}",
)
def test_components_are_not_interchangeable(dose, product, wrong):
    assert ("wrong_component" in codes(dose, product, day("1/9/2021"))) is wrong


def test_another_kind_than_planned_needs_a_reason():
    on = day("1/2/2022")
    chosen = planned(TWO_AZ, "COMIRNATY", on)._replace(kind="BO_SUNG")
    assert "kind_differs" in codes(TWO_AZ, "COMIRNATY", on, chosen=chosen)
    assert "kind_differs" not in codes(TWO_AZ, "COMIRNATY", on)


# ---- who may have it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "on", "birth", "problem"),
    [
        document("QĐ 983/QĐ-BYT", "ASTRAZENECA", "1/9/2021", "2/9/2003", "too_young"),
        document("QĐ 983/QĐ-BYT", "ASTRAZENECA", "1/9/2021", "1/9/2003", None),
        document("QĐ 983/QĐ-BYT", "ASTRAZENECA", "1/9/2021", "31/8/2003", None),
        document("QĐ 2908/QĐ-BYT", "COMIRNATY", "1/11/2021", "2/11/2009", "too_young"),
        document("QĐ 2908/QĐ-BYT", "COMIRNATY", "1/11/2021", "1/11/2009", None),
        document("CV 1535/BYT-DP", "COMIRNATY_5_11", "20/4/2022", "21/4/2017", "too_young"),
        document("CV 1535/BYT-DP", "COMIRNATY_5_11", "20/4/2022", "20/4/2017", None),
        document("CV 1535/BYT-DP", "COMIRNATY_5_11", "20/4/2022", "21/4/2010", None),
        document("CV 1535/BYT-DP", "COMIRNATY_5_11", "20/4/2022", "20/4/2010", "age_outside"),
        document("CV 1535/BYT-DP", "SPIKEVAX", "20/4/2022", "21/4/2016", "too_young"),
        document("CV 1535/BYT-DP", "SPIKEVAX", "20/4/2022", "20/4/2016", None),
        document("CV 1535/BYT-DP", "SPIKEVAX", "27/3/2022", "20/3/2016", "too_young"),
        document("QĐ 3122/QĐ-BYT", "SPIKEVAX", "1/9/2021", "1/9/2003", None),
        document("QĐ 3122/QĐ-BYT", "SPIKEVAX", "1/9/2021", "2/9/2003", "too_young"),
        document("QĐ 4471/QĐ-BYT", "ABDALA", "1/10/2021", "2/10/2002", "too_young"),
        document("QĐ 4471/QĐ-BYT", "ABDALA", "1/10/2021", "1/10/2002", None),
        document("QĐ 4471/QĐ-BYT", "ABDALA", "1/10/2021", "2/10/1955", None),
        document("QĐ 4471/QĐ-BYT", "ABDALA", "1/10/2021", "1/10/1955", "age_outside"),
        *(
            document("3.1", code, "1/1/2022", birth, problem)
            for code in ("VERO_CELL", "HAYAT_VAX", "SPUTNIK_V", "SPUTNIK_LIGHT", "JANSSEN",
                         "COVAXIN")
            for birth, problem in (("2/1/2004", "too_young"), ("1/1/2004", None))
        ),
    ],
)  # fmt: skip
def test_the_age_counts_from_the_birthday(product, on, birth, problem):
    ages = {"too_young", "age_outside", "age_unsure", "age_unknown"}
    assert ages & set(codes([], product, day(on), born(birth))) == ({problem} - {None})


@pytest.mark.parametrize(
    ("birth", "problem"),
    [("2002", None), ("2003", "age_unsure"), ("2004", "too_young"), ("9/2003", "age_unsure"),
     ("8/2003", None), ("10/2003", "too_young")],
)  # fmt: skip
def test_a_partial_birth_date_warns_when_it_matters(birth, problem):
    ages = {"too_young", "age_unsure", "age_unknown"}
    assert ages & set(codes([], "ASTRAZENECA", day("15/9/2021"), born(birth))) == {problem} - {None}


def test_without_a_birth_date_the_age_is_unknown():
    assert codes([], "ASTRAZENECA", day("15/9/2021"), Person()) == ["age_unknown"]


@pytest.mark.parametrize(
    ("doses", "on", "person", "problem"),
    [
        document("CV 10722/BYT-DP", TWO_AZ, "1/2/2022", born("2/2/2004"), "not_in_group"),
        document("CV 10722/BYT-DP", TWO_AZ, "1/2/2022", born("1/2/2004"), None),
        document("CV 10722/BYT-DP", TWO_AZ, "1/2/2022", born("2004"), "group_unsure"),
        document("CV 3309/BYT-DP, CV 3405/BYT-DP", TWO_MRNA, "22/6/2022", TEEN, "not_in_group"),
        document("CV 3309/BYT-DP, CV 3405/BYT-DP", TWO_MRNA, "23/6/2022", TEEN, None),
        document("CV 3309/BYT-DP, CV 3405/BYT-DP", TWO_MRNA, "23/6/2022", born("24/6/2010"),
                 "not_in_group"),
        document("CV 2357/BYT-DP", BOOSTED, "28/4/2022", born("1/1/1960"), "no_rule"),
        document("CV 2357/BYT-DP", BOOSTED, "29/4/2022", born("29/4/1972"), None),
        document("CV 2357/BYT-DP", BOOSTED, "29/4/2022", born("30/4/1972"), "not_in_group"),
        document("CV 2357/BYT-DP", BOOSTED, "29/4/2022", WEAK, None),
        document("CV 2357/BYT-DP", BOOSTED, "29/4/2022",
                 ADULT._replace(flags=frozenset({"high_exposure"})), None),
        document("CV 2357/BYT-DP", BOOSTED, "29/4/2022",
                 born("1/1/2005", flags=frozenset({"high_exposure"})), "not_in_group"),
        document("CV 10225/BYT-DP", TWO_AZ, "30/11/2021", ADULT, "no_rule"),
        document("CV 10225/BYT-DP", TWO_AZ, "1/12/2021", ADULT, None),
        document("3.2", [*BOOSTED, "NHAC_LAI JANSSEN 1/6/2022"], "1/6/2023", ADULT, "no_rule"),
    ],
)  # fmt: skip
def test_who_gets_a_booster(doses, on, person, problem):
    groups = {"not_in_group", "group_unsure", "no_rule"}
    assert groups & set(codes(doses, "COMIRNATY", day(on), person)) == {problem} - {None}


ILL_CHILD = CHILD._replace(covid_on=day("20/2/2022"))


@pytest.mark.parametrize(
    ("number", "doses", "person", "well"),
    [
        paper("CV 1535/BYT-DP", [], ILL_CHILD, "20/5/2022"),
        paper("CV 1535/BYT-DP", ["COMIRNATY_5_11 1/2/2022"], ILL_CHILD, "20/5/2022"),
        paper("CV 3309/BYT-DP, CV 3405/BYT-DP", [],
                 CHILD._replace(covid_on=day("1/5/2022")), "1/8/2022"),
        paper("CV 2357/BYT-DP", BOOSTED, ADULT._replace(covid_on=day("5/3/2022")), "5/6/2022"),
        paper("CV 3309/BYT-DP, CV 3405/BYT-DP", BOOSTED,
                 ADULT._replace(covid_on=day("5/6/2022")), "5/9/2022"),
        paper("CV 3309/BYT-DP, CV 3405/BYT-DP", TWO_MRNA,
                 TEEN._replace(covid_on=day("5/6/2022")), "5/9/2022"),
    ],
)  # fmt: skip
def test_after_covid_one_waits(number, doses, person, well):
    product = "COMIRNATY_5_11" if person.birth == CHILD.birth else "COMIRNATY"
    problems = {p.code: p.params for p in found(doses, product, day(well) - YESTERDAY, person)}
    assert problems["after_illness"] == {"earliest": day(well), "document": number}
    assert "after_illness" not in codes(doses, product, day(well), person)


def test_an_adult_may_have_a_first_booster_right_after_covid():
    person = ADULT._replace(covid_on=day("1/7/2022"))
    assert codes(TWO_MRNA, "COMIRNATY", day("5/7/2022"), person) == []  # CV 3309, CV 3405


@pytest.mark.parametrize("flag", ["pregnant", "breastfeeding"], ids=lambda f: f"QĐ 4355-{f}")
@pytest.mark.parametrize(
    ("product", "warned"), [("SPUTNIK_V_1", True), ("SPUTNIK_V", True), ("COMIRNATY", False)]
)
def test_sputnik_is_not_for_mothers(flag, product, warned):
    person = ADULT._replace(flags=frozenset({flag}))
    assert ("product_not_for" in codes([], product, day("1/9/2021"), person)) is warned


# ---- refusals that stand ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "licensed"),
    [
        document("QĐ 983/QĐ-BYT", "ASTRAZENECA", "1/2/2021"),
        document("QĐ 1654/QĐ-BYT", "SPUTNIK_V", "23/3/2021"),
        document("QĐ 2763/QĐ-BYT", "VERO_CELL", "3/6/2021"),
        document("QĐ 2908/QĐ-BYT", "COMIRNATY", "12/6/2021"),
        document("QĐ 3122/QĐ-BYT", "SPIKEVAX", "28/6/2021"),
        document("QĐ 3448/QĐ-BYT", "JANSSEN", "15/7/2021"),
        document("QĐ 4361/QĐ-BYT", "HAYAT_VAX", "10/9/2021"),
        document("QĐ 4471/QĐ-BYT", "ABDALA", "17/9/2021"),
        document("QĐ 5243/QĐ-BYT", "COVAXIN", "1/11/2021"),
    ],
)
def test_no_dose_before_the_licence(product, licensed):
    today = day(licensed)
    assert refusals([], product, today - YESTERDAY, ADULT) == {"before_licence"}
    assert refusals([], product, today, ADULT) == set()


def refusals(doses, product, on, person, **given):
    return {p.code for p in found(doses, product, on, person, **given) if p.severity == "refuse"}


@pytest.mark.parametrize(
    ("given", "person", "expected"),
    [
        ("2/9/2021", ADULT, {"date_in_future"}),
        ("1/9/2021", ADULT, set()),
        ("30/8/2021", born("31/8/2021"), {"before_birth"}),
        ("31/8/2021", born("31/8/2021"), set()),
        ("31/8/2021", born("9/2021"), {"before_birth"}),
        ("31/8/2021", born("2021"), set()),
        ("1/9/2021", ADULT._replace(deceased=True), {"deceased"}),
    ],
)
def test_impossible_doses_are_refused(given, person, expected):
    on = {"given_on": day(given)}
    assert refusals([], "ASTRAZENECA", day("1/9/2021"), person, **on) == expected


@pytest.mark.parametrize(
    ("expires", "left", "suspended", "expected"),
    [
        ("1/9/2021", 1, False, []),
        ("31/8/2021", 1, False, ["lot_expired"]),
        ("1/9/2021", 0, False, ["lot_exhausted"]),
        ("1/9/2021", 1, True, ["lot_suspended"]),
        ("31/8/2021", 0, True, ["lot_expired", "lot_exhausted", "lot_suspended"]),
    ],
)
def test_a_lot_must_be_good(expires, left, suspended, expected):
    against = lot_problems(day(expires), left, suspended, day("1/9/2021"))
    assert [p.code for p in against] == expected
    assert {p.severity for p in against} <= {"refuse"}


@pytest.mark.parametrize(
    ("conclusion", "expected"),
    [
        ("DU_DIEU_KIEN", []),
        ("THAN_TRONG", []),
        ("TRI_HOAN", ["screening_no_dose"]),
        ("CHONG_CHI_DINH", ["screening_no_dose"]),
        ("CHUYEN_BV", ["screening_no_dose"]),
        (None, ["not_screened"]),
        ("", ["not_screened"]),
    ],
    ids=lambda value: f"QĐ 4355-{value}",
)
def test_no_dose_without_screening(conclusion, expected):
    against = screening_problems(conclusion)
    assert [p.code for p in against] == expected
    assert {p.severity for p in against} <= {"refuse"}


def test_two_doses_on_one_day_are_warned_of():
    assert codes([AZ], "ASTRAZENECA", day("1/6/2021")) == ["same_day"]


def test_a_dose_before_one_already_recorded_is_warned_of():
    problem = next(p for p in found([AZ], "ASTRAZENECA", day("1/5/2021")))
    assert (problem.code, problem.params) == ("later_dose", {"given_on": day("1/6/2021")})
