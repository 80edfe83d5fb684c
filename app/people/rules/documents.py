"""The numbers by which people are known: CCCD, CMND, passport, BHYT card, or none yet."""

import re
from typing import NamedTuple

from app.people.rules.dates import PartialDate
from app.people.rules.text import Unfit, compact

KINDS = ("CCCD", "CMND", "PASSPORT", "BHYT", "NONE")
VIET_NAM = "VN"

# The province of birth registration, first three digits of a CCCD; TT 07/2016/TT-BCA, PL 1.
# They stay valid on old numbers for ever. The names are in units/data/id_province_codes.tsv.
_PROVINCES = (
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 "
    "035 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 "
    "070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096"
)
PROVINCES = frozenset(_PROVINCES.split())
# People born abroad carry a country code from here on instead.
FIRST_COUNTRY = 101

_FORMS = {
    "CCCD": re.compile(r"[0-9]{12}"),
    "CMND": re.compile(r"[0-9]{9}|[0-9]{12}"),
    # The card's 15 characters, the social insurance number alone, or the personal number.
    "BHYT": re.compile(r"[A-Z]{2}[1-5][0-9]{12}|[0-9]{10}|[0-9]{12}"),
    "NONE": re.compile(r"T[2-9][0-9A-HJKMNP-TV-Z]{8}"),
}
_PASSPORT_VN = re.compile(r"[A-Z][0-9]{7,8}")
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,15}")


class Cccd(NamedTuple):
    """What the digits of a CCCD say: province code, sex "M"/"F", year of birth."""

    province: str
    sex: str
    year: int


def normal(kind: str, text: str) -> str:
    """A typed number as it is kept: capitals and digits without spaces, dots and dashes.

    A temporary code (kind NONE) also gets its I, L, O read as 1, 1, 0. Raises Unfit as
    text.clean does, and number_long over 40 characters. Source: domain 4.1, 4.2.
    """
    if len(text) > 200:
        raise Unfit("number_long")
    number = compact(text)
    if len(number) > 40:
        raise Unfit("number_long")
    return number.translate(_MISREAD) if kind == "NONE" else number


def problems(kind: str, number: str, country: str = VIET_NAM) -> list[str]:
    """Reason codes why a normal `number` cannot be of this kind; empty when it can.

    number_missing, number_scientific (Excel's 1.09E+11), cccd_form, cmnd_form, bhyt_form,
    passport_form, passport_vn_form, country_missing, code_form (a temporary code misread;
    for NONE no number at all is right too). Source: domain 4.1, 4.2.
    """
    if not number:
        return [] if kind == "NONE" else ["number_missing"]
    if kind == "PASSPORT":
        return _passport_problems(number, country)
    if re.fullmatch(r"[0-9,]+E\+[0-9]+", number):
        return ["number_scientific"]
    if kind == "NONE":
        return [] if is_temporary(number) else ["code_form"]
    return [] if _FORMS[kind].fullmatch(number) else [f"{kind.lower()}_form"]


def _passport_problems(number: str, country: str) -> list[str]:
    if not country:
        return ["country_missing"]
    if country == VIET_NAM:
        return [] if _PASSPORT_VN.fullmatch(number) else ["passport_vn_form"]
    return [] if _PASSPORT.fullmatch(number) else ["passport_form"]


def guess_kind(number: str) -> str | None:
    """The most likely kind of a normal number, None when it looks like none of them.

    Ten digits are a BHYT number, or a CCCD that lost two zeros: see zero_suggestion.
    """
    if is_temporary(number):
        return "NONE"
    for kind in ("CCCD", "CMND", "BHYT"):
        if _FORMS[kind].fullmatch(number):
            return kind
    has_letter = re.search(r"[A-Z]", number)
    return "PASSPORT" if has_letter and _PASSPORT.fullmatch(number) else None


def read_cccd(number: str) -> Cccd | None:
    """PPP G YY of twelve digits: G even is a man, odd a woman; 0-1 born 1900-1999, 2-3
    2000-2099 and so on. There is no check digit. None for other numbers. Source: domain 4.1.
    """
    if not _FORMS["CCCD"].fullmatch(number):
        return None
    digit = int(number[3])
    return Cccd(number[:3], "MF"[digit % 2], 1900 + digit // 2 * 100 + int(number[4:6]))


def disagreements(number: str, dob: PartialDate | None, sex: str | None) -> list[str]:
    """Warnings, never refusals: what twelve digits say against what was typed.

    cccd_placeholder (one digit repeated), cccd_province, cccd_sex, cccd_year, cccd_century;
    empty for other numbers and for what is unknown. Numbers were issued again after
    corrections and old data were wrong, so the person may be right. Source: domain 4.1.
    """
    said = read_cccd(number)
    if not said:
        return []
    if len(set(number)) == 1:
        return ["cccd_placeholder"]
    found = []
    if said.province not in PROVINCES and int(said.province) < FIRST_COUNTRY:
        found.append("cccd_province")
    if sex in ("M", "F") and sex != said.sex:
        found.append("cccd_sex")
    if dob and dob.year != said.year:
        found.append("cccd_year" if dob.year % 100 != said.year % 100 else "cccd_century")
    return found


def zero_suggestion(text: str) -> str | None:
    """The twelve digits that 10 or 11 were before a spreadsheet dropped the zeros in front.

    Only a suggestion to confirm, and only when it begins with a province's code; None
    otherwise. Source: domain 4.1.
    """
    number = re.sub(r"[\s.\-]", "", text[:40])
    if not re.fullmatch(r"[1-9][0-9]{9,10}", number):
        return None
    padded = number.zfill(12)
    return padded if padded[:3] in PROVINCES else None


# Temporary codes: "T", a digit, seven of Crockford's 32 signs and a check sign. Letter and
# length keep them apart from official numbers, the digit from names. Source: domain 4.2.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
CODES = 2**38


def temporary_code(chance: int) -> str:
    """The code of a person without documents, like "T7QK2M9PXC"; `chance` is a random
    number below CODES. One wrong sign and any two neighbours swapped are noticed."""
    signs = [2 + (chance >> 35 & 7), *(chance >> shift & 31 for shift in range(30, -1, -5))]
    return "T" + "".join(_SIGNS[sign] for sign in [*signs, _check(signs)])


def is_temporary(code: str) -> bool:
    """Whether `code` (normal) is a temporary code with a right check sign."""
    if not _FORMS["NONE"].fullmatch(code):
        return False
    *signs, check = (_SIGNS.index(sign) for sign in code[1:])
    return check == _check(signs)


def _check(signs: list[int]) -> int:
    # A sum with weights 2, 4, 8 … in the field of 32 elements (x^5 + x^2 + 1): no prime below
    # 32 would tell 0 from 31.
    total = 0
    for sign in signs:
        total = _double(total ^ sign)
    return total


def _double(value: int) -> int:
    return value << 1 ^ (0b100101 if value & 16 else 0)
