"""What may be meant by a cell that cannot be right. Everything here is only proposed. Pure."""

import re
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

from app.people import rules
from app.people.rules import PartialDate, Unfit
from app.people.rules.documents import PROVINCES
from app.people.rules.spelling import wrong_encoding

OLDEST = 110  # years
DAY_0 = date(1899, 12, 30)  # the day before day 1 of a spreadsheet, counting its false 29/02/1900
_READ_AS = str.maketrans("OoIl|", "00111")
_TITLE = re.compile(r"(?:(?:ông|bà|anh|chị|cô|chú|bác|cụ|cháu|em|bé|mr|mrs|ms)(?:\.|:|\s)+)", re.I)
_NUMBERED = re.compile(r"^[0-9]{1,5}\s*[.)/-]+\s*")


def serial(text: str, year: int | None) -> str | None:
    """The day that a spreadsheet shows for a number, as it keeps dates, when it can be nothing
    else; year: see birth."""
    number = int(text) if re.fullmatch("[0-9]{5}", text) else 0
    day = DAY_0 + timedelta(number)
    return day.strftime("%d/%m/%Y") if number and year in (None, day.year) else None


def birth(text: str, year: int | None, today: date) -> str | None:
    """The one date that may be meant; year: what the number of a document says of it."""
    found = {
        str(one)
        for day, month, last in _parts(text)
        for whole in _years(last, year, today)
        if (one := _date(day, month, whole, today))
    }
    return found.pop() if len(found) == 1 else None


def _parts(text: str) -> list[tuple[str, str, str]]:
    """Day, month and year ("" when unknown) in every order that a text may mean them in."""
    groups = re.findall("[0-9]+", text[:60].translate(_READ_AS))
    if len(groups) == 1:
        (one,) = groups
        if len(one) in (5, 6):
            return [(one[:-4], one[-4:-2], one[-2:])] if len(one) == 6 else []
        return [(f"0{one}"[:2], one[1:3], one[3:])] if len(one) == 7 else [("", "", one)]
    if len(groups) == 2 and len(groups[1]) == 4:
        return [("", groups[0], groups[1])]
    if len(groups) != 3:
        return []
    first, second, third = groups
    if len(first) == 4:
        return [(third, second, first)]
    if int(second) > 12:
        return [(second, first, third)]
    return [(first, second, third)]


def _years(text: str, said: int | None, today: date) -> list[str]:
    """The years that four or two digits may mean."""
    if len(text) not in (2, 4):
        return []
    centuries = [int(text)] if len(text) == 4 else [1900 + int(text), 2000 + int(text)]
    near = [n for n in centuries if today.year - OLDEST < n <= today.year]
    return [str(n) for n in near if said in (None, n)]


def _date(day: str, month: str, year: str, today: date) -> PartialDate | None:
    with suppress(Unfit):
        return rules.parse_date("/".join(part for part in (day, month, year) if part), today)
    return None


def number(text: str) -> str | None:
    """The CCCD, or else the CMND, that stands among other signs, or with O for 0."""
    plain = re.sub(r"(?<=[0-9])[\s.\-](?=[0-9])", "", text[:200])
    found = re.findall(r"(?<![0-9A-Za-z])[0-9OoIl]{9,12}(?![0-9A-Za-z])", plain)
    read = [one.translate(_READ_AS) for one in found]
    whole = [one for one in read if len(one) == 12 and one[:3] in PROVINCES]
    whole = whole or [one for one in read if len(one) == 9]
    return whole[0] if len(set(whole)) == 1 else None


def name(text: str) -> str | None:
    """A name without "Ông", without a number in front, brackets or a full stop behind, and with a
    space where two words ran into one; None when none of this is there or no name is left."""
    with suppress(Unfit):
        line = rules.clean(text)
        if wrong_encoding(line):
            return None
        found = re.sub(r"\([^)]*\)?|[,;:.]+\s*$", " ", _NUMBERED.sub("", line))
        found = " ".join(_parted(found).split())
        title = _TITLE.match(found)
        if title and _before_family(found[title.end() :]):
            found = found[title.end() :]
        return rules.clean_name(found) if found and found != line else None
    return None


def _parted(text: str) -> str:
    """ "NguyễnVăn" with a space; capitals within a word occur in foreign names only."""
    pairs = pairwise(f" {text}")
    return "".join(f" {b}" if a.islower() and b.isupper() else b for a, b in pairs)


def _before_family(rest: str) -> bool:
    """Ông is a family name, too: a title stands before another one that is common."""
    words = rules.fold(rest).split()
    return len(words) > 1 and words[0] in _FAMILIES


_COMMON = (
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dao doan trinh mai "
    "luong quach dinh truong"
)
_FAMILIES = frozenset(_COMMON.split(" "))
