"""What stands on a printed certificate: the eleven fields of QĐ 5772/QĐ-BYT. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

# QĐ 5772/QĐ-BYT: the fields in their order, as they are called in both languages.
LABELS = (
    ("Họ và tên", "Surname and forename"),
    ("Ngày tháng năm sinh", "Date of birth"),
    ("Quốc tịch", "Nationality"),
    ("Bệnh dịch mà chứng nhận nhắm tới", "Disease or agent targeted"),
    ("Số mũi tiêm đã nhận", "Number of doses received"),
    ("Ngày tiêm", "Date of vaccination"),
    ("Liều số", "Dose number in the series"),
    ("Vắc xin", "Vaccine"),
    ("Sản phẩm vắc xin", "Vaccine product"),
    ("Nhà cung cấp hoặc sản xuất vắc xin", "Vaccine supplier or manufacturer"),
    ("Mã số của chứng nhận", "Certificate identifier"),
)
DISEASE = "COVID-19"
# EU value set vaccine-prophylaxis 2.12.0; the words in Vietnamese are ours.
TYPES = {
    "1119349007": ("Vắc xin mRNA", "SARS-CoV-2 mRNA vaccine"),
    "29061000087103": (
        "Vắc xin véc tơ vi rút không nhân lên",
        "COVID-19 non-replicating viral vector vaccine",
    ),
    "1157024006": (
        "Vắc xin bất hoạt toàn phần", "Inactivated whole SARS-CoV-2 antigen vaccine",
    ),
    "1162643001": (
        "Vắc xin protein gai tái tổ hợp",
        "SARS-CoV-2 recombinant spike protein antigen vaccine",
    ),
}  # fmt: skip
ANY_TYPE = ("Vắc xin COVID-19", "COVID-19 vaccine")
# How the WHO numbers doses after the base ones.
WHO_DOSES = {"S": ("bổ sung", "supplementary"), "B": ("nhắc lại", "booster")}
PART = 500  # certificates in one file: see docs/decisions/bulk-pdf.md
FAMILY = 8  # cards on one A4


class Value(NamedTuple):
    """What stands in a field, in both languages where they differ."""

    vi: str
    en: str = ""


class Field(NamedTuple):
    """A field of the certificate: its place from 1, what it is called, and what stands in it."""

    number: int
    vi: str
    en: str
    value: Value


class Said(NamedTuple):
    """What was signed, in words. name, latin: "Nguyễn Văn An", "NGUYEN VAN AN"; born, given_on:
    as they are read; received: number of doses; dose: which one of how many; mp: code of the
    product."""

    name: str
    latin: str
    born: str
    received: Value
    given_on: str
    dose: Value
    mp: str


class Paper(NamedTuple):
    """A certificate as it is printed. kind: DCC or ICVP; until: its last day; code: the
    text of its QR."""

    id: int
    kind: str
    said: Said
    fields: tuple[Field, ...]
    uvci: str
    until: date
    code: str


def said_by_eu(content: Mapping[str, Any]) -> Said:
    """What the content of an EU certificate of ours says."""
    name, dose = content["nam"], content["v"][0]
    latin = " ".join(filter(None, (name.get("fnt"), name.get("gnt")))).replace("<", " ")
    return Said(
        " ".join(filter(None, (name.get("fn"), name.get("gn")))), latin,
        in_words(content["dob"]), Value(str(dose["dn"])), in_words(dose["dt"]),
        Value(f"{dose['dn']}/{dose['sd']}"), dose["mp"],
    )  # fmt: skip


def said_by_who(content: Mapping[str, Any]) -> Said:
    """What the content of a WHO certificate of ours says."""
    dose = content["v"]
    number = Value(*WHO_DOSES.get(dose["dn"], (dose["dn"],)))
    return Said(
        content["n"], "", in_words(content["dob"]), number, in_words(dose["dt"]), number, dose["mp"]
    )


def fields(
    said: Said, country: Value, vaccine: str, product: str, maker: str, uvci: str
) -> tuple[Field, ...]:
    """The eleven fields. country: the nationality, which is in no EU field; vaccine: the code of
    its type."""
    values = (
        Value(said.name), Value(said.born), country, Value(DISEASE), said.received,
        Value(said.given_on), said.dose, Value(*TYPES.get(vaccine, ANY_TYPE)), Value(product),
        Value(maker), Value(uvci),
    )  # fmt: skip
    return tuple(
        Field(place, *label, value)
        for place, (label, value) in enumerate(zip(LABELS, values, strict=True), 1)
    )


def in_words(day: str) -> str:
    """A date as far as it is known, "2021-08-02" or "1980-05", as it is read in Viet Nam."""
    return "/".join(reversed(day.split("-")))


def paper_problem(certificate: Any, now: datetime) -> str:
    """The reason code why a certificate cannot be printed; "" when it can."""
    if certificate.revoked_at:
        return "paper_revoked"
    if not certificate.current:
        return "paper_replaced"
    return "paper_expired" if certificate.expires_at <= now else ""


def parts(total: int) -> list[tuple[int, int]]:
    """The first and last certificate (from 1) of each file."""
    return [(at + 1, min(at + PART, total)) for at in range(0, total, PART)]
