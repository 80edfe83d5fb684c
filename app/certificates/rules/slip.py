"""The code and the PIN on a slip, and the slots in which its doses stand. Pure."""

import hmac
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

# Crockford's 32 signs: no I, L, O (read as 1, 1, 0) and no U, so a code can be read aloud.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
_BETWEEN = re.compile(r"[\s.\-‐-―_]")
CHANCE_BYTES = 10  # 80 random bits: nobody finds a code by trying
CODE_SIGNS = 17

# QĐ 43/QĐ-BYT (07/01/2022), PL 4: three base doses, one additional dose, three boosters.
SLOTS = {"CO_BAN": 3, "BO_SUNG": 1, "NHAC_LAI": 3}
PER_ROW = 3


def new_code(chance: bytes) -> str:
    """A code of 16 random signs and a check sign; `chance`: 10 random bytes."""
    return checked(signs(int.from_bytes(chance, "big"), CODE_SIGNS - 1))


def signs(number: int, least: int = 1) -> str:
    """A number as signs that can be read aloud, `least` of them or more."""
    found = ""
    while number or len(found) < least:
        found, number = _SIGNS[number & 31] + found, number >> 5
    return found


def number(text: str) -> int:
    """The number that `signs` wrote so."""
    return sum(_SIGNS.index(sign) << 5 * place for place, sign in enumerate(reversed(text)))


def checked(text: str) -> str:
    """The signs with a check sign behind them."""
    return text + _SIGNS[_check(_SIGNS.index(sign) for sign in text)]


def plain(text: str) -> str | None:
    """Typed signs as they are kept: capitals without spaces and dashes, O read as 0, I and L as 1.
    None when the check sign at their end does not fit: one wrong sign or two neighbours swapped
    are noticed."""
    code = _BETWEEN.sub("", text[:100]).upper().translate(_MISREAD)
    if not 1 < len(code) < 32 or not set(code) <= set(_SIGNS):
        return None
    return code if checked(code[:-1]) == code else None


def normal(text: str) -> str | None:
    """A typed code as it is kept, see `plain`. None when it cannot be a code."""
    code = plain(text)
    return code if code and len(code) == CODE_SIGNS else None


def grouped(code: str) -> str:
    """A code as it is printed and read aloud: "7QK2-M9PX-C4RT-80WZ5"."""
    return "-".join([code[:4], code[4:8], code[8:12], code[12:]])


def _check(signs: Iterable[int]) -> int:
    # Weights 2, 4, 8 … in the field of 32 elements (x^5 + x^2 + 1), all different up to 31 signs.
    total = 0
    for sign in signs:
        total ^= sign
        total = total << 1 ^ (0b100101 if total & 16 else 0)
    return total


def pin(key: bytes, nonce: str) -> str:
    """The six digits that belong to a slip's nonce: made anew each time, kept nowhere."""
    mark = hmac.digest(key, nonce.encode(), "sha256")
    return f"{int.from_bytes(mark[:8], 'big') % 1_000_000:06}"


def slip_problem(state: str) -> str:
    """The reason code why a visit in this state has no slip yet; "" when it may have one."""
    # QĐ 3588/QĐ-BYT: the slip is handed over after the observation, not before.
    return {"done": "", "observing": "slip_too_soon"}.get(state, "slip_no_dose")


# Wrong birth dates at the counter, for one person: (how many, in which time).
WRONG_BIRTHS = ((5, timedelta(minutes=15)), (20, timedelta(days=1)))


def same_birth(known: Sequence[int | None], typed: Sequence[int | None]) -> bool:
    """Whether somebody knows a birth date (year, month, day) as far as it is on record: the year
    stands on the screen, so it is not enough where more is known."""
    return known[0] == typed[0] and all(
        mine is None or mine == theirs for mine, theirs in zip(known, typed, strict=True)
    )


class Slot(NamedTuple):
    """A place on the paper for the dose `seq` of a kind; dose: None while it was not given."""

    kind: str
    seq: int
    dose: Any = None


def slots(doses: Iterable[Any]) -> dict[str, list[list[Slot]]]:
    """The paper of QĐ 43/QĐ-BYT: kind → rows of at most three slots. `doses` have kind and seq.

    A dose stands in the slot of its kind and number, never in one running number; doses beyond
    the printed slots go on in further rows, and so does a second one with the same number.
    """
    given: dict[str, list[Any]] = {kind: [] for kind in SLOTS}
    for dose in doses:
        given[dose.kind].append(dose)
    return {kind: _rows(kind, of_kind) for kind, of_kind in given.items()}


def _rows(kind: str, doses: list[Any]) -> list[list[Slot]]:
    numbers = {dose.seq for dose in doses}
    empty = [Slot(kind, seq) for seq in range(1, SLOTS[kind] + 1) if seq not in numbers]
    filled = [Slot(kind, dose.seq, dose) for dose in doses]
    places = sorted([*empty, *filled], key=lambda slot: slot.seq)
    return [places[at : at + PER_ROW] for at in range(0, len(places), PER_ROW)]
