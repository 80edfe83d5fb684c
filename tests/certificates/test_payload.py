"""What is in a certificate: the EU's schema and value sets, and the WHO's map."""

import json
import re
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.certificates import payload, rules
from app.certificates.payload import Facts
from app.units.models import reference
from app.words import REASONS
from tests import vectors

PRODUCTS = json.loads((vectors.ROOT / "app/vaccines/data/products.json").read_text())["entries"]
TODAY = date(2026, 11, 25)
PLAIN = Facts(
    surname="Nguyễn", given="Bảo Duy", surname_latin="NGUYEN", given_latin="BAO<DUY",
    dob=(1990, 7, 15), sex="M", nationality="VN", number="001090000001",
    mp="EU/1/20/1528", ma="ORG-100030215", vp="1119349007", dose_number=2, series=2,
    given_on=date(2021, 9, 20), issuer=payload.ISSUER, uvci=rules.uvci(bytes(range(16))),
    lot="FK0112", place="Trạm Y tế xã 1", issued_on=TODAY, valid_until=date(2027, 11, 25),
    maker="Pfizer-BioNTech",
)  # fmt: skip


def faults(content: Any) -> list[str]:
    """What the schema says, formats of dates included."""
    schema = vectors.read("dcc-schema/DCC.combined-schema-1.3.0.json")
    check = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in check.iter_errors(content)]


def deep(value: Any) -> list[Any]:
    """Every plain value inside."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for part in inner for one in deep(part)] or [value]


def test_a_certificate_has_every_field():
    assert payload.dcc(PLAIN) == {
        "ver": "1.3.0",
        "nam": {"fn": "Nguyễn", "gn": "Bảo Duy", "fnt": "NGUYEN", "gnt": "BAO<DUY"},
        "dob": "1990-07-15",
        "v": [
            {
                "tg": "840539006",
                "vp": "1119349007",
                "mp": "EU/1/20/1528",
                "ma": "ORG-100030215",
                "dn": 2,
                "sd": 2,
                "dt": "2021-09-20",
                "co": "VN",
                "is": "Bộ Y tế",
                "ci": PLAIN.uvci,
            }
        ],
    }
    assert faults(payload.dcc(PLAIN)) == [] and payload.problems(PLAIN) == []


def test_the_schema_is_asked_strictly():
    for name, wrong in (("dt", "2021-09-31"), ("dn", 0), ("co", "vn"), ("mp", 1), ("ci", "X" * 81)):
        content = payload.dcc(PLAIN)
        content["v"][0][name] = wrong
        assert faults(content), name


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product["code"])
def test_every_product_has_codes_that_belong_together(product):
    facts = PLAIN._replace(mp=product["mp"], ma=product["ma"], vp=product["vp"])
    assert payload.problems(facts) == [] and faults(payload.dcc(facts)) == []
    for name, key in (("mp", "vaccine-medicinal-product"), ("ma", "vaccine-mah-manf"),
                      ("vp", "vaccine-prophylaxis")):  # fmt: skip
        values = vectors.read(f"dcc-valuesets/{key}.json")["valueSetValues"]
        assert values[product[name]]["active"], product[name]


def test_the_triples_are_those_of_the_instructions():
    """Each row of the EU's instructions that it does not call deprecated, and nothing else."""
    rows = vectors.read("dcc-valuesets/vaccine-encoding-instructions.json")["valueSetValues"]
    wanted = {
        (row["vaccine-code"], row["vaccine-manufacturer"], vp)
        for row in rows.values()
        for vp in row["sct-codes"]
        if "Do not use this code for new certificates" not in row.get("note", "")
    }
    assert wanted == rules.TRIPLES and len({mp for mp, _ma, _vp in wanted}) == 35


@pytest.mark.parametrize("vp", ["J07BX03", "1119305005", "1157024006", ""])
def test_codes_that_do_not_belong_together(vp):
    assert payload.problems(PLAIN._replace(vp=vp)) == ["cert_codes"]


def test_the_published_sample_of_viet_nam_would_not_be_issued():
    sample = PLAIN._replace(mp="EU/1/21/1529", ma="ORG-100030215", vp="29061000087103")
    assert payload.problems(sample) == ["cert_codes"]
    assert payload.problems(sample._replace(ma="ORG-100001699")) == []


def test_one_name_goes_into_the_surname():
    facts = PLAIN._replace(surname="Vỡn", given="", surname_latin="VON", given_latin="")
    assert payload.dcc(facts)["nam"] == {"fn": "Vỡn", "fnt": "VON"}
    assert faults(payload.dcc(facts)) == [] and payload.problems(facts) == []


@pytest.mark.parametrize(
    ("dob", "text"),
    [((1950, None, None), "1950"), ((1950, 7, None), "1950-07"), ((1950, 7, 5), "1950-07-05")],
)
def test_partial_birth_dates(dob, text):
    facts = PLAIN._replace(dob=dob)
    assert payload.dcc(facts)["dob"] == payload.icvp(facts)["dob"] == text
    assert faults(payload.dcc(facts)) == [] and payload.problems(facts) == []


def test_texts_are_in_nfc():
    spread = PLAIN._replace(
        **{
            name: unicodedata.normalize("NFD", getattr(PLAIN, name))
            for name in ("surname", "given", "issuer", "maker", "lot")
        }
    )
    assert payload.dcc(spread) == payload.dcc(PLAIN)
    assert payload.icvp(spread) == payload.icvp(PLAIN)
    assert payload.problems(spread) == []


def test_nationality_is_in_no_field_of_the_eu():
    content = payload.dcc(PLAIN._replace(nationality="QQ", place="ĐÂU ĐÓ", number="THE NUMBER"))
    assert not {"QQ", "ĐÂU ĐÓ", "THE NUMBER", "M"} & {str(value) for value in deep(content)}


@pytest.mark.parametrize(
    ("wrong", "reasons"),
    [
        ({"surname": "A" * 81}, ["cert_name_long"]),
        ({"given": "A" * 81}, ["cert_name_long"]),
        ({"surname_latin": ""}, ["cert_name_latin"]),
        ({"given_latin": ""}, ["cert_name_latin"]),
        ({"given": ""}, ["cert_name_latin"]),
        ({"surname": ""}, ["cert_name_latin"]),
        ({"surname_latin": "Nguyen"}, ["cert_name_latin"]),
        ({"surname_latin": "NGUYEN\n"}, ["cert_name_latin"]),
        ({"given_latin": "A" * 81}, ["cert_name_latin"]),
        ({"dob": (1899, None, None)}, ["cert_birth"]),
        ({"given_on": date(2026, 11, 26)}, ["cert_date_future"]),
        ({"dob": (2021, 9, 21)}, ["cert_date_before_birth"]),
        ({"dob": (2021, 10, None)}, ["cert_date_before_birth"]),
        ({"dob": (2021, 9, 20)}, []),
        ({"dob": (2021, None, None)}, []),
        ({"given_on": TODAY}, []),
        ({"dose_number": 0}, ["cert_dose_number"]),
        ({"series": 0}, ["cert_dose_number"]),
        ({"issuer": ""}, ["cert_issuer_long"]),
        ({"issuer": "Y" * 81}, ["cert_issuer_long"]),
        ({"uvci": ""}, ["cert_uvci"]),
        ({"uvci": PLAIN.uvci[:-1] + "/"}, ["cert_uvci"]),
        ({"uvci": PLAIN.uvci.lower()}, ["cert_uvci"]),
        ({"vp": "", "dose_number": 0}, ["cert_codes", "cert_dose_number"]),
    ],
    ids=str,
)  # fmt: skip
def test_what_must_not_be_signed(wrong, reasons):
    assert payload.problems(PLAIN._replace(**wrong)) == reasons
    assert set(reasons) <= set(REASONS)


WORDS = st.text(st.sampled_from("ABĐđƯ ê'-\u0301"), min_size=1, max_size=90)


@given(
    WORDS, st.just("") | WORDS, st.dates(date(1890, 1, 1), date(2110, 1, 1)), st.integers(1, 3),
    st.integers(-1, 9), st.integers(-1, 9), st.dates(date(1900, 1, 1), date(2030, 1, 1)),
    st.sampled_from(sorted(rules.TRIPLES)),
)  # fmt: skip
def test_what_has_no_problems_is_valid(surname, given_name, born, known, number, of, on, codes):
    """Our own cheap checks let nothing through that the schema refuses."""
    dob = [*(born.year, born.month, born.day)[:known], None, None][:3]
    facts = PLAIN._replace(
        surname=surname, given=given_name, surname_latin=rules.latin(surname),
        given_latin=rules.latin(given_name), dob=dob, dose_number=number, series=of, given_on=on,
    )._replace(**dict(zip(("mp", "ma", "vp"), codes, strict=True)))  # fmt: skip
    if not payload.problems(facts):
        assert faults(payload.dcc(facts)) == []


def test_the_whos_certificate():
    assert payload.icvp(PLAIN) == {
        "n": "Nguyễn Bảo Duy",
        "dob": "1990-07-15",
        "s": "male",
        "ntl": "VNM",
        "nid": "001090000001",
        "v": {
            "dn": "2",
            "tg": "RA01",
            "vp": "Covid19Product2afac141c6a2f5d7231a1db67e0613a5",
            "mp": "EU/1/20/1528",
            "ma": "Pfizer-BioNTech",
            "mid": "ORG-100030215",
            "dt": "2021-09-20",
            "bo": "FK0112",
            "vls": "2026-11-25",
            "vle": "2027-11-25",
            "is": "Bộ Y tế",
        },
    }


def test_the_whos_certificate_leaves_out_what_is_not_known():
    facts = PLAIN._replace(
        sex="", number="", maker="", lot="", valid_until=None, kind="NHAC_LAI", given=""
    )
    content = payload.icvp(facts)
    assert "" not in deep(content) and content["n"] == "Nguyễn"
    assert (
        content["v"]["dn"] == "B" and payload.icvp(facts._replace(kind="BO_SUNG"))["v"]["dn"] == "S"
    )
    assert not {"s", "nid", "gn"} & set(content) and not {"bo", "ma", "vle"} & set(content["v"])
    assert payload.icvp(PLAIN._replace(guardian="Lê Thị B"))["gn"] == "Lê Thị B"


def test_every_country_has_three_letters():
    codes = [row["code"] for row in reference("countries")]
    assert sorted(rules.ALPHA3) == sorted(codes) and len(set(rules.ALPHA3.values())) == 249
    assert all(re.fullmatch("[A-Z]{3}", long) for long in rules.ALPHA3.values())
    short = ("VN", "LA", "KH", "CN", "DE", "MM", "CD", "GB", "RS")
    long = ["VNM", "LAO", "KHM", "CHN", "DEU", "MMR", "COD", "GBR", "SRB"]
    assert [rules.ALPHA3[one] for one in short] == long
    assert "ntl" not in payload.icvp(PLAIN._replace(nationality="QQ"))


def test_a_product_without_a_number_of_the_who_goes_by_its_type():
    abdala = PLAIN._replace(mp="Abdala", ma="CIGB", vp="28531000087107")
    assert payload.icvp(abdala)["v"]["vp"] == "28531000087107"


def test_what_is_not_sure_of_the_whos_codes_says_so():
    for known in (rules.WHO_DISEASE, *rules.WHO_PRODUCTS.values()):
        assert known.confidence == "unsure" and known.source


def test_the_identifier_of_a_certificate():
    assert rules.check_sign("URN:UVCI:01:NL:187/37512422923") == "Z"
    assert rules.check_sign("URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813") == "B"
    made = rules.uvci(bytes(16))
    assert made.startswith("URN:UVCI:01:VN:" + "0" * 32 + "#") and rules.is_uvci(made)


@given(st.binary(min_size=16, max_size=16))
def test_every_identifier_fits_and_one_wrong_sign_does_not(chance):
    made = rules.uvci(chance)
    assert rules.is_uvci(made) and len(made) <= 80
    wrong = "0" if made[20] != "0" else "1"
    assert not rules.is_uvci(made[:20] + wrong + made[21:])
