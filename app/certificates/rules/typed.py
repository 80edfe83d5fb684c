"""A name in its two parts and in the letters of a passport, as somebody types it. Pure."""

import re
import unicodedata
from typing import Any, NamedTuple

from app.certificates.rules.latin import LONGEST, UnknownLetters, latin, split

_WRITTEN = re.compile("[A-Z<]+")


class Parts(NamedTuple):
    """surname: họ; given: đệm and tên; and both as ICAO 9303 writes them. Of a single name the
    surname alone."""

    surname: str
    given: str
    surname_latin: str
    given_latin: str


def proposal(name: str) -> Parts:
    """What to show for a name that nobody has split yet: the rules' own way, or the first word as
    the surname; letters that they do not know are left to a person."""
    surname, given = split(name) or tuple((name.split(" ", 1) + [""])[:2])
    return Parts(surname, given, _latin(surname), _latin(given))


def _latin(text: str) -> str:
    try:
        return latin(text)
    except UnknownLetters:
        return ""


def typed(surname: str, given: str, surname_latin: str, given_latin: str) -> Parts:
    """What somebody typed, as it is kept: an empty box gets what the rules write."""
    surname, given = (" ".join(text.split()) for text in (surname, given))
    boxes = ((surname_latin, surname), (given_latin, given))
    return Parts(surname, given, *(_kept(box.strip() or text) for box, text in boxes))


def _kept(text: str) -> str:
    """Unknown letters stay as they are, to be refused."""
    return _latin(text) or text


def parts_problems(name: str, parts: Parts) -> list[tuple[str, str, dict[str, Any]]]:
    """(field, reason code, values) against keeping these parts of a name: it is the same name,
    word by word in any order; each part that there is has letters of a passport."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    if not parts.surname:
        found.append(("surname", "required", {}))
    elif _words(f"{parts.surname} {parts.given}") != _words(name):
        found.append(("given", "latin_other_name", {"name": name}))
    for field, text in (("surname", parts.surname), ("given", parts.given)):
        written = getattr(parts, f"{field}_latin")
        fits = _WRITTEN.fullmatch(written) if text else not written
        if not fits or len(written) > LONGEST:
            found.append((f"{field}_latin", "latin_form", {}))
    return found


def _words(name: str) -> list[str]:
    return sorted(unicodedata.normalize("NFC", name).casefold().split())
