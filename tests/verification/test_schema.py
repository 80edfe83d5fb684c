"""Our own check of the content against jsonschema with the EU's schema, over the vectors and
everything that can be changed in them. Where the two differ, the reason has a name."""

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest

from app.certificates.envelope import Fault, unpack
from app.verification import rules
from tests.certificates.texts import CONTENT
from tests.verification import vectors
from tests.verification.test_verifier import BASE, ICVP_CONTENT, RECOVERY, TEST

DATES = ("dt", "sc", "fr", "df", "du")
VALUES: tuple[Any, ...] = (
    None, "", "x", "x" * 80, "x" * 81, "X" * 80, "X" * 81, 0, 1, -1, 2**63, 1.0, 1.5, True, [], {},
    [None], [{}], "2021-11-02", "2021-11-02T10:00:00Z", "2021-11-02 10:00", "2021-11", "2021-02-30",
    "20211102", "2021-W44-2", "1899-01-01", "2100", "1950", "1950-07", "1950-07-01T00:00:00", "1.3",
    "1.3.0", "1a3b0", "1.3.0\n", "../..", "AT", "at", "A1", "NGUYEN<VAN", "Nguyen", "NGUYEN\n",
    "840539006", b"bytes",
)  # fmt: skip


@pytest.fixture(scope="module")
def strict() -> jsonschema.Draft202012Validator:
    vectors.needed()
    file = vectors.FOLDER / "dcc-schema" / "DCC.combined-schema-1.3.0.json"
    return jsonschema.Draft202012Validator(json.loads(file.read_text()))


def differences(content: Any) -> set[str]:
    """The reasons why we and the schema may differ about this content."""
    found = set()
    if not isinstance(content, dict):
        return found
    groups = [content.get(one) for one in "vtr"]
    entries = [one[0] for one in groups if isinstance(one, list) and one]
    entries = [one for one in entries if isinstance(one, dict)]
    name = content.get("nam") if isinstance(content.get("nam"), dict) else {}
    if any(one in content and content[one] in (None, []) for one in "vtr"):
        found.add("lenient: an empty group is none")
    if None in [*name.values(), *(v for one in entries for v in one.values())]:
        found.add("lenient: null is left out")
    if re.match(r"(19|20)\d\d(-\d\d)*[T ]", str(content.get("dob"))):
        found.add("lenient: a time behind the birth date")
    if "fnt" not in name and "gnt" in name:
        found.add("lenient: gnt is enough (1.3.2)")
    if not re.fullmatch(r"\d+\.\d+\.\d+", str(content.get("ver"))):
        found.add("strict: a version has points")
    if any(not re.fullmatch("[A-Z]{1,10}", str(one.get("co"))) for one in entries):
        found.add("strict: a country is all letters")
    if any(not _is_day(one[key]) for one in entries for key in DATES if key in one):
        found.add("strict: a date is a date")
    if any(isinstance(one.get(key), float) for one in entries for key in ("dn", "sd")):
        found.add("strict: doses are whole numbers")
    if any(str(one).endswith("\n") for one in name.values()):
        found.add("strict: no line end behind a name")
    return found


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        return False
    return bool(re.match(r"\d{4}-\d\d-\d\d([T ]|$)", str(value)))


def changed(content: dict) -> Iterator[dict]:
    """The content, and with each thing in it left out or replaced by each value."""
    yield content
    for path in _paths(content):
        for value in ("left out", *VALUES):
            other = copy.deepcopy(content)
            holder: Any = other
            for step in path[:-1]:
                holder = holder[step]
            if value == "left out":
                del holder[path[-1]]
            else:
                holder[path[-1]] = value
            yield other
    for extra in ({"v": CONTENT["v"]}, {"t": [TEST]}, {"r": [RECOVERY]}, {"x": 1}):
        yield content | extra
    for one in "vtr":
        if one in content:
            yield content | {one: content[one] * 2}


def _paths(value: Any, path: tuple = ()) -> Iterator[tuple]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    if isinstance(value, dict | list):
        for key, one in items:
            yield from _paths(one, (*path, key)) if isinstance(one, dict | list) else [(*path, key)]


def contents() -> Iterator[dict]:
    """Those of the vectors, and one for each group with all that it may have."""
    for path in vectors.files():
        try:
            yield unpack(vectors.load(path).text).claims[-260][1]
        except Fault:
            continue
    yield CONTENT
    yield BASE | {"t": [TEST | {"nm": "x", "ma": "1", "tc": "x"}]}
    yield BASE | {"r": [RECOVERY]}


def test_our_check_is_the_schema_but_for_what_is_named(strict):
    names: Counter[str] = Counter()
    verdicts: Counter[bool] = Counter()
    originals = list(contents())
    for content in originals + [one for last in originals[-3:] for one in changed(last)]:
        ours, theirs = rules.dcc_fits(content), strict.is_valid(content)
        verdicts[ours] += 1
        if ours != theirs:
            kind = "lenient" if ours else "strict"
            reasons = {one for one in differences(content) if one.startswith(kind)}
            assert reasons, content
            names.update(reasons)
    assert len(names) == 9, "a difference that is named and never seen"
    assert verdicts[True] > 300 and verdicts[False] > 900


def test_all_real_contents_fit_but_those_made_wrong():
    vectors.needed()
    wrong = [vectors.name(path) for path in vectors.files() if not _fits(vectors.load(path).text)]
    assert wrong == ["common/DGC1", "common/DGC2"]


def _fits(text: str) -> bool:
    try:
        return rules.dcc_fits(unpack(text).claims[-260][1])
    except Fault:
        return True


@pytest.mark.parametrize("group", "vtr")
def test_the_group_of_a_certificate(group):
    entry = {"v": CONTENT["v"][0], "t": TEST, "r": RECOVERY}[group]
    assert rules.group(BASE | {group: [entry]}) == group
    assert rules.group(BASE) == rules.group(None) == rules.group([]) == ""
    assert rules.group(BASE | {"v": [1], "t": [1]}) == ""


def test_the_certificate_of_who():
    assert rules.icvp_fits(ICVP_CONTENT)
    assert rules.icvp_fits({"n": "A", "v": {"tg": "RA01", "dt": "2021-11-02", "dn": 1, "is": None}})
    for wrong in ({}, None, [], "x", {"n": "A"}, {"n": 1, "v": ICVP_CONTENT["v"]},
                  {"n": "A", "v": [ICVP_CONTENT["v"]]}, ICVP_CONTENT | {"v": {"tg": "RA01"}},
                  ICVP_CONTENT | {"dob": 1985}, ICVP_CONTENT | {"s": 1},
                  ICVP_CONTENT | {"v": ICVP_CONTENT["v"] | {"dn": 0}},
                  ICVP_CONTENT | {"v": ICVP_CONTENT["v"] | {"dt": "yesterday"}}):  # fmt: skip
        assert not rules.icvp_fits(wrong)
