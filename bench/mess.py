"""Plants faults into clean lists and sees what the reading of files makes of each of them:
`python -m bench.mess --faults 10000 --seed 1`. Prints JSON and fails when one passed in silence.

recovered: the row is read as it should be; suggested: what is right is proposed, to be confirmed;
named: the row is refused or put to the clerk, with a reason at that column; silent: the row is
taken with something else than what is true; wrong_value: what is proposed is wrong, and once it is
confirmed nothing speaks against it. files: whole files of another form, whose rows must all be
read, or proposed rightly, or which must be refused for the right reason. false_alarms: clean rows
that are not taken as they are.
"""

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from random import Random
from typing import Any, NamedTuple

from app.demo.people import people
from app.imports import rules
from app.imports.actions.table import table_of
from app.imports.kinds import people as kind
from app.imports.kinds.people import Lists, Reading
from app.people.rules import PartialDate, doubts, parse_date
from app.words import Refused
from tests.imports.books import ods, xls
from tests.imports.files import csv, xlsx
from tests.imports.forms import ASKED, FORMS, Form
from tests.imports.mess import FAULTS, FIELDS, TODAY, Fault, Row

LISTS = Lists(TODAY, frozenset(map(str, range(1, 17))))
ROWS = 250  # of a file
SAID = ("name", "dob", "sex", "number", "phone", "address", "group", "guardian_name")
ENDS = ("recovered", "suggested", "named", "silent", "wrong_value")


class Planted(NamedTuple):
    """A row of a file: what stands there, what is true, and the faults between both."""

    cells: Row
    truth: Row
    faults: list[Fault]


class Checked(NamedTuple):
    """What the reading makes of a row; number: in its sheet; twin: it is named as doubled or
    torn."""

    number: int
    cells: dict[str, str]
    said: Reading
    twin: bool


def clean_rows(n: int, seed: int) -> Iterator[Row]:
    """Rows without a fault."""
    chance = Random(f"rows {seed}")
    for at, one in enumerate(people(n, seed, year=TODAY.year), 1):
        born = PartialDate(one.dob_year, one.dob_month, one.dob_day)
        if born.latest() > TODAY:
            continue
        yield {
            "stt": str(at), "name": one.name, "dob": str(born),
            "sex": "Nam" if one.sex == "M" else "Nữ", "group": str(chance.randint(1, 16)),
            "phone": one.phone or "", "number": one.number,
            "address": f"Số {chance.randint(1, 300)}, thôn {chance.randint(1, 9)}",
            "guardian_name": one.mother or "", "note": "",
        }  # fmt: skip


def planted(n: int, seed: int) -> Iterator[Planted]:
    """Rows with `n` faults, each kind about as often, and clean rows between them."""
    chance, times, left = Random(f"faults {seed}"), Counter[str](), n
    for truth in clean_rows(4 * n + 1000, seed):
        wanted = chance.choices((0, 1, 2, 3), (20, 60, 12, 8))[0]
        row = Planted(dict(truth), dict(truth), [])
        for _ in range(min(wanted, left)):
            _plant_rarest(row, truth, times, chance)
        left -= len(row.faults)
        yield row
        if not left:
            return


def _plant_rarest(row: Planted, truth: Row, times: Counter[str], chance: Random) -> None:
    """Plant the fault that came least often of those that suit the row and spoil no field that is
    spoilt already or is needed to notice it."""
    taken = {fault.field for fault in row.faults}
    needed = {fault.witness for fault in row.faults}
    for fault in sorted(FAULTS, key=lambda one: (times[one.kind], chance.random())):
        apart = not taken or (
            fault.field and "" not in taken and fault.field not in taken | needed
            and fault.witness not in taken
        )  # fmt: skip
        spoilt = fault.plant(truth, chance) if apart else None
        if spoilt:
            row.cells.update(spoilt)
            row.truth.update(fault.truth(truth))
            row.faults.append(fault)
            times[fault.kind] += 1
            return


def as_text(cell: Any) -> str:
    """A cell as a spreadsheet writes it into a text file."""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return f"{cell:.0f}" if isinstance(cell, float) else cell.replace("\n", " ")


def as_csv(table: list[list[Any]]) -> bytes:
    return csv([[as_text(cell) for cell in row] for row in table], ";")


KINDS: list[Callable[[list[list[Any]]], bytes]] = [xlsx, as_csv, xls, ods]


def check(data: bytes) -> list[Checked]:
    """What the reading makes of each row that it finds. Raises Refused."""
    table = table_of(data)
    keys = (rules.Key(n, *kind.keys(line.cells, TODAY)) for n, line in enumerate(table.lines))
    doubled, torn = rules.doubles(keys)
    return [
        Checked(line.number, line.cells, kind.read(line.cells, LISTS), n in doubled or n in torn)
        for n, line in enumerate(table.lines)
    ]


def end(fault: Fault, row: Planted, checked: Checked | None) -> str:
    """How a fault ended: one of ENDS."""
    if checked is None:
        return "silent"  # the row is not there at all
    said, field = checked.said, fault.field
    noted = {name for name, _code, _values in said.problems}
    doubted = checked.twin or bool(doubts(said.identity, said.details.guardian_name, TODAY))
    if not field:
        return "named" if noted or doubted else "silent"
    if field in noted:
        return _after(field, row, checked)
    if value(field, said) == true(field, row.truth):
        return "recovered"
    return "named" if doubted else "silent"


def _after(field: str, row: Planted, checked: Checked) -> str:
    """How a fault ends once what is proposed for its column is confirmed."""
    fix = checked.said.fixes.get(field)
    if not fix:
        return "named"
    again = kind.read(checked.cells | {field: fix}, LISTS)
    if value(field, again) == true(field, row.truth):
        return "suggested"
    noted = any(name == field for name, _code, _values in again.problems)
    doubted = doubts(again.identity, again.details.guardian_name, TODAY)
    return "named" if noted or doubted else "wrong_value"


def value(field: str, said: Reading) -> Any:
    """What the row says in a field, in one form."""
    identity, details = said.identity, said.details
    return {
        "name": identity.name.casefold(),
        "dob": identity.dob,
        "sex": identity.sex,
        "number": [one.number for one in said.numbers],
        "phone": details.phone,
        "address": details.address,
        "group": details.priority_group,
        "guardian_name": details.guardian_name,
    }[field]


def true(field: str, truth: Row) -> Any:
    """What is true, in the same form."""
    text = truth[field]
    if field == "dob":
        return parse_date(text, TODAY)
    if field == "number":
        return [text]
    return {"name": text.casefold(), "sex": {"Nam": "M", "Nữ": "F"}.get(text)}.get(field, text)


def is_clean(row: Planted, checked: Checked | None) -> bool:
    """Whether a row without a fault is taken as it is."""
    if not checked or checked.said.problems or checked.twin:
        return False
    if doubts(checked.said.identity, checked.said.details.guardian_name, TODAY):
        return False
    return all(value(f, checked.said) == (true(f, row.truth) or None) for f in SAID)


def is_form_right(form: Form, rows: list[Row]) -> bool:
    """Whether a file of another form ends as it must."""
    try:
        found = check(form.data)
    except Refused as refused:
        return form.ends == refused.reasons[0][1]
    if len(found) != len(rows) + form.twins or sum(one.twin for one in found) < form.twins:
        return False
    return all(_is_as_true(form, row, one) for row, one in zip(rows, found, strict=False))


def _is_as_true(form: Form, row: Row, checked: Checked) -> bool:
    said = checked.said
    if form.ends == ASKED:
        said = kind.read(checked.cells | said.fixes, LISTS)
    fields = [field for field in SAID if row[field]]
    return not said.problems and all(value(f, said) == true(f, row) for f in fields)


def forms(times: int, seed: int) -> dict[str, Counter[str]]:
    """Each form several times: how often it was "right" and how often "wrong"."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    chance = Random(f"forms {seed}")
    people_left = clean_rows(times * len(FORMS) * 14, seed + 1)
    for _ in range(times):
        for name, make in FORMS.items():
            rows = list(islice(people_left, 12))
            tally[name]["right" if is_form_right(make(rows, chance), rows) else "wrong"] += 1
    return tally


def run(n: int, seed: int) -> dict[str, Any]:
    """Plant `n` faults, of which some are whole files of another form, and count how they end."""
    began = time.perf_counter()
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    seen: list[str] = []
    clean = alarms = 0
    times = max(1, n // 40 // len(FORMS))
    formed = forms(times, seed)
    rows = list(planted(n - times * len(FORMS), seed))
    for at in range(0, len(rows), ROWS):
        part = rows[at : at + ROWS]
        table = [list(FIELDS.values()), *([row.cells[f] for f in FIELDS] for row in part)]
        make = KINDS[at // ROWS % len(KINDS)]
        found = {one.number: one for one in check(make(table))}
        for number, row in enumerate(part, 2):
            for fault in row.faults:
                ended = end(fault, row, found.get(number))
                tally[fault.kind][ended] += 1
                if ended in ("silent", "wrong_value"):
                    seen.append(
                        f"{make.__name__}, {fault.kind}: {row.cells[fault.field or 'name']!r}"
                    )
            if not row.faults:
                clean += 1
                if not is_clean(row, found.get(number)):
                    alarms += 1
                    seen.append(f"{make.__name__}, clean: {row.cells}")
    total = sum(tally.values(), Counter[str]())
    files = sum(formed.values(), Counter[str]())
    return {
        "seed": seed, "faults": total.total() + files.total(), "kinds": len(tally) + len(formed),
        "rows": len(rows), **{name: total[name] for name in ENDS}, "files_right": files["right"],
        "files_wrong": files["wrong"], "clean_rows": clean, "false_alarms": alarms,
        "seconds": round(time.perf_counter() - began, 1), "passed": seen[:50],
        "by_kind": {name: dict(ends) for name, ends in (formed | tally).items()},
    }  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--faults", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    found = run(given.faults, given.seed)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 1 if found["silent"] or found["wrong_value"] or found["files_wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
