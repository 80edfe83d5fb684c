"""What a dose and its person lack for a certificate, and who can mend it. QĐ 5772/QĐ-BYT,
CV 8938/BYT-DP and 9438/BYT-CNTT: the identity of a citizen is verified. Pure."""

from typing import NamedTuple

VIET_NAM = "VN"

# Reason code → who can mend it: "verifier", "reception", "approver", "centre", "site", "head".
MENDS = {
    "miss_verified": "verifier",
    "miss_mismatch": "reception",
    "miss_passport": "reception",
    "miss_pending": "approver",
    "miss_product": "centre",
    "miss_confirmed": "site",
    "miss_signed": "head",
    "person_merged": "reception",
    "cert_name_split": "reception",
    "cert_name_letters": "reception",
    "cert_name_latin": "reception",
    "cert_name_long": "reception",
    "cert_birth": "reception",
    "cert_date_before_birth": "reception",
}
ELSE = "centre"
# What the facts of a certificate lack that belongs to the person, whichever dose it is about.
OF_PERSON = frozenset(
    {"person_merged", "cert_name_split", "cert_name_letters", "cert_name_latin", "cert_name_long",
     "cert_birth"}
)  # fmt: skip


class Known(NamedTuple):
    """A person: nationality of two letters, state of the identity, whether a passport is on
    record."""

    nationality: str
    identity_state: str
    passport: bool


def of_person(known: Known) -> list[str]:
    """What the identity lacks; [] when nothing."""
    if known.identity_state == "mismatch":
        return ["miss_mismatch"]
    if known.nationality != VIET_NAM:
        return [] if known.passport else ["miss_passport"]
    return [] if known.identity_state == "verified" else ["miss_verified"]


def of_dose(pending: bool, has_codes: bool) -> list[str]:
    """What a dose lacks. pending: a request about it waits; has_codes: its product has them."""
    lacks = {"miss_pending": pending, "miss_product": not has_codes}
    return [code for code, lacking in lacks.items() if lacking]


def mender(code: str) -> str:
    """Who can mend it."""
    return MENDS.get(code, ELSE)
