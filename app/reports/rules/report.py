"""The daily report (QĐ 3588/QĐ-BYT, phụ lục 5): its lines from the records, its columns from the
layout, whether it was sent in time, and what changed since. Pure."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil
from typing import Any, NamedTuple

from app.reports.rules.count import OUTCOMES, Records

# TT 13/2026/TT-BYT: in a campaign the report of a day is due at 17:00 of that day.
DUE = timedelta(hours=17)
# How a visit may end; the subjects of a day are the people of these visits.
ENDS = ("referred", "refused", "delayed", "contraindicated", "vaccinated")
# What is worked out from other numbers, or said in words only, is no change of its own.
UNCOMPARED = ("used", "late_hours")
_OUTCOME_OF = {state: name for name, states in OUTCOMES.items() for state in states}
_SIGN = re.compile(r'"(\w+)"')

Numbers = Mapping[str, int]
"""What is counted: the names of the columns, ENDS, "left", "waiting", doses ("CO_BAN 1"), people
with signs of a group ("sign fever"), "late", "late_hours"."""


class Column(NamedTuple):
    """A column as the layout has it (see vaccines.rules.Column)."""

    what: str
    heads: Sequence[str]
    kind: str = ""
    seq: int | None = None
    signs: Sequence[str] = ()

    @property
    def key(self) -> str:
        """The number behind a column of signs or counts."""
        return f"sign {' '.join(self.signs)}" if self.what == "sign" else self.what


class Line(NamedTuple):
    """What a unit did with a product (code and name, "" when no product is known)."""

    unit: int
    place: str
    round: str
    product: str
    name: str
    numbers: Numbers


class Case(NamedTuple):
    """A serious event after a dose (product: its name). Who it was is looked up when shown."""

    reaction: int
    visit: int
    place: str
    product: str
    lot: str
    expires: str
    given: str
    noted: str
    signs: Sequence[str]


class Report(NamedTuple):
    """The report of a unit on a day, with all that its paper says; kept as it was when sent.
    started: the first day on which somebody was received, "" for none; open: sessions that were
    not closed; layout: the id of the stored layout."""

    unit: str
    above: str
    started: str
    layout: int
    title: str
    part_a: str
    part_b: str
    footnotes: Sequence[str]
    columns: Sequence[Column]
    lines: Sequence[Line]
    cases: Sequence[Case]
    open: int

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        parts = ("columns", "lines", "cases")
        return self._asdict() | {
            name: [row._asdict() for row in getattr(self, name)] for name in parts
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Report":
        """What was kept."""
        return cls(
            **{
                **kept,
                "columns": [Column(**row) for row in kept["columns"]],
                "lines": [Line(**row) for row in kept["lines"]],
                "cases": [Case(**row) for row in kept["cases"]],
            }
        )


def lines(
    found: Records, columns: Iterable[Column], used_with_wasted: bool
) -> dict[tuple[int, str], dict[str, int]]:
    """(row, product) → numbers. Who was not vaccinated is counted with the product that was
    planned for the session, so that every line adds up."""
    made: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    _count_visits(made, found)
    for row, product, doses in found.wasted:
        made[row, product]["wasted"] += int(doses)
    _count_signs(made, found, [column for column in columns if column.what == "sign"])
    for numbers in made.values():
        numbers["used"] = numbers["vaccinated"] + used_with_wasted * numbers["wasted"]
    kept = {key: {k: n for k, n in sorted(numbers.items()) if n} for key, numbers in made.items()}
    return {key: numbers for key, numbers in kept.items() if numbers}


def _count_visits(made: dict[tuple[int, str], Counter[str]], found: Records) -> None:
    without_dose: Counter[int] = Counter()
    for row, state, product, visits in found.visits:
        name = _OUTCOME_OF.get(state)
        if name == "vaccinated":
            without_dose[row] += visits
        elif name:
            made[row, product][name] += visits
            made[row, product]["received"] += visits if name in ENDS else 0
    for row, kind, seq, product, doses, late, hours in found.doses:
        line = made[row, product]
        line.update({"received": doses, "vaccinated": doses, f"{kind} {seq}": doses, "late": late})
        line["late_hours"] = max(line["late_hours"], ceil(hours))
        without_dose[row] -= doses
    # A vaccinated visit without its dose is no line that adds up, and must be seen.
    for row, visits in without_dose.items():
        made[row, ""]["received"] += visits


def _count_signs(
    made: dict[tuple[int, str], Counter[str]], found: Records, groups: list[Column]
) -> None:
    named = {sign for group in groups for sign in group.signs}
    for row, product, serious, text, people in found.reactions:
        line, signs = made[row, product], set(_SIGN.findall(text))
        line["serious" if serious else "ordinary"] += people
        for group in groups if not serious else ():
            meant = signs & set(group.signs) if group.signs else signs - named
            line[group.key] += people if meant else 0


def total_of(rows: Iterable[Numbers]) -> dict[str, int]:
    """The sum of several lines; of the latest entry the latest."""
    rows, found = list(rows), Counter[str]()
    for numbers in rows:
        found.update(numbers)
    found["late_hours"] = max((numbers.get("late_hours", 0) for numbers in rows), default=0)
    return dict(found)


def adds_up(numbers: Numbers) -> bool:
    """Số đối tượng = chuyển bệnh viện + không đồng ý + hoãn + chống chỉ định + tiêm được."""
    return numbers.get("received", 0) == sum(numbers.get(name, 0) for name in ENDS)


def value(column: Column, columns: Iterable[Column], numbers: Numbers) -> int:
    """The number that stands in a column."""
    if column.what != "dose":
        return numbers.get(column.key, 0)
    if column.kind:
        return sum(n for name, n in _doses(numbers) if _meant(column, name))
    others = [one for one in columns if one.what == "dose" and one.kind]
    rest = [n for name, n in _doses(numbers) if not any(_meant(one, name) for one in others)]
    return sum(rest)


def _doses(numbers: Numbers) -> Iterator[tuple[str, int]]:
    return ((name, n) for name, n in numbers.items() if name[0].isupper())


def _meant(column: Column, name: str) -> bool:
    kind, seq = name.split()
    return kind == column.kind and column.seq in (None, int(seq))


def shown_columns(report: Report) -> list[Column]:
    """The columns of the layout; the one for other doses only where there are such doses."""
    everything = total_of(line.numbers for line in report.lines)
    return [
        column
        for column in report.columns
        if column.what != "dose" or column.kind or value(column, report.columns, everything)
    ]


class Head(NamedTuple):
    """A heading over so many columns and so many lines."""

    text: str
    columns: int
    lines: int


def head_rows(columns: Sequence[Column]) -> list[list[Head]]:
    """The headings line by line; columns side by side share what they have in common."""
    deepest = max(len(column.heads) for column in columns)
    rows: list[list[Head]] = [[] for _ in range(deepest)]
    for level, row in enumerate(rows):
        shared = [_shared(place, column, level) for place, column in enumerate(columns)]
        for key, group in groupby(shared):
            if key and key.own:
                row.append(Head(key.above[level], 1, deepest - level))
            elif key:
                row.append(Head(key.above[level], len(list(group)), 1))
    return rows


class _Shared(NamedTuple):
    """What columns under one heading have in common. own: the place of a column that has the
    heading for itself."""

    above: tuple[str, ...]
    own: int


def _shared(place: int, column: Column, level: int) -> _Shared | None:
    if len(column.heads) <= level:
        return None
    own = place + 1 if len(column.heads) == level + 1 else 0
    return _Shared(tuple(column.heads[: level + 1]), own)


class Change(NamedTuple):
    """A number (see Numbers) that was sent as `old` and is `new` now."""

    place: str
    product: str
    number: str
    old: int
    new: int


def changes(old: Report, new: Report) -> list[Change]:
    """What differs between a report and a later one."""
    before = {(line.unit, line.product): line for line in old.lines}
    after = {(line.unit, line.product): line for line in new.lines}
    found = []
    for key in sorted(before.keys() | after.keys()):
        line = after.get(key) or before[key]
        was, now = (lines[key].numbers if key in lines else {} for lines in (before, after))
        found += [
            Change(line.place, line.name, name, was.get(name, 0), now.get(name, 0))
            for name in sorted(was.keys() | now.keys())
            if name not in UNCOMPARED and was.get(name, 0) != now.get(name, 0)
        ]
    return found


def by_product(lines: Iterable[tuple[str, Numbers]]) -> dict[str, dict[str, int]]:
    """(product, numbers) summed by product, as far as it is compared: alike for a report of a
    site and for what a list of sites counts."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for product, numbers in lines:
        found[product].update({k: n for k, n in numbers.items() if k not in UNCOMPARED})
    return {product: {k: n for k, n in sums.items() if n} for product, sums in found.items()}


def digest(report: Report, version: int) -> str:
    """What a page shows that is about to be sent as this version."""
    text = json.dumps([version, report.plain()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def lateness(sent_at: datetime, due: datetime) -> timedelta | None:
    """How long after the hour it was sent; None when in time."""
    return sent_at - due if sent_at > due else None


def state(sent_at: datetime | None, changed: bool, due: datetime, now: datetime) -> str:
    """How a report stands, a code of app/words.py. sent_at: of its first version."""
    if sent_at is None:
        return "report_overdue" if now > due else "report_missing"
    if changed:
        return "report_changed"
    return "report_late" if lateness(sent_at, due) else "report_sent"
