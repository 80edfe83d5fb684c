"""The shape of what a certificate says: EU schema 1.3.0 to 1.3.3, and WHO's ICVP. Pure.

Lenient where real certificates are: a time behind a date, null for what is left out, groups that
are empty. Certificates of our own are checked strictly before they are signed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

Check = Callable[[Any], bool]

_VERSION = re.compile(r"[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}")
_BORN = re.compile(r"((19|20)[0-9]{2}(-[0-9]{2}){0,2}([T ].{0,40})?)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LATIN = re.compile(r"[A-Z<]*")
_COUNTRY = re.compile(r"[A-Z]{1,10}")
LONGEST = 80


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


def _latin(value: Any) -> bool:
    return _short(value) and bool(_LATIN.fullmatch(value))


def _country(value: Any) -> bool:
    return isinstance(value, str) and bool(_COUNTRY.fullmatch(value))


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _born(value: Any) -> bool:
    return isinstance(value, str) and bool(_BORN.fullmatch(value))


def _version(value: Any) -> bool:
    return isinstance(value, str) and bool(_VERSION.fullmatch(value))


def _day(value: Any) -> bool:
    """A date, or a moment that begins with one."""
    if not isinstance(value, str) or value[10:11] not in ("", "T", " "):
        return False
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return bool(_DAY.fullmatch(value[:10]))  # not 20211102 nor 2021-W44-2


def _has(content: Any, needed: Mapping[str, Check], others: Mapping[str, Check]) -> bool:
    """Whether `content` has what is needed, and nothing wrong where the others are given."""
    if not isinstance(content, Mapping):
        return False
    for name, check in needed.items():  # loops, because this is asked for every code
        if not check(content.get(name)):
            return False
    for name, check in others.items():
        if content.get(name) is not None and not check(content[name]):
            return False
    return True


_ANY: dict[str, Check] = {"tg": _text, "co": _country, "is": _short, "ci": _short}
_ENTRIES: dict[str, tuple[dict[str, Check], dict[str, Check]]] = {
    "v": (_ANY | {"vp": _text, "mp": _text, "ma": _text, "dn": _count, "sd": _count, "dt": _day},
          {}),
    "t": (_ANY | {"tt": _text, "sc": _day, "tr": _text},
          {"nm": _short, "ma": _text, "tc": _short}),
    "r": (_ANY | {"fr": _day, "df": _day, "du": _day}, {}),
}  # fmt: skip
_NAMES: dict[str, Check] = {"fn": _short, "fnt": _latin, "gn": _short, "gnt": _latin}
_OF_ICVP: dict[str, Check] = {
    "dob": _born, "s": _text, "ntl": _text, "nid": _text, "gn": _text,
}  # fmt: skip
_IN_ICVP: dict[str, Check] = {
    "tg": _text, "vp": _text, "mp": _text, "ma": _text, "mid": _text, "bo": _text, "vls": _day,
    "vle": _day, "cn": _text, "is": _text,
}  # fmt: skip


def group(content: Any) -> str:
    """Which one of "v" (vaccination), "t" (test) and "r" (recovery) a DCC has; "" when none, or
    several."""
    if not isinstance(content, Mapping):
        return ""
    given = [one for one in _ENTRIES if content.get(one) not in (None, [], ())]
    return given[0] if len(given) == 1 else ""


def dcc_fits(content: Any) -> bool:
    """Whether a DCC is of schema 1.3: a name, a birth date, and exactly one entry of one group."""
    which = group(content)
    if not which or not _has(content, {"ver": _version, "nam": _name, "dob": _born}, {}):
        return False
    entries = content[which]
    if not isinstance(entries, Sequence) or isinstance(entries, str | bytes) or len(entries) != 1:
        return False
    return _has(entries[0], *_ENTRIES[which])


def _name(value: Any) -> bool:
    # 1.3.0 wants fnt; since 1.3.2 one of the two is enough.
    return _has(value, {}, _NAMES) and (
        value.get("fnt") is not None or value.get("gnt") is not None
    )


def icvp_fits(content: Any) -> bool:
    """Whether WHO's certificate names a person and one vaccination with its date and vaccine."""
    return _has(content, {"n": _text, "v": _vaccinated}, _OF_ICVP)


def _vaccinated(value: Any) -> bool:
    # Its first drafts had disease and dose; now the product alone says it (smart.who.int/icvp 0.3).
    return (
        _has(value, {"dt": _day}, _IN_ICVP)
        and (value.get("tg") is not None or value.get("vp") is not None)
        and (value.get("dn") is None or _count(value["dn"]) or _text(value["dn"]))
    )
