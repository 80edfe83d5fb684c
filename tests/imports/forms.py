"""The forms that lists come in: each makes a file of clean rows, and says how it must end."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import Any, NamedTuple

from tests.imports.books import ods, xls
from tests.imports.files import csv, xlsx
from tests.imports.mess import FIELDS, Row, tcvn3, viqr, vni

READ, ASKED = "read", "asked"  # all rows as they are; each row with the right proposal
FORMS: dict[str, Callable[[list[Row], Random], "Form"]] = {}
Table = list[list[Any]]


class Form(NamedTuple):
    """A file, and READ, ASKED, or the reason why it is refused; twins: how many of its rows are
    named as doubled or torn, at its end."""

    data: bytes
    ends: str = READ
    twins: int = 0


def form(name: str) -> Callable[[Any], Any]:
    def keep(make: Callable[[list[Row], Random], Form]) -> Any:
        FORMS[name] = make
        return make

    return keep


def body(rows: Sequence[Row], fields: Sequence[str] = tuple(FIELDS)) -> Table:
    return [[row[field] for field in fields] for row in rows]


def plain(rows: Sequence[Row]) -> Table:
    return [list(FIELDS.values()), *body(rows)]


def any_file(table: Table, chance: Random) -> bytes:
    width = max(map(len, table))
    table = [row + [""] * (width - len(row)) for row in table]
    return chance.choice([xlsx, xls, ods, csv])(table)


OTHER = {
    "stt": "TT", "name": "HỌ TÊN NGƯỜI ĐƯỢC TIÊM", "dob": "Ngày, tháng, năm sinh", "sex": "Phái",
    "group": "Nhóm ưu tiên", "phone": "Đ.Thoại", "number": "CMND/CCCD", "address": "Chỗ ở",
    "guardian_name": "Họ tên cha/mẹ", "note": "Lưu ý",
}  # fmt: skip
OTHER |= {"phone": "Điện thoại liên hệ", "address": "Nơi ở hiện tại"}


@form("titles above the headings")
def _titles(rows: list[Row], chance: Random) -> Form:
    above = [["SỞ Y TẾ"], ["DANH SÁCH NGƯỜI TIÊM VẮC XIN"], [], ["Ngày 5 tháng 8 năm 2021"], []]
    return Form(any_file([*above, *plain(rows)], chance))


@form("headings in other words and order")
def _words(rows: list[Row], chance: Random) -> Form:
    fields = chance.sample(list(FIELDS), len(FIELDS))
    return Form(any_file([[OTHER[field] for field in fields], *body(rows, fields)], chance))


@form("headings decomposed, with line breaks and spaces")
def _spoilt_headings(rows: list[Row], chance: Random) -> Form:
    heads = [unicodedata.normalize("NFD", f" {text} (*)\u00a0") for text in FIELDS.values()]
    return Form(any_file([heads, *body(rows)], chance))


@form("numbers of the columns below the headings")
def _counted(rows: list[Row], chance: Random) -> Form:
    heads = list(FIELDS.values())
    return Form(any_file([heads, [f"({n})" for n in range(1, 11)], *body(rows)], chance))


@form("birth below Nam and Nữ")
def _two_sexes(rows: list[Row], chance: Random) -> Form:
    fields = ["stt", "name", "", "", "number", "phone", "address", "group", "guardian_name"]
    heads = [FIELDS.get(field, "") for field in fields]
    heads[2] = chance.choice(["Năm sinh", "Ngày sinh", "Ngày tháng năm sinh"])
    below = ["", "", "Nam", "Nữ", "", "", "", "", ""]
    table = body([row | {"": ""} for row in rows], fields)
    for line, row in zip(table, rows, strict=True):
        line[2 if row["sex"] == "Nam" else 3] = row["dob"]
    return Form(any_file([heads, below, *table], chance))


@form("crosses below Nam and Nữ")
def _crosses(rows: list[Row], chance: Random) -> Form:
    fields = [field for field in FIELDS if field != "sex"]
    heads = [FIELDS[field] for field in fields]
    table = [["" for _ in fields] + ["Nam", "Nữ"]]
    for line, row in zip(body(rows, fields), rows, strict=True):
        table.append([*line, "x" * (row["sex"] == "Nam"), "x" * (row["sex"] == "Nữ")])
    return Form(any_file([[*heads, "Giới tính", ""], *table], chance))


@form("day, month and year in columns")
def _dates_apart(rows: list[Row], chance: Random) -> Form:
    fields = [field for field in FIELDS if field != "dob"]
    table = [[FIELDS[field] for field in fields] + ["Ngày sinh", "", ""]]
    table.append(["" for _ in fields] + ["Ngày", "Tháng", "Năm"])
    for line, row in zip(body(rows, fields), rows, strict=True):
        parts = row["dob"].split("/")
        table.append([*line, *[""] * (3 - len(parts)), *parts])
    return Form(any_file(table, chance))


@form("name in two columns")
def _names_apart(rows: list[Row], chance: Random) -> Form:
    fields = [field for field in FIELDS if field != "name"]
    head = chance.choice([["Họ và tên đệm", "Tên"], ["Họ", "Tên"], ["Họ và tên", ""]])
    table = [head + [FIELDS[field] for field in fields]]
    for line, row in zip(body(rows, fields), rows, strict=True):
        table.append([*row["name"].rsplit(" ", 1), *line])
    return Form(any_file(table, chance))


@form("headings again on each page, parts, empty rows, numbers from 1")
def _pages(rows: list[Row], chance: Random) -> Form:
    table: Table = []
    for at, row in enumerate(rows):
        if at % 5 == 0:
            table += [list(FIELDS.values()), ["", f"Thôn {at // 5 + 1}"], []]
        table += body([row | {"stt": str(at % 5 + 1)}])
    return Form(any_file(table, chance))


@form("sums and signatures below")
def _foot(rows: list[Row], chance: Random) -> Form:
    below = [
        ["", f"Tổng cộng: {len(rows)} người"],
        [],
        ["", "", "", "", "Hà Nội, ngày 5 tháng 8 năm 2021"],
        ["", "Người lập biểu", "", "", "Thủ trưởng đơn vị"],
        [],
        ["", "Trần Văn Ba"],
    ]
    return Form(any_file([*plain(rows), *below], chance))


@form("a hidden sheet, a cover and two lists")
def _sheets(rows: list[Row], _chance: Random) -> Form:
    half = len(rows) // 2
    sheets = {"Bìa": [["SỞ Y TẾ"]], "Thôn 1": plain(rows[:half]), "Cũ": plain(rows[:3]),
              "Thôn 2": plain(rows[half:])}  # fmt: skip
    return Form(xls(sheets=sheets, hidden=["Cũ"]))


@form("addresses merged")
def _merged(rows: list[Row], _chance: Random) -> Form:
    table = plain(rows)
    at = list(FIELDS).index("address")
    merged = []
    for first in range(1, len(rows) - 1, 2):
        rows[first]["address"] = rows[first - 1]["address"]
        table[first][at], table[first + 1][at] = rows[first - 1]["address"], ""
        merged.append((first, first + 1, at, at))
    return Form(xls(table, merged=merged))


@form("text of UTF-16 with tabs")
def _utf_16(rows: list[Row], _chance: Random) -> Form:
    return Form(csv(plain(rows), "\t", "utf-16"))


@form("zeros kept by quotes in a text file")
def _quoted(rows: list[Row], _chance: Random) -> Form:
    heads, *table = plain([row | {"number": f'="{row["number"]}"'} for row in rows])
    return Form(csv([heads, *table], ";"))


@form("marks of repetition")
def _dittos(rows: list[Row], chance: Random) -> Form:
    for row in rows[1:]:
        row["address"] = rows[0]["address"]
    mark = chance.choice(["nt", '"', "-nt-", "như trên", "″"])
    spoilt = [rows[0], *(row | {"address": mark} for row in rows[1:])]
    table = plain(spoilt)
    make = chance.choice([xlsx, xls, ods])
    return Form(make(table), ASKED)


@form("dates of a spreadsheet that expects the month first")
def _month_first(rows: list[Row], chance: Random) -> Form:
    spoilt = []
    for at, row in enumerate(rows):
        year = int(row["dob"][-4:])
        day, month = (at % 12 + 1, (at + 3) % 12 + 1) if at % 2 else (20, at % 12 + 1)
        row["dob"] = f"{day:02}/{month:02}/{year}"
        spoilt.append(row | ({"dob": date(year, day, month)} if at % 2 else {}))
    return Form(chance.choice([xlsx, xls, ods])(plain(spoilt)), ASKED)


@form("doubled rows, also without the number or with a slip in it")
def _twins(rows: list[Row], chance: Random) -> Form:
    one, two, three, four = rows[:4]
    slip = three["number"][:-1] + str((int(three["number"][-1]) + 1) % 10)
    again = [
        one,
        two | {"number": ""},
        three | {"number": slip},
        four | {"number": four["number"][3:]},
    ]
    return Form(any_file(plain([*rows, *again]), chance), READ, 4)


@form("one number beside two names")
def _torn(rows: list[Row], chance: Random) -> Form:
    other = rows[0] | {"name": rows[1]["name"], "dob": rows[1]["dob"]}
    return Form(any_file(plain([*rows, other]), chance), READ, 1)


for _name, _font in (("TCVN3", tcvn3), ("VNI", vni), ("VIQR", viqr)):

    @form(f"a whole list in {_name}")
    def _fonts(rows: list[Row], chance: Random, font: Callable[[str], str] = _font) -> Form:
        spoilt = [row | {"name": font(row["name"])} for row in rows]
        return Form(any_file(plain(spoilt), chance), "file_font")


@form("text of Windows-1258")
def _windows(rows: list[Row], _chance: Random) -> Form:
    return Form(csv(plain(rows)).decode("utf-8-sig").encode("cp1258", "replace"), "file_encoding")


@form("a quote that nothing closes")
def _quote(rows: list[Row], _chance: Random) -> Form:
    lines = csv(plain(rows), ";").split(b"\r\n")
    lines[3] = lines[3].replace(b";", b';"', 1)
    return Form(b"\r\n".join(lines), "file_quotes")


@form("cut off on the way")
def _cut(rows: list[Row], chance: Random) -> Form:
    data = chance.choice([xlsx, ods])(plain(rows))
    return Form(data[: len(data) * chance.randint(2, 9) // 10], "file_unknown")


@form("a list without its sexes")
def _no_sex(rows: list[Row], chance: Random) -> Form:
    fields = [field for field in FIELDS if field != "sex"]
    table = [[FIELDS[field] for field in fields], *body(rows, fields)]
    return Form(any_file(table, chance), "heading_missing")
