"""Opens a spreadsheet of a stranger in a process of its own: `python workbook.py < FILE`.

A file of 1 KB with a cell in its last row and column makes the parser ask for half a terabyte and
then end its process; here this ends nobody else. Writes JSON: for each visible sheet [name, rows],
for each row [number, [cells]]; a cell is a text, a number, or [date as "1950-07-15"]. Imports
nothing of the application, so that it starts fast.
"""

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook

MEMORY = 400 * 1024 * 1024
SECONDS = 20
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20, 20_100, 100, 1_001
MOST_TEXT = 40 * 1024 * 1024
PASSWORD, TOO_LARGE, UNREADABLE = 3, 4, 5


def plain(cell: Any) -> Any:
    """A cell as JSON has it."""
    if isinstance(cell, datetime):
        return [cell.date().isoformat()]
    if isinstance(cell, date):
        return [cell.isoformat()]
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    return str(cell)[:LONGEST_CELL]


def filled(sheet: Any) -> list[Any]:
    """The rows of a sheet that have something in them, with their numbers in it."""
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        found = [plain(cell) for cell in cells[:MOST_COLUMNS]]
        if any(cell != "" for cell in found):
            rows.append([number, found])
        if len(rows) == MOST_ROWS:
            break
    return rows


def main() -> int:
    """Exit code 0, or why not."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        book = load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible
        ]
        answer = json.dumps(
            [(name, filled(book.get_sheet_by_name(name))) for name in names[:MOST_SHEETS]]
        )
    except PasswordError:
        return PASSWORD
    except MemoryError:
        return TOO_LARGE
    except (CalamineError, ValueError, OverflowError):
        return UNREADABLE
    if len(answer) > MOST_TEXT:
        return TOO_LARGE
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
