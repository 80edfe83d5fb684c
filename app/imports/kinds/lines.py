"""The rows below the headings of a sheet as cells with texts, each by the field of its column.

What a list says by its form is written out beside the cells as they stand: the sex of whoever has
the year of birth below "Nam"; a name or date in several columns; and for the reading of the row,
what a mark of repetition repeats (field + ABOVE) and how a date reads with day and month the other
way round (field + SWAPPED).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from app.imports.kinds.headings import Heading, field_of
from app.imports.kinds.row import ABOVE, SWAPPED, is_ditto, text_of
from app.people.rules import fold

Cell = str | float | date
Rows = Sequence[tuple[int, Sequence[Cell]]]
# A name, number or birth date is nobody else's.
_OWN = {"stt", "name", "dob", "number", "number_2", "bhyt", "male", "female"}
_MARKS = {"x", "v", "1", "+", "*", "✓", "✔", "√", "●"}
_FOOT = re.compile(
    r"(tong (cong|so)( (\d+|so|la|danh sach|nguoi|co)\b.*)?|cong( \d+)?( nguoi)?|nguoi lap .*|"
    r"lap bieu|thu truong.*|xac nhan.*|ky ten.*|ky ghi ro.*|chu tich.*|tram truong.*|truong tram|"
    r"(t ?m |k ?t )?(ubnd|uy ban nhan dan|truong tram).*|danh sach (nay |tren )?(co|gom) \d+.*|"
    r"(.* )?ngay (\d+ )?thang (\d+ )?nam( \d+)?)"
)
_SECTION = re.compile(
    r"(?=.*\d|[ivx]+ )([ivx]+ )?(to|thon|ap|khu|xom|ban|khoi|doi|lop|phong|khoa|nhom)\b.*"
)
_FULL_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{4}")
SWAPPED_FROM = 3  # so many dates with no day above 12 are no chance


def read(heading: Heading, rows: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the headings that speak of people, as (number in the sheet, field → text)."""
    below, ended = rows[heading.below :], False
    beside = _name_beside(heading, below)
    swapped = _other_way_round(heading, below)
    above: dict[str, str] = {}
    for number, cells in below:
        found = _texts(heading.columns, cells)
        if beside is not None and beside < len(cells) and found.get("name"):
            found["name"] = f"{found['name']} {cells[beside]}".strip()
        found |= _written_out(found)
        ended = _is_foot(found) or (ended and not _is_person(found))
        if ended or not _says_something(found) or _is_heading(found):
            continue
        yield number, found | _repeated(found, above) | _turned(found, swapped, heading, cells)
        above |= {field: text for field, text in found.items() if not is_ditto(text)}


def _texts(columns: Mapping[int, tuple[str, str]], cells: Sequence[Cell]) -> dict[str, str]:
    texts = {field: text_of(cells[at]) for at, (field, _) in columns.items() if at < len(cells)}
    return {field: text for field, text in texts.items() if text}


def _written_out(cells: Mapping[str, str]) -> dict[str, str]:
    """Name, birth date and sex of columns that give them in parts."""
    found: dict[str, str] = {}
    parts = [cells[part] for part in ("name_before", "name_given") if part in cells]
    if parts:
        found["name"] = " ".join(parts)
    parts = [cells[part] for part in ("born_day", "born_month", "born_year") if part in cells]
    if parts:
        found["dob"] = "/".join(parts)
    for field, sex in (("male", "Nam"), ("female", "Nữ")):
        text = cells.get(field, "")
        if text and text.lower() not in _MARKS:
            found["dob"] = _both(found.get("dob"), text)
        if text:
            found["sex"] = _both(found.get("sex"), sex)
    for field in ("dob", "sex"):
        if field in cells and field in found and fold(cells[field]) != fold(found[field]):
            found[field] = _both(cells[field], found[field])
    return found


def _both(one: str | None, other: str) -> str:
    # Two at once are nothing that can be read, so that the row names them.
    return f"{one} | {other}" if one else other


def _is_person(cells: Mapping[str, str]) -> bool:
    return any(cells.get(field) for field in ("dob", "sex", "number", "number_2", "bhyt", "phone"))


def _is_foot(cells: Mapping[str, str]) -> bool:
    """ "Tổng cộng: 300 người", "Người lập biểu": no person."""
    named, born = cells.get("name"), cells.get("dob", "")
    if cells.get("number") or (named and not _FOOT.fullmatch(fold(named))):
        return False
    if re.search("[0-9]{4}|/", born) and not _FOOT.fullmatch(fold(born)):
        return False
    return any(_FOOT.fullmatch(fold(text)) for text in cells.values())


def _says_something(cells: Mapping[str, str]) -> bool:
    """Not only a running number, not the line (1) (2) (3) below the headings, not the name of a
    part of the list."""
    texts = [text for field, text in cells.items() if field != "stt" and field[0] != "#"]
    if all(re.fullmatch(r"\(?([0-9]{1,2}|[A-Za-z])\)?", text) for text in texts):
        return False
    section = f"{cells.get('stt', '')} {cells.get('name', '')}" if len(texts) == 1 else ""
    return not _SECTION.fullmatch(fold(section))


def _is_heading(cells: Mapping[str, str]) -> bool:
    """Headings that each printed page repeats."""
    return field_of(cells.get("name", "")) == "name"


def _repeated(cells: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    return {
        field + ABOVE: above[field]
        for field, text in cells.items()
        if field not in _OWN and field in above and is_ditto(text)
    }


def _name_beside(heading: Heading, rows: Rows) -> int | None:
    """The column without a heading beside "Họ và tên" in which the last word of each name stands:
    headings are merged over both."""
    at = next((at for at, (field, _) in heading.columns.items() if field == "name"), None)
    if at is None or at + 1 in heading.columns:
        return None
    named = [cells for _, cells in rows if at + 1 < len(cells) and cells[at]]
    words = [cells[at + 1] for cells in named if isinstance(cells[at + 1], str) and cells[at + 1]]
    full = sum(bool(re.fullmatch(r"[^\W\d_]+", str(word))) for word in words)
    return at + 1 if full == len(words) and 10 * full >= 9 * len(named) > 0 else None


def _other_way_round(heading: Heading, rows: Rows) -> bool:
    """Whether day and month of the dates may be swapped: where a spreadsheet expects the month
    first, it takes 05/07 for 7 May and leaves 15/07 as a text. Source: domain 4.6."""
    at = next((at for at, (field, _) in heading.columns.items() if field == "dob"), None)
    cells = [row[at] for _, row in rows if at is not None and at < len(row)]
    dates = [cell for cell in cells if isinstance(cell, date)]
    texts = [one for cell in cells if isinstance(cell, str) and (one := _FULL_DATE.match(cell))]
    return (
        len(dates) >= SWAPPED_FROM
        and all(one.day <= 12 for one in dates)
        and bool(texts)
        and all(int(one[1]) > 12 >= int(one[2]) for one in texts)
    )


def _turned(
    cells: Mapping[str, str], swapped: bool, heading: Heading, row: Sequence[Cell]
) -> dict[str, str]:
    at = next((at for at, (field, _) in heading.columns.items() if field == "dob"), None)
    born = row[at] if swapped and at is not None and at < len(row) else None
    if isinstance(born, date) and born.day != born.month:
        return {"dob" + SWAPPED: born.strftime("%m/%d/%Y")}
    return {}
