"""The cells of one row, and what is noted about them while they are read."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.people.rules import Unfit

REQUIRED = ("name", "dob", "sex")

MOST = {"occupation": 100, "workplace": 150, "address": 200, "note": 200,
        "commune": 80, "district": 80, "province": 80}  # fmt: skip
# A mistake here does not keep anybody off the list: the cell can be left out.
OPTIONAL = frozenset(
    {"phone", "group", "ethnicity", "email", "guardian_name", "guardian_phone", *MOST}
)
READ = (OPTIONAL - {"email"}) | {*REQUIRED, "number", "number_2", "bhyt", "nationality"}
# What lines.py adds to a cell: the text of the cell above, a date with day and month swapped.
ABOVE, SWAPPED = "_above", "_swapped"
_DITTO = {"nt", "n/t", "n.t", "như trên", "nhu tren", '"', '""', "''", "″", "〃", "”", "“", "//"}
# What spreadsheets show for a value that they have not; workbook.py writes the last for formulas
# that were never computed.
_ERROR = re.compile(
    r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!)|#{3,}|Err:\d+"
)


def text_of(cell: str | float | date) -> str:
    """A cell as text: whole numbers without ".0", dates as dd/mm/yyyy."""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    # A database takes no NUL; the sign in its place is refused later by its column.
    text = str(cell).replace("\0", "\1").strip()
    return text[1:] if re.match(r"'\d", text) else text


class Row:
    """The cells of a row that can be read, and the problems found on the way."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.problems: list[tuple[str, str, dict[str, Any]]] = []
        self.fixes: dict[str, str] = {}
        self.cells = {field: text.strip() for field, text in cells.items() if text.strip()}
        for field, text in list(self.cells.items()):
            code = _no_value(text)
            if code and field in READ:
                self.wrong(field, code, self.cells.get(field + ABOVE) if code == "ditto" else None)
                del self.cells[field]

    def wrong(self, field: str, code: str, fix: str | None = None, **values: Any) -> None:
        """Note a problem, and what might be meant."""
        self.problems.append((field, code, values))
        if fix is None and field in OPTIONAL:
            fix = ""
        if fix is not None:
            self.fixes[field] = fix

    def is_wrong(self, field: str) -> bool:
        """Whether something was noted about a field."""
        return any(noted == field for noted, _code, _values in self.problems)

    def read(self, field: str, how: Callable[[str], Any], empty: Any = None) -> Any:
        """The meaning of a cell, `empty` without one."""
        text = self.cells.get(field)
        if not text:
            return empty
        try:
            return how(text)
        except Unfit as unfit:
            values: dict[str, Any] = {"most": MOST.get(field)} if unfit.code == "too_long" else {}
            self.wrong(field, unfit.code, **values)
            return empty


def _no_value(text: str) -> str | None:
    """Why a cell has no value of its own, None when it has."""
    if _ERROR.fullmatch(text):
        return "cell_error"
    if text[0] == "=":
        return "cell_formula"
    return "ditto" if is_ditto(text) else None


def is_ditto(text: str) -> bool:
    """Whether a cell says that it is as the one above."""
    return unicodedata.normalize("NFC", text).strip(" -–—.").lower() in _DITTO
