"""Which vaccine may follow which, by the number of the paper."""

from datetime import timedelta

import pytest

from tests.vaccines.cases import (
    ADULT,
    AZ,
    BOOSTED,
    CHILD,
    MIXED,
    MODERNA,
    PFIZER,
    SINOPHARM,
    TWO_AZ,
    TWO_MRNA,
    WEAK,
    codes,
    day,
    document,
)

YESTERDAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("doses", "product", "since"),
    [
        document("CV 6030/BYT-DP", [AZ], "COMIRNATY", "27/7/2021"),
        document("CV 7548/BYT-DP", [AZ], "SPIKEVAX", "8/9/2021"),
        document("CV 7548/BYT-DP", [PFIZER], "SPIKEVAX", "8/9/2021"),
        document("CV 7548/BYT-DP", [MODERNA], "COMIRNATY", "8/9/2021"),
        document("CV 10225/BYT-DP", TWO_AZ, "ASTRAZENECA", "1/12/2021"),
        document("CV 28-03-2022", TWO_MRNA, "ASTRAZENECA", "28/3/2022"),
        document("CV 28-03-2022", [PFIZER, "SPIKEVAX 1/9/2021"], "ASTRAZENECA", "28/3/2022"),
        document("CV 2357/BYT-DP", BOOSTED, "ASTRAZENECA", "29/4/2022"),
        document("CV 2357/BYT-DP", BOOSTED, "SPIKEVAX", "29/4/2022"),
        document("CV 2357/BYT-DP", BOOSTED, "JANSSEN", "29/4/2022"),
    ],
)
def test_a_vaccine_may_follow_from_the_day_of_the_paper(doses, product, since):
    assert "mix_not_allowed" in codes(doses, product, day(since) - YESTERDAY)
    assert "mix_not_allowed" not in codes(doses, product, day(since))


@pytest.mark.parametrize(
    ("doses", "product", "on", "allowed"),
    [
        document("CV 6030/BYT-DP", [AZ], "ASTRAZENECA", "20/8/2021", True),
        document("CV 6030/BYT-DP", [AZ], "SPIKEVAX", "20/8/2021", False),
        document("CV 6030/BYT-DP", [AZ], "VERO_CELL", "20/8/2021", False),
        document("CV 6030/BYT-DP", ["VERO_CELL 1/7/2021"], "COMIRNATY", "1/11/2021", False),
        document("CV 6030/BYT-DP", ["VERO_CELL 1/7/2021"], "VERO_CELL", "1/11/2021", True),
        document("CV 6030/BYT-DP", [MODERNA], "ASTRAZENECA", "1/11/2021", False),
        document("CV 7548/BYT-DP", [PFIZER], "ASTRAZENECA", "1/11/2021", False),
        document("CV 12-12-2021", [PFIZER], "SPIKEVAX", "12/12/2021", True),
        document("CV 12-12-2021", [AZ], "SPIKEVAX", "12/12/2021", True),
        document("QĐ 1654/QĐ-BYT", ["SPUTNIK_V_1 1/6/2021"], "SPUTNIK_V_2", "1/7/2021", True),
        document("CV 10722/BYT-DP", TWO_AZ, "COMIRNATY", "1/2/2022", True),
        document("CV 10722/BYT-DP", TWO_AZ, "ABDALA", "1/2/2022", False),
        document("CV 10722/BYT-DP", TWO_MRNA, "ASTRAZENECA", "1/2/2022", False),
        document("CV 10722/BYT-DP", MIXED, "SPIKEVAX", "1/2/2022", True),
        document("CV 10722/BYT-DP", MIXED, "COMIRNATY", "1/2/2022", True),
        document("CV 10722/BYT-DP", MIXED, "ASTRAZENECA", "1/2/2022", False),
        document("CV 10722/BYT-DP", ["JANSSEN 1/9/2021"], "JANSSEN", "1/2/2022", True),
        document("CV 28-03-2022", MIXED, "ASTRAZENECA", "1/4/2022", False),
        document("CV 2357/BYT-DP", BOOSTED, "VERO_CELL", "1/7/2022", False),
        document("CV 2357/BYT-DP", [*TWO_MRNA, "NHAC_LAI VERO_CELL 1/1/2022"], "VERO_CELL",
                 "1/7/2022", True),
    ],
)  # fmt: skip
def test_which_vaccine_may_follow(doses, product, on, allowed):
    assert ("mix_not_allowed" not in codes(doses, product, day(on))) is allowed


@pytest.mark.parametrize(
    ("doses", "product", "allowed"),
    [
        (SINOPHARM[:2], "VERO_CELL", True),
        (SINOPHARM[:2], "HAYAT_VAX", True),
        (SINOPHARM[:2], "COMIRNATY", True),
        (SINOPHARM[:2], "ASTRAZENECA", False),
        (SINOPHARM, "VERO_CELL", True),
        (SINOPHARM, "SPIKEVAX", True),
        (SINOPHARM, "ASTRAZENECA", True),
        (SINOPHARM, "JANSSEN", False),
    ],
    ids=lambda value: f"CV 10722/BYT-DP-{value}"[:60],
)
def test_after_sinopharm(doses, product, allowed):
    assert ("mix_not_allowed" not in codes(doses, product, day("1/2/2022"))) is allowed


@pytest.mark.parametrize("product", ["SPIKEVAX", "COMIRNATY_5_11"], ids=lambda p: f"CV 1535-{p}")
@pytest.mark.parametrize("first", ["SPIKEVAX", "COMIRNATY_5_11"])
def test_children_get_the_same_vaccine_only(first, product):
    found = codes([f"{first} 20/4/2022"], product, day("1/7/2022"), CHILD)
    assert ("mix_not_allowed" in found) is (first != product)


def test_a_vaccine_that_is_unknown_here_cannot_be_judged():
    on = day("1/2/2022")
    assert "history_unknown" in codes(["CORONAVAC 1/6/2021"], "COMIRNATY", on)


@pytest.mark.parametrize("on", ["10/12/2021", "20/12/2021"], ids=["CV 10225", "CV 10722"])
@pytest.mark.parametrize(
    ("product", "allowed"), [("ASTRAZENECA", True), ("SPIKEVAX", True), ("ABDALA", False)]
)
@pytest.mark.parametrize("person", [ADULT, WEAK], ids=["NHAC_LAI", "BO_SUNG"])
def test_after_two_astrazeneca(on, product, allowed, person):
    found = codes(TWO_AZ, product, day(on), person)
    assert ("mix_not_allowed" not in found) is allowed
