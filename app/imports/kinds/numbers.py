"""Numbers of people, one on a line, perhaps with name and birth date: "001050000017 Trần Văn Ba
15/07/1950". Whoever has the number goes on the list; nobody is registered by it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from app import clock
from app.people import rules
from app.people.models import Person
from app.people.rules import Number, PartialDate

COLUMNS = [("number", "CMND/CCCD/Hộ chiếu"), ("name", "Họ và tên"), ("dob", "Ngày sinh")]
LONGEST_LINE = 200


class Said(NamedTuple):
    """What a line says; number None when there is none in it that can be."""

    number: Number | None
    name: str
    dob: PartialDate | None


def lines(text: str) -> list[tuple[int, dict[str, str]]]:
    """The lines with something in them: number of the line, field → text."""
    numbered = enumerate(text.replace("\0", " ").splitlines(), 1)
    return [(number, _cells(line)) for number, line in numbered if line.strip()]


def _cells(line: str) -> dict[str, str]:
    line = " ".join(re.sub(r"[\t,;|\"]", " ", line).split())[:LONGEST_LINE]
    asked = rules.query(line)
    found = {
        "number": asked.number or line,
        "name": " ".join(re.findall(r"\b[^\W\d]+\b", line)) if asked.number else "",
        "dob": str(asked.dob) if asked.number and asked.dob else "",
    }
    return {field: cell for field, cell in found.items() if cell}


def read(cells: Mapping[str, str]) -> Said:
    """What the cells say. Never raises."""
    number = cells.get("number", "")
    kind, dob = rules.guess_kind(number), None
    with suppress(rules.Unfit):
        dob = rules.parse_date(cells.get("dob", ""), clock.today())
    return Said(Number(kind, number) if kind else None, cells.get("name", ""), dob)


def problem(said: Said, holder: Person | None) -> str:
    """Why nobody can be listed by a line; "" when nothing speaks against it."""
    if said.number is None:
        return "number_form"
    if holder is None:
        return "number_nobody"
    if said.name and rules.fold(said.name) != rules.fold(holder.name):
        return "number_other_name"
    if said.dob and not holder.dob.agrees(said.dob):
        return "number_other_birth"
    return "person_deceased" if holder.deceased_on else ""
