"""The text in the QR of the chip citizen card, as a scanner types it into a plain field."""

import re
from datetime import date
from typing import NamedTuple

from app.people.rules.dates import PartialDate, parse_date
from app.people.rules.documents import read_cccd
from app.people.rules.names import fold, foreign_letters
from app.people.rules.spelling import ALWAYS_MARKED, is_syllable
from app.people.rules.text import Unfit, clean

# Some scanners put the kind of code in front ("]Q1"); keyboards turn the bar into others.
_BEFORE = re.compile(r"[\s\ufeff]*(?:\][A-Za-z][0-9])?(?=[0-9]{12}\s*[|¦｜])")
_BAR = re.compile(r"\s*[|¦｜]\s*")
LONGEST = 1000


class Card(NamedTuple):
    """What a citizen card says. dob and issued: None when unreadable; sex "M"/"F".

    name_doubtful: the letters suffered on the way (or are no Vietnamese name), so staff
    copy the name from the card; number, birth date and sex are right all the same.
    """

    number: str
    old_number: str | None
    name: str
    dob: PartialDate | None
    sex: str
    address: str
    issued: date | None
    name_doubtful: bool


def parse_card(text: str) -> Card | None:
    """Read `Số CCCD|Số CMND|Họ và tên|ddmmyyyy|Nam/Nữ|Nơi thường trú|ddmmyyyy`, six fields
    or more; None when `text` is no such thing. Never raises, keeps nothing of the text.

    Newer cards add empty fields and maybe old numbers; unknown days and months are 00 or
    left out. Source: domain 4.3.
    """
    before = _BEFORE.match(text) if len(text) <= LONGEST else None
    parts = _BAR.split(text[before.end() :].strip()) if before else []
    said = read_cccd(parts[0]) if len(parts) >= 6 else None
    if not said:
        return None
    name = _clean(parts[2])
    issued = _date(parts[6]) if len(parts) > 6 else None
    # A spoilt "Nữ" can look like anything, and the number says the same.
    sex = {"nam": "M", "nu": "F"}.get(fold(parts[4]), said.sex)
    return Card(
        number=parts[0],
        old_number=parts[1] if re.fullmatch(r"[0-9]{9}|[0-9]{12}", parts[1]) else None,
        name=name,
        dob=_date(parts[3]),
        sex=sex,
        address=_clean(parts[5]),
        issued=issued.earliest() if issued and issued.day else None,
        name_doubtful=_doubtful(name),
    )


def as_card(number: str, name: str, dob: PartialDate, sex: str, address: str) -> str:
    """What `parse_card` reads so: of somebody without the card, to fill a form."""
    fields = (number, "", name, str(dob), {"M": "Nam", "F": "Nữ"}.get(sex, ""), address)
    return "|".join(field.replace("|", " ") for field in fields)


def _date(text: str) -> PartialDate | None:
    try:
        return parse_date(text, date.max)
    except Unfit:
        return None


def _clean(text: str) -> str:
    try:
        return clean(text)
    except Unfit:
        return ""


def _doubtful(name: str) -> bool:
    """Signs, lost letters, Telex keys or missing marks. A card is printed with all marks."""
    words = fold(name).split()
    if not words or re.search(r"[^\w\s]|[\d_]", name) or foreign_letters(name):
        return True
    if not all(is_syllable(word) for word in words):
        return True
    return name.isascii() and any(word in ALWAYS_MARKED for word in words[:-1])
