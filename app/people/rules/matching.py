"""Whether two identities may be one person: how alike, by which sign, and where they differ."""

from collections.abc import Iterable
from itertools import pairwise
from os.path import commonprefix
from typing import NamedTuple

from app.people.rules.dates import PartialDate
from app.people.rules.documents import zero_suggestion
from app.people.rules.names import fold

# In order of strength.
LIKENESS = (
    "same_number",
    "same_name_birth_sex",
    "number_one_off",
    "number_swapped",
    "number_lost_zero",
    "three_of_four",
    "same_name_birth",
    "birth_swapped",
    "birth_one_off",
    "name_one_off",
)


class Number(NamedTuple):
    """A normal number of a kind (see documents.py); country matters for passports only."""

    kind: str
    number: str
    country: str = "VN"

    def same(self, other: "Number") -> bool:
        """Whether both are one number. A CCCD may serve as CMND or BHYT number; a BHYT card
        ends in the ten digits of the social insurance number; passports stand apart."""
        if "PASSPORT" in (self.kind, other.kind):
            return self == other
        if self.kind == other.kind == "BHYT" and 12 not in (len(self.number), len(other.number)):
            return self.number[-10:] == other.number[-10:]
        return self.number == other.number


class Identity(NamedTuple):
    """One person as the register or a typed form knows them; what is unknown stays empty.

    verified: the national number that the population database confirmed, if any. key: what
    the caller knows the person by; not compared.
    """

    name: str
    dob: PartialDate | None = None
    sex: str | None = None
    phone: str | None = None
    numbers: tuple[Number, ...] = ()
    verified: str | None = None
    key: int | None = None


def alike(one: Identity, other: Identity) -> str | None:
    """The strongest sign (see LIKENESS) that both are one person; None when there is none.

    Two confirmed numbers that differ under different names are two people, whatever else
    agrees. Everything else is for a person to decide: twins, namesakes and families with
    one telephone look alike too. Source: domain 1.5.
    """
    if any(mine.same(theirs) for mine in one.numbers for theirs in other.numbers):
        return "same_number"
    same_name = bool(fold(one.name)) and fold(one.name) == fold(other.name)
    if one.verified and other.verified and one.verified != other.verified and not same_name:
        return None
    same_birth = bool(one.dob and other.dob and one.dob.agrees(other.dob))
    same_sex = bool(one.sex) and one.sex == other.sex
    if same_name and same_birth and same_sex:
        return "same_name_birth_sex"
    if same_name or same_birth:
        slip = _number_slip(one, other)
        if slip:
            return slip
    same_phone = bool(one.phone) and one.phone == other.phone
    if same_name + same_birth + same_sex + same_phone >= 3:
        return "three_of_four"
    if same_name and same_birth and one.dob and one.dob.day and one.dob == other.dob:
        return "same_name_birth"
    if same_name and same_sex:
        return _birth_slip(one.dob, other.dob)
    if same_birth and same_sex and name_slip(one.name, other.name):
        return "name_one_off"
    return None


def look_alikes(one: Identity, others: Iterable[Identity]) -> list[tuple[Identity, str]]:
    """Those of `others` who may be the same person, with the reason, the likeliest first."""
    found = [(other, sign) for other in others if (sign := alike(one, other))]
    return sorted(found, key=lambda pair: LIKENESS.index(pair[1]))


def differences(one: Identity, other: Identity) -> list[str]:
    """Where two identities contradict each other, of "name", "dob", "sex", "phone"."""
    found = [] if fold(one.name) == fold(other.name) else ["name"]
    if one.dob and other.dob and not one.dob.agrees(other.dob):
        found.append("dob")
    return found + [
        field
        for field in ("sex", "phone")
        if (mine := getattr(one, field)) and (theirs := getattr(other, field)) and mine != theirs
    ]


def number_slip(typed: str, known: str) -> str | None:
    """How `typed` became of `known` by one slip: number_one_off, number_swapped,
    number_lost_zero; None when by no single one (or when they are equal)."""
    if len(typed) == len(known):
        wrong = [i for i, pair in enumerate(zip(typed, known, strict=True)) if pair[0] != pair[1]]
        if len(wrong) == 1:
            return "number_one_off"
        if len(wrong) == 2 and _crossed(typed, known, *wrong):
            return "number_swapped"
        return None
    short, long = sorted((typed, known), key=len)
    return "number_lost_zero" if long in _with_zero(short) else None


def _crossed(a: str, b: str, i: int, j: int) -> bool:
    return j == i + 1 and a[i] == b[j] and a[j] == b[i]


def _with_zero(number: str) -> set[str]:
    found = {number[:i] + "0" + number[i:] for i in range(len(number) + 1)}
    padded = zero_suggestion(number)
    return found | {padded} if padded else found


def near_numbers(number: str) -> list[str]:
    """Every number that one slip away from `number` may be meant, for a lookup with IN.

    Of 12 digits: 108 with one digit other and up to 11 with neighbours swapped. Of 10 or 11
    digits: with the zeros put back. Sorted, without `number` itself.
    """
    if number.isdecimal() and len(number) in (10, 11):
        return sorted(n for n in _with_zero(number) if len(n) == 12)
    found = {
        number[:i] + digit + number[i + 1 :]
        for i, old in enumerate(number)
        if old.isdecimal()
        for digit in "0123456789"
    }
    found |= {number[:i] + b + a + number[i + 2 :] for i, (a, b) in enumerate(pairwise(number))}
    return sorted(found - {number})


def name_slip(one: str, other: str) -> bool:
    """Whether two names are one letter (missing, extra, other, swapped) apart without their
    marks, or have the same words in another order, or one lacks a middle word."""
    a, b = fold(one), fold(other)
    if not a or not b:
        return False
    mine, theirs = sorted((a.split(), b.split()), key=len)
    if sorted(mine) == sorted(theirs):
        return True
    dropped = len(mine) > 1 and mine[0] == theirs[0] and mine[-1] == theirs[-1]
    return _one_edit(a, b) or (dropped and set(mine) <= set(theirs))


def _one_edit(a: str, b: str) -> bool:
    start = len(commonprefix([a, b]))
    a, b = a[start:], b[start:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return max(len(a), len(b)) <= 1 or (len(a) == 2 and a == b[::-1])


def _number_slip(one: Identity, other: Identity) -> str | None:
    slips = {
        number_slip(mine.number, theirs.number)
        for mine in one.numbers
        for theirs in other.numbers
        if (mine.kind == "PASSPORT") == (theirs.kind == "PASSPORT")
    }
    return next((sign for sign in LIKENESS if sign in slips), None)


def _birth_slip(one: PartialDate | None, other: PartialDate | None) -> str | None:
    if not (one and other and one.day and other.day):
        return None
    if other == (one.year, one.day, one.month):
        return "birth_swapped"
    return "birth_one_off" if number_slip(one.iso(), other.iso()) else None
