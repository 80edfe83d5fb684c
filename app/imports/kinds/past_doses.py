"""A list of doses that were given before (hồi cứu): who had which vaccine, when and where."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from app.amendments.actions import Elsewhere
from app.imports.kinds import people
from app.imports.kinds.headings import PAST
from app.imports.kinds.row import is_ditto
from app.people import rules
from app.people.rules import Identity, Number, Unfit
from app.vaccines import rules as vaccines
from app.vaccines.rules import Product

WHO = ("name", "dob", "sex", "number")
REQUIRED = ("number", "product", "given_on", "dose", "place")
REACTION = "Phản ứng sau tiêm"
MOST = {"lot_number": 30, "place": 150, "reaction": 100}
# How papers call them, folded and without the words that all have.
OTHER_NAMES = {
    "ASTRAZENECA": "astrazeneca|astra zeneca|az|azd1222|covishield",
    "COMIRNATY": "pfizer|pfizer biontech|comirnaty pfizer|pfizer comirnaty",
    "SPIKEVAX": "moderna|spikevax moderna|moderna spikevax",
    "VERO_CELL": "verocell|sinopharm|sinopharm vero cell|vero cell sinopharm|bibp",
    "SPUTNIK_V": "sputnik|gam vac",
    "JANSSEN": "johnson johnson|johnson|j j",
}
_EVERY = frozenset(re.findall(r"\S+", "vac xin vacxin vaccine phong covid 19 inactivated"))
_DOSE_WORDS = frozenset(re.findall(r"\S+", "mui lieu lan thu so co ban bo sung nhac lai tiem"))


class Reading(NamedTuple):
    """What a row says; without problems (field, reason code, values) all of it holds. The dose
    lacks the proof, which is said once for the file."""

    problems: list[tuple[str, str, dict[str, Any]]]
    identity: Identity
    numbers: tuple[Number, ...]
    dose: Elsewhere
    reaction: str


def read(cells: Mapping[str, str], today: date, products: Mapping[str, Product]) -> Reading:
    """What the cells (field → text) say. Never raises."""
    said = people.read(cells, people.Lists(today, ()))
    row = _Cells(cells)
    row.problems += [one for one in said.problems if one[0] in (*WHO, "number_2", "bhyt")]
    # The number tells it as well.
    row.problems = [one for one in row.problems if one[:2] != ("sex", "sex_from_number")]
    if not said.numbers and not any(one[0] == "number" for one in row.problems):
        row.problems.append(("number", "required", {}))
    code = row.read("product", lambda text: product(text, products), "")
    kind, seq = row.read("dose", lambda text: ordinal(text, products.get(code)), ("", 0))
    dose = Elsewhere(
        code, row.read("given_on", lambda text: _day(text, today), today), kind, seq,
        row.read("lot_number", _line("lot_number"), ""), row.read("place", _line("place"), ""),
        "", "", "",
    )  # fmt: skip
    reaction = row.read("reaction", _line("reaction"), "")
    return Reading(row.problems, said.identity, said.numbers, dose, reaction)


class _Cells:
    """The cells about the dose, and what is wrong with them."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = cells
        self.problems: list[tuple[str, str, dict[str, Any]]] = []

    def read(self, field: str, how: Callable[[str], Any], empty: Any) -> Any:
        text = self.cells.get(field, "").strip()
        try:
            if text and is_ditto(text):
                raise Unfit("ditto")
            if not text and field in REQUIRED:
                raise Unfit("required")
            return how(text) if text else empty
        except Unfit as unfit:
            values = {"most": MOST[field]} if unfit.code == "too_long" else {}
            self.problems.append((field, unfit.code, values))
            return empty


def product(text: str, products: Mapping[str, Product]) -> str:
    """The code of a vaccine by what it is called. Raises Unfit product_unknown."""
    plain = _plain(text)
    for code, known in products.items():
        name, _, beside = known.name.partition(" (")
        names = {_plain(one) for one in (code.replace("_", " "), known.name, name, beside)}
        names |= set(OTHER_NAMES.get(code, "").split("|"))
        if plain and plain in names:
            return code
    raise Unfit("product_unknown")


def _plain(text: str) -> str:
    return " ".join(word for word in rules.fold(text[:200]).split() if word not in _EVERY)


def ordinal(text: str, given: Product | None) -> tuple[str, int]:
    """Which dose: "2", "Mũi 2", "Bổ sung 1", "Nhắc lại lần 1", as (kind, number). Raises Unfit
    dose_form, and dose_kind where a number alone may be of several kinds (CV 10225/BYT-DP)."""
    words = re.findall(r"[a-z]+|[0-9]+", rules.fold(text[:100]))
    digits = [word for word in words if word.isdecimal()]
    if len(digits) != 1 or len(digits[0]) > 2 or not set(words) - set(digits) <= _DOSE_WORDS:
        raise Unfit("dose_form")
    seq = int(digits[0])
    kinds = {"sung": vaccines.BO_SUNG, "nhac": vaccines.NHAC_LAI, "ban": vaccines.CO_BAN}
    for word, kind in kinds.items():
        if word in words:
            return kind, seq
    if given and seq > given.base_doses:
        raise Unfit("dose_kind")
    return vaccines.CO_BAN, seq


def _day(text: str, today: date) -> date:
    day = people.birth(text, today)
    if not day.day:
        raise Unfit("date_day_missing")
    return day.earliest()


def _line(field: str) -> Callable[[str], str]:
    def read_line(text: str) -> str:
        line = rules.clean(text)
        if len(line) > MOST[field]:
            raise Unfit("too_long")
        return line

    return read_line


def key(cells: Mapping[str, str], today: date) -> tuple[str, date] | None:
    """By what an earlier row with the same dose is noticed: number and day; None without one."""
    number = people.keys(cells, today)[0]
    with suppress(Unfit):
        return (number, _day(cells.get("given_on", ""), today)) if number else None
    return None


def missing(columns: list[tuple[str, str]]) -> list[str]:
    """The headings that a list of doses lacks, besides those of any list of people."""
    found = {field for field, _text in columns}
    known = PAST | {"number": "CMND/CCCD/Hộ chiếu (*)"}
    return [known[field] for field in REQUIRED if field not in found]
