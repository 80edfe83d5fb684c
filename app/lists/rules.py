"""What stands in each list, how much of a number it shows, and who lives in which hamlet. Pure."""

import re
import unicodedata
from functools import cache
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """columns: in their order (the words say "col_…" of each); wide: A4 across."""

    columns: tuple[str, ...]
    wide: bool = True


# Numbers are shown by their ends unless the list is there to compare them, telephones unless it is
# there to call people (domain 6.3): number4 and phone3 are ends, number and phone are whole.
OF_SESSION = {
    "session": Kind(
        ("no", "name", "born", "sex", "number4", "phone3", "address", "hour", "note", "sign")
    ),
    "invitation": Kind(
        ("row", "no", "name", "born", "sex", "phone", "hour", "told", "sign"), wide=False
    ),
}
OF_UNIT = {
    "due": Kind(("row", "name", "born", "sex", "phone", "address", "last", "next", "due", "told")),
    "absent": Kind(("row", "name", "born", "sex", "phone", "address", "expected", "why", "told")),
}
# CV 8938/BYT-DP, CV 2262/BYT-CNTT: the police compares and signs, the station types it back.
OF_RUN = {
    "police": Kind(
        ("row", "code", "name", "born", "sex", "number", "address", "doubt", "right", "wrong",
         "correct")
    ),
    "paper": Kind(
        ("row", "code", "no", "name", "born", "sex", "queue", "consent", "temperature",
         "conclusion", "lot", "given", "injected", "until")
    ),
}  # fmt: skip
KINDS = OF_SESSION | OF_UNIT | OF_RUN

BOX = "☐"
# Filled in by hand; what is empty in a spreadsheet has a box on paper.
BOXES = ("told", "right", "wrong", "consent")
BY_HAND = (*BOXES, "sign", "why", "correct", "queue", "temperature", "lot", "given", "injected",
           "until")  # fmt: skip
MOST_BLANK = 200


class Line(NamedTuple):
    """A person on a list. number, phone: whole; no: on the list of the session; hour: for which
    they were called; place: the hamlet; the other texts are for one kind of list each."""

    name: str = ""
    born: str = ""
    sex: str = ""
    number: str = ""
    phone: str = ""
    address: str = ""
    place: str = ""
    no: Any = ""
    hour: str = ""
    note: str = ""
    code: str = ""
    doubt: str = ""
    last: str = ""
    next: str = ""
    due: Any = ""
    expected: str = ""
    conclusion: str = ""


def on_screen(kind: str) -> list[str]:
    """The columns of a list that is only looked at: nothing to fill in, and no whole number of a
    document."""
    left = [one for one in KINDS[kind].columns if one not in (*BY_HAND, "row", "code")]
    return ["number4" if one == "number" else one for one in left]


def ending(number: str, signs: int) -> str:
    """The end of a number, enough to tell people apart: "…0123"; "" without a number."""
    return f"…{number[-signs:]}" if len(number) > signs else "…" * bool(number)


def cell(line: Line, column: str, row: int, on_paper: bool = True) -> Any:
    """What stands in a column; row: the place on the list, from 1."""
    if column in BY_HAND:
        return BOX if on_paper and column in BOXES else ""
    shown = {
        "row": lambda: row,
        "number4": lambda: ending(line.number, 4),
        "phone3": lambda: ending(line.phone, 3),
    }
    return shown[column]() if column in shown else getattr(line, column)


# What begins the name of a hamlet, a village or a street group. Streets begin with such words too
# ("Đội Cấn", "Tô Hiến Thành"): some kinds must have a number, and marks count where there are any.
_NAMED = ("thôn", "ấp", "bản", "buôn", "bon", "làng", "xóm", "khóm", "sóc", "phum", "plei",
          "khu phố", "khu dân cư", "tiểu khu", "khu", "tổ dân phố", "cụm dân cư")  # fmt: skip
_NUMBERED = ("tổ", "đội", "cụm")
_SHORT = {"kp": "Khu phố", "tdp": "Tổ dân phố", "kdc": "Khu dân cư", "tk": "Tiểu khu"}
_COMMUNE = re.compile(r" (?:xã|phường|thị trấn) ", re.IGNORECASE)


def hamlet(address: str) -> str:
    """The hamlet that an address begins with, spelt in one way: "thôn 03, xã Ea Kao" → "Thôn 3";
    "" when it begins with something else."""
    first = " ".join(_COMMUNE.split(f"{address.partition(',')[0]} ")[0].split())
    short = re.match(r"([A-Za-z]+)[. ]*(?=\d)", first)
    if short and short[1].lower() in _SHORT:
        first = f"{_SHORT[short[1].lower()]} {first[short.end() :]}"
    found = _kinds(first.isascii()).match(first)
    if not found:
        return ""
    words = [_spelt(word) for word in first[found.end() :].split()]
    return " ".join([found[0].strip().capitalize(), *words])


@cache
def _kinds(without_marks: bool) -> re.Pattern[str]:
    spell = bare if without_marks else str
    named, numbered = ("|".join(map(spell, words)) for words in (_NAMED, _NUMBERED))
    return re.compile(rf"(?:{named}) +(?=\S)|(?:{numbered}) +(?=\d)", re.IGNORECASE)


def _spelt(word: str) -> str:
    if word[0].isdigit():
        return word.lstrip("0").upper() or "0"
    return word.upper() if set(word.upper()) <= set("IVX") else word[0].upper() + word[1:].lower()


def in_order(hamlet: str) -> list[str]:
    """The words of a hamlet so that numbers stand in the order of numbers: Thôn 2, Thôn 10."""
    return [re.sub(r"\d+", lambda digits: digits[0].zfill(4), word) for word in hamlet.split()]


def bare(text: str) -> str:
    """The letters without their marks."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))
