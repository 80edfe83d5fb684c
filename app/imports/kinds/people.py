"""A list of people (đối tượng tiêm): its headings, and what a row of it says."""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from app.imports.kinds import meant
from app.imports.kinds.row import MOST, REQUIRED, SWAPPED, Row, text_of
from app.people import rules
from app.people.actions import Details
from app.people.models import commune_on_card, country
from app.people.rules import Identity, Number, PartialDate, Unfit
from app.people.rules.documents import Cccd
from app.units.models import reference

SEXES = {"nam": "M", "m": "M", "male": "M", "trai": "M", "nam gioi": "M",
         "nu": "F", "f": "F", "female": "F", "gai": "F", "nu gioi": "F"}  # fmt: skip
SAYS_SEX = {"M": "Nam", "F": "Nữ"}
_NONE = frozenset({"khong", "khong co", "chua", "chua co", "ko", "ko co", "khong ro", "x", "0"})
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")


__all__ = ["REQUIRED", "Lists", "Reading", "keys", "read", "text_of"]


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


def read(cells: Mapping[str, str], lists: Lists) -> Reading:
    """What the cells (field → text) say. Never raises."""
    row = Row(cells)
    nation = row.read("nationality", _nation, rules.VIET_NAM)
    name = _name(row, nation)
    dob = row.read("dob", lambda text: birth(text, lists.today))
    sex = SEXES.get(rules.fold(row.cells.get("sex", "")))
    numbers = _numbers(row, nation, dob, sex)
    said = next((found for n in numbers if (found := rules.read_cccd(n.number))), None)
    _check_sex(row, sex, said)
    for field in ("name", "dob"):
        if field not in row.cells and not row.is_wrong(field):
            row.wrong(field, "required")
    _propose_birth(row, dob, said, lists.today)
    details = _details(row, nation, lists)
    note = row.read("note", _line(MOST["note"]), "")
    identity = Identity(name, dob, sex, details.phone, numbers)
    return Reading(row.problems, row.fixes, identity, numbers, details, note)


def _name(row: Row, nation: str) -> str:
    name: str = row.read("name", rules.clean_name, "")
    other = meant.name(row.cells.get("name", "")) if nation == rules.VIET_NAM else None
    if other and name:
        row.wrong("name", "name_meant", other)
    elif other:
        row.fixes["name"] = other
    return name


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


def _propose_birth(row: Row, dob: PartialDate | None, said: Cccd | None, today: date) -> None:
    """What may be meant by a date that cannot be, or hardly."""
    text, swapped = row.cells.get("dob", ""), row.cells.get("dob" + SWAPPED)
    if dob and dob.day and dob.year == 1905:
        # "1950" typed into a cell of dates is day 1950 of the spreadsheet: 03/05/1905.
        typed = (dob.earliest() - meant.DAY_0).days
        if typed <= today.year:
            row.wrong("dob", "year_as_day", str(typed))
    elif dob and swapped and str(dob) != swapped:
        row.wrong("dob", "dob_swapped", swapped)
    elif text and not dob:
        year = said.year if said else None
        other = meant.serial(text, year) or meant.birth(text, year, today)
        if other:
            row.fixes["dob"] = other


def _check_sex(row: Row, sex: str | None, said: Cccd | None) -> None:
    text = row.cells.get("sex", "")
    if text and not sex:
        row.wrong("sex", "sex_unknown", SAYS_SEX[said.sex] if said else None)
    elif not text and said and row.is_wrong("sex"):
        row.fixes["sex"] = SAYS_SEX[said.sex]
    elif not text and said:
        row.wrong("sex", "sex_from_number", SAYS_SEX[said.sex])
    elif not text and not row.is_wrong("sex"):
        row.wrong("sex", "required")


def _numbers(row: Row, nation: str, dob: PartialDate | None, sex: str | None) -> tuple[Number, ...]:
    fields = ("number", "number_2", "bhyt")
    found = [row.read(field, partial(_number, row, field, nation)) for field in fields]
    for field in fields:
        # What is proposed must at least fit the rest of the row.
        if field in row.fixes and rules.disagreements(row.fixes[field], dob, sex):
            del row.fixes[field]
    return tuple(number for number in found if number)


def _number(row: Row, field: str, nation: str, text: str) -> Number | None:
    if rules.fold(text) in _NONE:
        return None
    number = rules.normal("", text)
    if not number:
        return None
    kind = "BHYT" if field == "bhyt" else rules.guess_kind(number)
    zeros = lost_zeros(number, field == "bhyt")
    if zeros:
        row.wrong(field, "zeros_lost", zeros)
        return None
    if kind and not (kind == "BHYT" != field.upper() and len(number) < 15):
        at = nation if kind == "PASSPORT" else rules.VIET_NAM
        codes = rules.problems(kind, number, at)
        if not codes:
            return Number(kind, number, at)
    else:
        codes = ["number_scientific" if rules.problems("CCCD", number)[0] == "number_scientific"
                 else "number_form"]  # fmt: skip
    for code in codes:
        row.wrong(field, code, meant.number(text) if field != "bhyt" else None)
    return None


def lost_zeros(number: str, bhyt: bool = False) -> str | None:
    """The number that a spreadsheet robbed of its zeros in front: of a CCCD, the one of a CMND from
    Hà Nội or of a social insurance number. Only to be proposed. Source: domain 4.1."""
    if re.fullmatch("[1-9][0-9]{8}" if bhyt else "[1-9][0-9]{7}", number):
        return f"0{number}"
    return None if bhyt else rules.zero_suggestion(number)


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


def _details(row: Row, nation: str, lists: Lists) -> Details:
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


def _phone(row: Row, field: str) -> str | None:
    found: str | None = row.read(field, rules.phone)
    text = row.cells.get(field, "")
    if found is None and field in row.fixes:
        with suppress(Unfit):
            row.fixes[field] = rules.phone(re.split("[/;,\\n]| - |hoặc", text)[0])
    elif found and found[1:] not in re.sub("[^0-9]", "", text):
        row.wrong(field, "phone_renumbered", found)
    elif found and not re.match(r"\W*(0|\+?84)", text):
        row.wrong(field, "zeros_lost", found)
    return found


def _group(text: str, known: Collection[str]) -> str:
    said = re.fullmatch(r"[^0-9]*0*([0-9]{1,2})(?![0-9])(?!\s*[,;/&+-]\s*[0-9]).*", text[:100])
    if not said or said[1] not in known:
        raise Unfit("group_unknown")
    return said[1]


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
