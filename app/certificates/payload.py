"""What the QR of a slip and of a certificate hold: the one place that decides it. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from app.certificates import rules

VERSION = "1.3.0"  # of the EU's schema
COUNTRY = "VN"
ISSUER = "Bộ Y tế"
_LATIN = re.compile("[A-Z<]*")


class Coded(Protocol):
    """Whatever carries the code of a slip."""

    @property
    def code(self) -> str:
        """The code, in its normal form."""


def content(slip: Coded, public_url: str) -> str:
    """The address of the slip's verification page, below `public_url` ("https://host" or with a
    path). All in capitals where that means the same: such a QR is smaller and read from farther."""
    parts = urlsplit(public_url)
    origin = f"{parts.scheme}://{parts.netloc}".upper()
    return f"{origin}{parts.path.rstrip('/')}/X/{slip.code}"


class Basis(NamedTuple):
    """The rows that facts were read from: the newest dose; all doses that stand, as (id, version),
    oldest first; the identity version. A certificate counts while they are still so."""

    dose_id: int
    doses: tuple[tuple[int, int], ...]
    identity_seq: int


class Facts(NamedTuple):
    """All that a certificate says, of a person's newest dose.

    surname, given: họ, and đệm with tên; of a single name surname alone. *_latin: as
    rules.latin writes them. dob: (year, month or None, day or None). sex: "M" or "F".
    nationality: of two letters; it is in no EU field and stands on paper only. number: of the
    document, for the WHO's certificate. mp, ma, vp: codes of the product; maker: its name.
    kind: CO_BAN, BO_SUNG or NHAC_LAI. place: where the dose was given, for paper. issued_on,
    valid_until: days of the certificate. guardian: of a child. basis: where all this was read.
    """

    surname: str
    given: str
    surname_latin: str
    given_latin: str
    dob: Sequence[int | None]
    sex: str
    nationality: str
    number: str
    mp: str
    ma: str
    vp: str
    dose_number: int
    series: int
    given_on: date
    issuer: str
    uvci: str
    lot: str
    place: str
    issued_on: date
    valid_until: date | None = None
    kind: str = "CO_BAN"
    maker: str = ""
    guardian: str = ""
    basis: Basis | None = None


def dcc(facts: Facts) -> dict[str, Any]:
    """The content of an EU certificate, schema 1.3.0: one vaccination, all text in NFC."""
    name = {"fn": _nfc(facts.surname), "fnt": facts.surname_latin}
    if facts.given:
        name |= {"gn": _nfc(facts.given), "gnt": facts.given_latin}
    dose = {
        "tg": rules.COVID19, "vp": facts.vp, "mp": facts.mp, "ma": facts.ma,
        "dn": facts.dose_number, "sd": facts.series, "dt": facts.given_on.isoformat(),
        "co": COUNTRY, "is": _nfc(facts.issuer), "ci": facts.uvci,
    }  # fmt: skip
    return {"ver": VERSION, "nam": name, "dob": _partial(facts.dob), "v": [dose]}


def icvp(facts: Facts) -> dict[str, Any]:
    """The content of a WHO certificate (ICVP/DVC). Fields without a value are left out; see
    rules/who.py for what is not sure in it."""
    product = rules.WHO_PRODUCTS.get(facts.mp)
    dose = {
        "dn": _who_dose(facts), "tg": rules.WHO_DISEASE.code,
        "vp": product.code if product else facts.vp, "mp": facts.mp, "ma": _nfc(facts.maker),
        "mid": facts.ma, "dt": facts.given_on.isoformat(), "bo": _nfc(facts.lot),
        "vls": facts.issued_on.isoformat(),
        "vle": facts.valid_until.isoformat() if facts.valid_until else "",
        "is": _nfc(facts.issuer),
    }  # fmt: skip
    person = {
        "n": _nfc(f"{facts.surname} {facts.given}".strip()), "dob": _partial(facts.dob),
        "s": rules.WHO_SEX.get(facts.sex, ""), "ntl": rules.ALPHA3.get(facts.nationality, ""),
        "nid": facts.number, "gn": _nfc(facts.guardian),
    }  # fmt: skip
    return _known(person) | {"v": _known(dose)}


def _who_dose(facts: Facts) -> str:
    """Numbers are for base doses; S: supplementary, B: booster (WHO, DoseNumber)."""
    return {"BO_SUNG": "S", "NHAC_LAI": "B"}.get(facts.kind, str(facts.dose_number))


def problems(facts: Facts) -> list[str]:
    """Reasons why this must not be signed; [] when it may. Cheap, so that each certificate passes
    it: all that the schema asks, and what it does not ask."""
    checks = (
        ("cert_codes", rules.codes_known(facts.mp, facts.ma, facts.vp)),
        ("cert_name_long", max(len(_nfc(facts.surname)), len(_nfc(facts.given))) <= rules.LONGEST),
        ("cert_name_latin", _named(facts)),
        ("cert_birth", 1900 <= (facts.dob[0] or 0) <= 2099),
        ("cert_date_future", facts.given_on <= facts.issued_on),
        ("cert_date_before_birth", facts.given_on >= _earliest(facts.dob)),
        ("cert_dose_number", min(facts.dose_number, facts.series) >= 1),
        ("cert_issuer_long", 0 < len(_nfc(facts.issuer)) <= rules.LONGEST),
        ("cert_uvci", rules.is_uvci(facts.uvci)),
    )
    return [code for code, fine in checks if not fine]


def _named(facts: Facts) -> bool:
    """Each part that there is has its letters, and the surname there is always."""
    latin = (facts.surname_latin, facts.given_latin)
    return (
        bool(facts.surname and facts.surname_latin)
        and bool(facts.given) == bool(facts.given_latin)
        and all(len(one) <= rules.LONGEST and _LATIN.fullmatch(one) for one in latin)
    )


def _earliest(dob: Sequence[int | None]) -> date:
    year, month, day = dob
    return date(year or 1, month or 1, day or 1)


def _partial(dob: Sequence[int | None]) -> str:
    year, *rest = dob
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest if part)])


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
