"""What a certificate says, as far as people compare it with an identity card. Pure.

It may come from anywhere and have any shape, so nothing is taken for granted.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.verification.rules.schema import group

LONGEST = 100
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:[T ].*)?", re.ASCII)
# Where the day of a vaccination, of a test, and of the first positive test stand.
_DAY = {"v": "dt", "t": "sc", "r": "fr"}


class Told(NamedTuple):
    """kind: "v" (vaccination), "t" (test), "r" (recovery), "icvp" or "". latin: the name as in
    the machine-readable lines of a passport. dose: "2/2". product: its code. day: of the
    vaccination. Days as they are written here, whole or in part."""

    kind: str = ""
    name: str = ""
    latin: str = ""
    born: str = ""
    dose: str = ""
    product: str = ""
    day: str = ""
    country: str = ""
    issuer: str = ""


def told(dcc: Any, icvp: Any) -> Told:
    """What the content of one of the two says; the other is None."""
    return _dcc(_map(dcc)) if dcc is not None else _icvp(_map(icvp))


def _dcc(content: Mapping[Any, Any]) -> Told:
    kind = group(content)
    name, entry = _map(content.get("nam")), _first(content.get(kind))
    dose = "/".join(filter(None, [_text(entry.get("dn")), _text(entry.get("sd"))]))
    return Told(
        kind, _joined(name, "fn", "gn"), _joined(name, "fnt", "gnt").replace("<", " "),
        _day(content.get("dob")), dose, _text(entry.get("mp")), _day(entry.get(_DAY.get(kind))),
        _text(entry.get("co")), _text(entry.get("is")),
    )  # fmt: skip


def _icvp(content: Mapping[Any, Any]) -> Told:
    entry = _map(content.get("v"))
    return Told(
        "icvp", _text(content.get("n")), "", _day(content.get("dob")), _text(entry.get("dn")),
        _text(entry.get("mp") or entry.get("vp")), _day(entry.get("dt")),
        _text(entry.get("cn")), _text(entry.get("is")),
    )  # fmt: skip


def _map(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(value: Any) -> Mapping[Any, Any]:
    return _map(value[0]) if isinstance(value, list) and value else {}


def _text(value: Any) -> str:
    """A short text or a number, without what would turn the words around it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and abs(value) > 10**9:
        return ""
    return "".join(sign for sign in str(value)[:LONGEST] if sign.isprintable())


def _joined(name: Mapping[Any, Any], *parts: str) -> str:
    return " ".join(filter(None, (_text(name.get(part)) for part in parts)))


def _day(value: Any) -> str:
    """dd/mm/yyyy, mm/yyyy or yyyy; what is no date stays as it is."""
    text = _text(value)
    found = _DATE.fullmatch(text)
    return "/".join(part for part in reversed(found.groups()) if part) if found else text
