"""What holds for a wish to be vaccinated: its code, its states, who comes first. Pure."""

import re
from datetime import timedelta
from typing import Any, NamedTuple

# H. M. Damm, Totally anti-symmetric quasigroups (2004): finds every wrong digit and every two
# neighbours that were swapped.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
CODES = 10**11
DIGITS = 12
ANSWERS = ("yes", "no", "unknown")
# The twelve questions of the portal, in its order (domain 1.4).
ITEMS = (
    "anaphylaxis", "covid", "other_vaccine", "immune", "medicines", "acute", "chronic", "stable",
    "pregnant", "over_65", "bleeding", "allergy",
)  # fmt: skip
HALF_DAYS = ("morning", "afternoon", "day")
# draft → sent → approved → allocated → listed → done; rejected and withdrawn end it.
STATES = (
    "draft", "sent", "approved", "rejected", "allocated", "listed", "done", "withdrawn",
)  # fmt: skip
LIVE = ("sent", "approved", "allocated", "listed")
# What the province does with a wish → from which states, and to which.
MOVES = {
    "approve": (("sent",), "approved"),
    "allocate": (("sent", "approved", "allocated"), "allocated"),
    "reject": (("sent", "approved"), "rejected"),
}
SHOWN = ("sent", "approved", "allocated", "listed", "rejected")
LAST_RANK = 99
# So long the code that proves a telephone is good for.
CODE_STAYS, CODE_AGAIN = timedelta(minutes=15), timedelta(minutes=1)
OF_AGE = 18  # whoever is younger is registered by somebody else
AHEAD = 366  # days from today that may be wished
# How somebody is related to the one who registers, when an organisation does it by a list.
ORGANISATION = "organisation"
STEPS = ("person", "details", "history", "consent")


def before_done(site: int | None, decided_by: int | None) -> str:
    """Where a wish waits again that was taken for done. On a list it is not any more."""
    return "allocated" if site else "approved" if decided_by else "sent"


class Wanted(NamedTuple):
    """What recognises somebody who registers again. key: the folded name."""

    number: str
    key: str
    born: tuple[int, int | None, int | None]
    sex: str
    phone: str


def _check(digits: str) -> str:
    now = 0
    for digit in digits:
        now = int(_DAMM[now][int(digit)])
    return str(now)


def code(chance: int) -> str:
    """The code for a number below CODES: its digits and one that checks them."""
    digits = f"{chance:0{DIGITS - 1}}"
    return digits + _check(digits)


def normal(text: str) -> str:
    """The code that was typed, perhaps in groups; "" when it cannot be one."""
    digits = re.sub(r"[\s.\-]", "", text)
    fits = len(digits) == DIGITS and digits.isascii() and digits.isdigit()
    return digits if fits and _check(digits) == "0" else ""


def grouped(digits: str) -> str:
    """The code as it is read over the telephone: "1234 5678 9012"."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def phone_code(digest: bytes) -> str:
    """The six digits that prove a telephone, from a digest that only we can make."""
    return f"{int.from_bytes(digest[:8]) % 10**6:06}"


def rank(group: str) -> int:
    """The place of a priority group; those without one come last (QĐ 3355/QĐ-BYT)."""
    return int(group) if group.isascii() and group.isdigit() and len(group) < 3 else LAST_RANK


def next_step(wish: Any) -> str:
    """What a draft still lacks first."""
    if not wish.occupation:
        return "details"
    return "consent" if set(ITEMS) <= set(wish.history) else "history"


def same_listed(one: Wanted, other: Wanted) -> bool:
    """Whether the one in a list of an officer is the one who registered: the officer has the
    documents before them. One number with another name is decided by the province (a twin)."""
    if one.number and other.number:
        return (one.number, one.key) == (other.number, other.key)
    return one[1:] == other[1:]


def same_person(one: Wanted, other: Wanted) -> bool:
    """Whether somebody who typed `one` knows enough of `other` to be told of it: the same number
    is not enough, for anybody may type it."""
    same = (one.born, one.phone) == (other.born, other.phone)
    by_number = bool(one.number) and one.number == other.number
    return same and (by_number or (one.key, one.sex) == (other.key, other.sex))
