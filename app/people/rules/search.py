"""What a person at the counter typed to find someone: numbers, dates, words in any order."""

import re
from datetime import date
from typing import NamedTuple

from app.people.rules.card import parse_card
from app.people.rules.dates import PartialDate, parse_date
from app.people.rules.documents import is_temporary, normal
from app.people.rules.names import fold
from app.people.rules.text import Unfit

LONGEST = 200
MOST_WORDS = 8
# Digits or a BHYT card may be typed in groups; "an 123456" is a name and the end of a number.
_GROUPS = re.compile(r"[0-9]{9,15}|[A-Z]{2}[1-5][0-9]{12}")
_TOKEN = re.compile(_GROUPS.pattern + r"|[A-Z]{1,2}[0-9]{6,9}")


class Query(NamedTuple):
    """number: a whole normal number (9 digits or more, passport, temporary code); tail: the
    last 3-8 digits of one; dob: a birth date or only its year; words: folded, in the order
    typed, to be found in any order."""

    number: str | None = None
    tail: str | None = None
    dob: PartialDate | None = None
    words: tuple[str, ...] = ()


def query(text: str) -> Query:
    """Read what was typed or scanned into the search field. Never raises; what cannot be
    read is left out. A year is four digits from 1900 to 2099; a card's QR is its number."""
    card = parse_card(text)
    if card:
        return Query(number=card.number)
    text = text[:LONGEST].strip()
    whole = _number(text)
    if whole:
        return Query(number=whole)
    found = Query()
    for token in text.split():
        found = _with(found, token)
    return found._replace(words=found.words[:MOST_WORDS])


def _with(found: Query, token: str) -> Query:
    if not re.search(r"[0-9]", token):
        return found._replace(words=(*found.words, *fold(token).split()))
    dob = _dob(token)
    if dob:
        return found._replace(dob=dob)
    number = _number(token)
    if number:
        return found._replace(number=number)
    digits = re.sub(r"[^0-9]", "", token)
    return found._replace(tail=digits) if 3 <= len(digits) <= 8 else found


def _dob(token: str) -> PartialDate | None:
    try:
        return parse_date(token, date(2099, 12, 31))
    except Unfit:
        return None


def _number(text: str) -> str | None:
    """Nine digits or more, perhaps in groups; a passport or card number; a temporary code."""
    try:
        number = normal("PASSPORT", text)
        code = normal("NONE", text)
    except Unfit:
        return None
    if is_temporary(code):
        return code
    form = _GROUPS if len(text.split()) > 1 else _TOKEN
    return number if form.fullmatch(number) else None
