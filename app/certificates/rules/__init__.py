"""What is right on a slip and in a certificate."""

from app.certificates.rules.codes import COVID19, TRIPLES, codes_known
from app.certificates.rules.countries import ALPHA3
from app.certificates.rules.latin import LONGEST, UnknownLetters, latin, split
from app.certificates.rules.life import (
    BY_ITSELF,
    RENEWED_BEFORE,
    Held,
    Record,
    by_hand,
    expires,
    fault,
    needed,
)
from app.certificates.rules.missing import OF_PERSON, Known, mender, of_dose, of_person
from app.certificates.rules.overdue import ABOVE, AT_A_SITE, Late, by_child, child_at
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
from app.certificates.rules.pasted import readings
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
from app.certificates.rules.typed import Parts, parts_problems, proposal, typed
from app.certificates.rules.uvci import UVCI_BYTES, NoUvci, check_sign, is_uvci, typed_uvci, uvci
from app.certificates.rules.who import DISEASE as WHO_DISEASE
from app.certificates.rules.who import PRODUCTS as WHO_PRODUCTS
from app.certificates.rules.who import SEX as WHO_SEX

__all__ = [
    "ABOVE", "ALPHA3", "AT_A_SITE", "BY_ITSELF", "CHANCE_BYTES", "CODE_SIGNS", "COVID19", "FAMILY",
    "Held", "Known", "LABELS", "LONGEST", "Late", "NoUvci", "OF_PERSON", "PART", "Paper", "Parts",
    "RENEWED_BEFORE", "Record", "SLOTS", "Slot", "TRIPLES", "USUAL_SERIES", "UVCI_BYTES",
    "UnknownLetters", "WHO_DISEASE", "WHO_PRODUCTS", "WHO_SEX", "WRONG_BIRTHS", "by_child",
    "by_hand", "check_sign", "checked", "child_at", "codes_known", "expires", "fault", "fields",
    "grouped", "is_uvci", "latin", "mender", "needed", "new_code", "normal", "number", "of_dose",
    "of_person", "paper_problem", "parts", "parts_problems", "pin", "plain", "proposal", "readings",
    "said_by_eu", "said_by_who", "same_birth", "series", "signs", "slip_problem", "slots", "split",
    "typed", "typed_uvci", "uvci",
]  # fmt: skip
