"""Communes and countries looked up by their names, as people type them and as cards print them."""

import re
from functools import cache
from typing import NamedTuple

from app.people import rules
from app.units.models import name_of, reference

NEW, OLD = "vn34", "vn63"
MOST = 8

# "P. Bến Thành, Q.1, TP.HCM"
_SHORT = {"p": "phuong", "q": "quan", "x": "xa", "h": "huyen", "tx": "thi xa", "tt": "thi tran",
          "tp": "thanh pho", "t": "tinh"}  # fmt: skip
_CITY = {"hcm": "ho chi minh", "tphcm": "thanh pho ho chi minh", "tphn": "thanh pho ha noi"}


class _Commune(NamedTuple):
    value: str  # "vn34:00004"
    label: str
    key: str  # the folded label with a space at both ends
    names: tuple[str, str]  # folded, with and without its kind: "phuong ba dinh", "ba dinh"


def communes(text: str) -> list[tuple[str, str]]:
    """The communes that `text` may mean, as ("vn34:00004", "Phường Ba Đình, Thành phố Hà Nội"),
    of the present scheme, or where that has none of the one until 30/06/2025. `text` names the
    commune and perhaps what lies above it, parted by commas. At most MOST; [] for nonsense."""
    parts = [_spelt(part) for part in text[:200].split(",")]
    parts = [part for part in parts if part]
    if not parts:
        return []
    found = _named(NEW, parts) or _named(OLD, parts)
    return [(one.value, one.label) for one in found[:MOST]]


def commune_on_card(address: str) -> tuple[str, str, str]:
    """The commune in which an address of a card lies, when its end names exactly one: (value,
    label, what stands before it), otherwise ("", "", address).

    Old cards have three names from commune to province, those since 01/07/2025 two. Three say
    more: "Đông Hội, Đông Anh, Hà Nội" lies in the old district, not the new commune, Đông Anh.
    """
    parts = [part.strip() for part in address.split(",")]
    for scheme, names in ((OLD, 3), (NEW, 2)):
        spelt = [_spelt(part) for part in parts[-names:]]
        found = _named(scheme, spelt) if len(parts) >= names and all(spelt) else []
        if len(found) == 1:
            return found[0].value, found[0].label, ", ".join(parts[:-names])
    return "", "", address


def commune_label(scheme: str | None, code: str | None) -> str:
    """The name of a commune with what lies above it; "" when there is no such commune."""
    return _labels().get(f"{scheme}:{code}", "")


@cache
def _labels() -> dict[str, str]:
    return {one.value: one.label for scheme in (NEW, OLD) for one in _all(scheme)}


def country(text: str) -> str:
    """The code of a country by its name in Vietnamese or English, or by the code itself; "" when
    there is none."""
    return _countries().get(rules.fold(text), "")


def country_name(code: str) -> str:
    """The name of a country as the reader says it; the code itself when it is in no list."""
    return next((name_of(row) for row in reference("countries") if row["code"] == code), code)


@cache
def _countries() -> dict[str, str]:
    # What everybody calls them, beside the official names.
    found = {"my": "US", "anh": "GB"}
    for row in reference("countries"):
        for name in (row["code"], row["name"], row["name_en"]):
            found.setdefault(rules.fold(name), row["code"])
    return found


def _named(scheme: str, parts: list[str]) -> list[_Commune]:
    """Those whose label has every part in it; where some have the very name, only these."""
    found = [one for one in _all(scheme) if all(f" {part} " in one.key for part in parts)]
    exact = [one for one in found if parts[0] in one.names]
    return exact or found


def _spelt(part: str) -> str:
    words = [_CITY.get(word, word) for word in rules.fold(part).split()]
    if len(words) > 1 or re.fullmatch(r"[pq]\d+", words[0] if words else ""):
        words = re.sub(r"^([pq])(\d+)$", r"\1 \2", words[0]).split() + words[1:]
        words[0] = _SHORT.get(words[0], words[0])
    return " ".join(words)


@cache
def _all(scheme: str) -> tuple[_Commune, ...]:
    rows = {row["code"]: row for row in reference(f"areas_{scheme}")}
    return tuple(
        _Commune(f"{scheme}:{code}", label, f" {rules.fold(label)} ", _names(row["name"]))
        for code, row in rows.items()
        if row["level"] == "commune"
        for label in [_label(row, rows)]
    )


def _label(row: dict[str, str], rows: dict[str, dict[str, str]]) -> str:
    above = rows.get(row["parent_code"])
    return f"{row['name']}, {_label(above, rows)}" if above else row["name"]


def _names(name: str) -> tuple[str, str]:
    whole = rules.fold(name)
    return whole, re.sub("^(phuong|xa|thi tran|dac khu) ", "", whole)
