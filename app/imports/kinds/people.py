"""A list of people (đối tượng tiêm): its headings, and what a row of it says."""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from app.people import rules
from app.people.actions import Details
from app.people.models import commune_on_card, country
from app.people.rules import Identity, Number, PartialDate, Unfit
from app.units.models import reference

REQUIRED = ("name", "dob", "sex")

MOST = {"occupation": 100, "workplace": 150, "address": 200, "note": 200,
        "commune": 80, "district": 80, "province": 80}  # fmt: skip
# A mistake here does not keep anybody off the list: the cell can be left out.
OPTIONAL = frozenset(
    {"phone", "group", "ethnicity", "email", "guardian_name", "guardian_phone", *MOST}
)
SEXES = {"nam": "M", "m": "M", "male": "M", "trai": "M",
         "nu": "F", "f": "F", "female": "F", "gai": "F"}  # fmt: skip
SAYS_SEX = {"M": "Nam", "F": "Nữ"}
_NONE = frozenset({"khong", "khong co", "chua", "chua co", "ko", "ko co", "khong ro", "x", "0"})
_DAY_0 = date(1899, 12, 30)  # the day before day 1 of a spreadsheet, counting its false 29/02/1900
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")


def text_of(field: str, cell: str | float | date) -> str:
    """A cell as text: whole numbers without ".0", dates as dd/mm/yyyy, and in a column of birth
    dates the number of a day as that day."""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if field == "dob" and isinstance(cell, int) and 2100 < cell < 100_000:
        return (_DAY_0 + timedelta(cell)).strftime("%d/%m/%Y")
    # A database takes no NUL; the sign in its place is refused later by its column.
    text = str(cell).replace("\0", "\1").strip()
    return text[1:] if re.match(r"'\d", text) else text


class Lists(NamedTuple):
    """What a row is held against: the day, the codes of the priority groups in force."""

    today: date
    groups: Collection[str]


class Reading(NamedTuple):
    """What a row says. problems: (field, reason code, values); fixes: field → the text that may
    stand there instead, "" to leave it out; the rest only holds without problems."""

    problems: list[tuple[str, str, dict[str, Any]]]
    fixes: dict[str, str]
    identity: Identity
    numbers: tuple[Number, ...] = ()
    details: Details = Details()
    note: str = ""


class _Row:
    """The cells of a row, and the problems found on the way."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = cells
        self.problems: list[tuple[str, str, dict[str, Any]]] = []
        self.fixes: dict[str, str] = {}

    def wrong(self, field: str, code: str, fix: str | None = None, **values: Any) -> None:
        """Note a problem, and what might be meant."""
        self.problems.append((field, code, values))
        if fix is None and field in OPTIONAL:
            fix = ""
        if fix is not None:
            self.fixes[field] = fix

    def read(self, field: str, how: Callable[[str], Any], empty: Any = None) -> Any:
        """The meaning of a cell, `empty` without one."""
        text = self.cells.get(field, "").strip()
        if not text:
            return empty
        try:
            return how(text)
        except Unfit as unfit:
            values: dict[str, Any] = {"most": MOST.get(field)} if unfit.code == "too_long" else {}
            self.wrong(field, unfit.code, **values)
            return empty


def read(cells: Mapping[str, str], lists: Lists) -> Reading:
    """What the cells (field → text) say. Never raises."""
    row = _Row(cells)
    name = row.read("name", rules.clean_name, "")
    nation = row.read("nationality", _nation, rules.VIET_NAM)
    numbers = _numbers(row, nation)
    dob = row.read("dob", lambda text: birth(text, lists.today))
    sex = _sex(row, numbers)
    for field in ("name", "dob"):
        if not cells.get(field):
            row.wrong(field, "required")
    _propose_birth(row, dob, lists.today)
    details = _details(row, nation, lists)
    note = row.read("note", _line(MOST["note"]), "")
    identity = Identity(name, dob, sex, details.phone, numbers)
    return Reading(row.problems, row.fixes, identity, numbers, details, note)


def keys(cells: Mapping[str, str], today: date) -> tuple[str, str, str]:
    """By what an earlier row with the same person is noticed: number, folded name, birth date;
    "" for what the row has not."""
    try:
        born = str(birth(cells.get("dob", ""), today))
    except Unfit:
        born = ""
    number = re.sub(r"[^0-9A-Z]", "", cells.get("number", "").upper())
    return (number if len(number) > 5 else ""), rules.fold(cells.get("name", "")), born


def birth(text: str, today: date) -> PartialDate:
    """A birth date as text, also with the midnight that some programs add. Raises Unfit."""
    return rules.parse_date(_MIDNIGHT.sub("", text.strip()), today)


def _propose_birth(row: _Row, dob: PartialDate | None, today: date) -> None:
    """What may be meant by a date that cannot be, or hardly."""
    text = row.cells.get("dob", "").strip()
    if dob and dob.day and dob.year == 1905:
        # "1950" typed into a cell of dates is day 1950 of the spreadsheet: 03/05/1905.
        year = (dob.earliest() - _DAY_0).days
        if year <= today.year:
            row.wrong("dob", "year_as_day", str(year))
    if re.fullmatch("[0-9]{7}", text):
        _try_birth(row, f"0{text}", today)
    swapped = re.fullmatch(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", text)
    if swapped and int(swapped[3]) > 12:
        _try_birth(row, f"{swapped[3]}/{swapped[1]}/{swapped[4]}", today)


def _try_birth(row: _Row, text: str, today: date) -> None:
    with suppress(Unfit):
        row.fixes["dob"] = str(birth(text, today))


def _sex(row: _Row, numbers: tuple[Number, ...]) -> str | None:
    text = row.cells.get("sex", "").strip()
    if not text:
        said = next((found for n in numbers if (found := rules.read_cccd(n.number))), None)
        if said:
            row.wrong("sex", "sex_from_number", SAYS_SEX[said.sex])
        else:
            row.wrong("sex", "required")
        return None
    sex = SEXES.get(rules.fold(text))
    if not sex:
        row.wrong("sex", "sex_unknown")
    return sex


def _numbers(row: _Row, nation: str) -> tuple[Number, ...]:
    fields = ("number", "number_2", "bhyt")
    found = [row.read(field, partial(_number, row, field, nation)) for field in fields]
    return tuple(number for number in found if number)


def _number(row: _Row, field: str, nation: str, text: str) -> Number | None:
    if rules.fold(text) in _NONE:
        return None
    number = rules.normal("", text)
    if not number:
        return None
    kind = "BHYT" if field == "bhyt" else rules.guess_kind(number)
    zeros = None if field == "bhyt" else lost_zeros(number)
    if zeros:
        row.wrong(field, "zeros_lost", zeros)
    elif not kind or (kind == "BHYT" != field.upper() and len(number) < 15):
        scientific = "number_scientific" in rules.problems("CCCD", number)
        row.wrong(field, "number_scientific" if scientific else "number_form")
    else:
        at = nation if kind == "PASSPORT" else rules.VIET_NAM
        for code in rules.problems(kind, number, at):
            row.wrong(field, code)
        return Number(kind, number, at)
    return None


def lost_zeros(number: str) -> str | None:
    """The number that a spreadsheet robbed of its zeros in front: of a CCCD, or the one of a CMND
    from Hà Nội. Only to be proposed. Source: domain 4.1."""
    if re.fullmatch("[1-9][0-9]{7}", number):
        return f"0{number}"
    return rules.zero_suggestion(number)


def _line(most: int) -> Callable[[str], str]:
    def read_line(text: str) -> str:
        line = rules.clean(text)
        if len(line) > most:
            raise Unfit("too_long")
        return line

    return read_line


def _nation(text: str) -> str:
    code = country(text[:100])
    if not code:
        raise Unfit("country_unknown")
    return code


def _details(row: _Row, nation: str, lists: Lists) -> Details:
    address, area = row.read("address", _line(MOST["address"]), ""), ""
    above = [row.read(name, _line(MOST[name]), "") for name in ("commune", "district", "province")]
    if any(above):
        area, address = _placed(address, tuple(text for text in above if text))
    scheme, code = area.split(":") if area else (None, None)
    return Details(
        nationality=nation, phone=_phone(row, "phone"), area_scheme=scheme, area_code=code,
        address=address[: MOST["address"]],
        guardian_name=row.read("guardian_name", rules.clean_name),
        guardian_phone=_phone(row, "guardian_phone"),
        priority_group=row.read("group", lambda text: _group(text, lists.groups)),
        occupation=row.read("occupation", _line(MOST["occupation"]), ""),
        workplace=row.read("workplace", _line(MOST["workplace"]), ""),
        ethnicity=row.read("ethnicity", _ethnicity),
    )  # fmt: skip


def _placed(address: str, above: tuple[str, ...]) -> tuple[str, str]:
    """The commune ("vn34:00004", or "" when the names do not say exactly one) and the address
    with what the commune does not say."""
    area = _commune(above)
    return (area, address) if area else ("", ", ".join([*([address] if address else []), *above]))


@lru_cache(maxsize=500)
def _commune(above: tuple[str, ...]) -> str:
    return commune_on_card(", ".join(above))[0]


def _phone(row: _Row, field: str) -> str | None:
    found = row.read(field, rules.phone)
    if found is None and field in row.fixes:
        with suppress(Unfit):
            row.fixes[field] = rules.phone(re.split("[/;,]", row.cells[field])[0])
    return found


def _group(text: str, known: Collection[str]) -> str:
    digits = re.findall("[0-9]+", text[:100])
    code = digits[0].lstrip("0") if digits else ""
    if code not in known:
        raise Unfit("group_unknown")
    return code


def _ethnicity(text: str) -> str:
    code = _ethnic_codes().get(rules.fold(text[:100]))
    if not code:
        raise Unfit("ethnicity_unknown")
    return code


@cache
def _ethnic_codes() -> dict[str, str]:
    rows = reference("ethnic_groups")
    names = {rules.fold(row["name"]): row["code"] for row in rows}
    codes = {form: row["code"] for row in rows for form in (row["code"], row["code"].lstrip("0"))}
    return names | {rules.fold(row["name"]).replace(" ", ""): row["code"] for row in rows} | codes
