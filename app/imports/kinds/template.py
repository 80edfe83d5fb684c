"""The empty list to be filled in: what may be chosen in it, and an example. In Vietnamese, as the
headings are."""

from collections.abc import Sequence
from datetime import date

from app.imports.kinds.headings import TEMPLATE
from app.imports.kinds.people import REQUIRED
from app.units.models import Area, Unit, reference
from app.vaccines.models import catalogue_on

LIST, CODES, NOTES = "Danh sách", "Danh mục", "Hướng dẫn"
CHOSEN = {"group": "Nhóm", "commune": "Xã", "ethnicity": "Dân tộc"}  # field → heading in CODES
EXAMPLE = {
    "name": "NGUYỄN VĂN AN", "dob": "17/05/1980", "sex": "Nam", "group": "9", "phone": "0912345678",
    "number": "001080000017", "address": "Thôn 2",
}  # fmt: skip


def codes(unit: Unit, today: date) -> dict[str, list[str]]:
    """Field of CHOSEN → what may be chosen there, for the province of a unit."""
    area = unit.area
    communes = Area.communes(area.scheme, area.province_code()) if area else []
    return {
        "group": [f"{group.code}. {group.short}" for group in catalogue_on(today).groups],
        "commune": [commune.name for commune in communes],
        "ethnicity": [row["name"] for row in reference("ethnic_groups")],
    }


def choices(found: dict[str, list[str]]) -> dict[int, str]:
    """Column of the list → where the choices stand (see spreadsheet.Sheet)."""
    columns = list(TEMPLATE)
    places = {
        columns.index(field): f"'{CODES}'!${letter}$2:${letter}${len(found[field]) + 1}"
        for letter, field in zip("ABC", CHOSEN, strict=True)
        if found[field]
    }
    return {columns.index("sex"): '"Nam,Nữ"', **places}


def code_rows(found: dict[str, list[str]]) -> list[Sequence[str]]:
    """The rows of the sheet CODES below its headings."""
    lists = [found[field] for field in CHOSEN]
    longest = max(map(len, lists))
    return [[each[n] if n < len(each) else "" for each in lists] for n in range(longest)]


def notes() -> list[Sequence[str]]:
    """The rows of the sheet NOTES: what each column is, whether it is needed, an example."""
    return [
        ["Cột", "Phải điền", "Ví dụ"],
        *(
            [heading.partition(" (")[0], "có" if field in REQUIRED else "", EXAMPLE.get(field, "")]
            for field, heading in TEMPLATE.items()
        ),
    ]
