"""What is right on a slip and in a certificate."""

from app.certificates.rules.codes import COVID19, TRIPLES, codes_known
from app.certificates.rules.countries import ALPHA3
from app.certificates.rules.latin import LONGEST, UnknownLetters, latin, split
from app.certificates.rules.paper import (
    FAMILY,
    LABELS,
    PART,
    Paper,
    fields,
    paper_problem,
    parts,
    said_by_eu,
    said_by_who,
)
from app.certificates.rules.series import USUAL_SERIES, series
from app.certificates.rules.slip import (
    CHANCE_BYTES,
    CODE_SIGNS,
    SLOTS,
    WRONG_BIRTHS,
    Slot,
    checked,
    grouped,
    new_code,
    normal,
    number,
    pin,
    plain,
    same_birth,
    signs,
    slip_problem,
    slots,
)
from app.certificates.rules.uvci import UVCI_BYTES, check_sign, is_uvci, uvci
from app.certificates.rules.who import DISEASE as WHO_DISEASE
from app.certificates.rules.who import PRODUCTS as WHO_PRODUCTS
from app.certificates.rules.who import SEX as WHO_SEX

__all__ = [
    "ALPHA3",
    "CHANCE_BYTES", "CODE_SIGNS", "COVID19", "FAMILY", "LABELS", "LONGEST", "PART", "Paper",
    "SLOTS", "Slot", "TRIPLES", "USUAL_SERIES", "UVCI_BYTES", "UnknownLetters", "WHO_DISEASE",
    "WHO_PRODUCTS", "WHO_SEX", "WRONG_BIRTHS", "check_sign", "checked", "codes_known", "fields",
    "grouped", "is_uvci", "latin", "new_code", "normal", "number", "paper_problem", "parts", "pin",
    "plain", "said_by_eu", "said_by_who", "same_birth", "series", "signs", "slip_problem", "slots",
    "split", "uvci",
]  # fmt: skip
