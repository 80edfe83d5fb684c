"""The empty list of doses given before. In Vietnamese, as the headings are."""

from collections.abc import Sequence
from datetime import date

from app.imports.kinds.headings import PAST, TEMPLATE
from app.vaccines.models import catalogue_on

LIST, CODES = "Mũi đã tiêm", "Danh mục"
WHO = ("stt", "name", "dob", "sex", "number")
HEADINGS = {field: TEMPLATE[field] for field in WHO} | PAST


def _names(today: date) -> list[str]:
    return [product.name for product in catalogue_on(today).products.values()]


def choices(today: date) -> dict[int, str]:
    """Column of the list → where the choices stand (see spreadsheet.Sheet)."""
    columns, most = list(HEADINGS), len(_names(today)) + 1
    vaccines = f"'{CODES}'!$A$2:$A${most}"
    return {columns.index("sex"): '"Nam,Nữ"', columns.index("product"): vaccines}


def code_rows(today: date) -> list[Sequence[str]]:
    """The rows of the sheet CODES."""
    return [[PAST["product"].partition(" (")[0]], *([name] for name in _names(today))]
