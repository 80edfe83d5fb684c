"""Faults that lists of people really have, each planted into a clean row.

A clean row is field → text (see FIELDS); what a fault makes of it may be a text, a number, a date
or an Error, as a spreadsheet keeps it. Planted is only what an attentive clerk could notice from
the row or what the formats lose; a fault that does not suit a row gives None.
"""

import unicodedata
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any, NamedTuple

from tests.imports.files import Error

FIELDS = {
    "stt": "STT", "name": "Họ và tên", "dob": "Ngày sinh", "sex": "Giới tính",
    "group": "Nhóm đối tượng", "phone": "Số điện thoại", "number": "Số CCCD", "address": "Địa chỉ",
    "guardian_name": "Họ tên người giám hộ", "note": "Ghi chú",
}  # fmt: skip
TODAY = date(2021, 12, 1)
Row = dict[str, Any]


class Fault(NamedTuple):
    """kind; the field that it spoils ("" for the whole row); plant: row, chance → the cells that
    change, None when it does not suit the row; truth: what then is right instead, by field;
    witness: the field by which alone it can be noticed."""

    kind: str
    field: str
    plant: Callable[[Row, Random], Row | None]
    truth: Callable[[Row], Row] = lambda _row: {}
    witness: str = ""


FAULTS: list[Fault] = []


def cell(
    field: str, kind: str, how: Callable[[str], Any], truth: Any = None, witness: str = ""
) -> None:
    """A fault of one cell: how its text comes to stand there (None: it does not suit)."""

    def plant(row: Row, _chance: Random) -> Row | None:
        spoilt = how(row[field]) if row.get(field) else None
        return None if spoilt is None or spoilt == row[field] else {field: spoilt}

    right = (lambda row: {field: truth(row[field])}) if truth else (lambda _row: {})
    FAULTS.append(Fault(f"{field}: {kind}", field, plant, right, witness))


def rows(field: str, kind: str, plant: Callable[[Row, Random], Row | None]) -> None:
    """A fault that looks at the whole row."""
    FAULTS.append(Fault(f"{field or 'row'}: {kind}", field, plant))


def bare(text: str) -> str:
    """A text without its marks."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def inside(text: str, new: str) -> str:
    """`new` instead of the first space."""
    return text.replace(" ", new, 1)


# Old encodings, as they look in a Unicode file.
_TCVN3 = dict(zip(
    "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđĐĂÂÊÔƠƯ",
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊËÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ®§¡¢£¤¥¦",
    strict=True,
))  # fmt: skip
_TONES = {"\u0301": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0323": 4}


def tcvn3(text: str) -> str:
    return "".join(_TCVN3.get(sign, sign) for sign in text)


def vni(text: str) -> str:
    return "".join(map(_vni, text))


def _vni(sign: str) -> str:
    base, *marks = unicodedata.normalize("NFD", {"đ": "ñ", "Đ": "Ñ"}.get(sign, sign))
    if sign in "ñÑđĐ" or not marks:
        return {"đ": "ñ", "Đ": "Ñ"}.get(sign, sign)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), None)
    if "\u031b" in marks:  # ơ, ư have a letter of their own
        base, marks = {"o": "ô", "u": "ö", "O": "Ô", "U": "Ö"}[base], []
    table = "áàåãä" if "\u0302" in marks else "éèúüë" if "\u0306" in marks else "ùøûõï"
    if tone is None:
        return base + ("â" if "\u0302" in marks else "ê" if "\u0306" in marks else "")
    return "íìæóò"[tone] if base == "i" else base + table[tone]


def viqr(text: str) -> str:
    marks = dict(zip("\u0301\u0300\u0309\u0303\u0323\u0302\u0306\u031b", "'`?~.^(+", strict=True))
    parts = unicodedata.normalize("NFD", text.replace("đ", "dd").replace("Đ", "DD"))
    return "".join(marks.get(sign, sign) for sign in parts)


def _telex(text: str) -> str:
    keys = dict(zip("\u0301\u0300\u0309\u0303\u0323", "sfrxj", strict=True))
    shapes = {"\u0306": "w", "\u031b": "w"}
    words = []
    for word in text.replace("đ", "dd").replace("Đ", "Dd").split():
        out, tone = "", ""
        for sign in unicodedata.normalize("NFD", word):
            tone = keys.get(sign, tone)
            out += (
                out[-1].lower()
                if sign == "\u0302"
                else shapes.get(sign, "" if sign in keys else sign)
            )
        words.append(out + tone)
    return " ".join(words)


def _words_apart(one: str, other: str) -> int:
    """How many words differ: one alone may be another name, like "Sôn" for "Sơn"."""
    return sum(a != b for a, b in zip(one.split(), other.split(), strict=True))


NAME = "name"
cell(NAME, "spaces", lambda t: f"  {inside(t, '   ')} ")
cell(NAME, "no-break space", lambda t: t.replace(" ", "\u00a0"))
cell(NAME, "zero-width space", lambda t: inside(t, " \u200b"))
cell(NAME, "line break", lambda t: inside(t, "\n"))
cell(NAME, "decomposed letters", lambda t: unicodedata.normalize("NFD", t))
cell(NAME, "small letters", str.lower)
cell(NAME, "capitals", str.upper)
cell(NAME, "Icelandic Đ", lambda t: t.replace("Đ", "Ð") if "Đ" in t else None)
cell(NAME, "Ông in front", lambda t: f"Ông {t}")
cell(NAME, "Bà: in front", lambda t: f"Bà: {t}")
cell(NAME, "number in front", lambda t: f"12. {t}")
cell(NAME, "note in brackets", lambda t: f"{t} (con bà Tư)")
cell(NAME, "comma behind", lambda t: f"{t},")
cell(
    NAME,
    "two words in one",
    lambda t: t.replace(" ", "", 1) if t[t.find(" ") - 1].islower() else None,
)
cell(NAME, "digit", lambda t: t + "2")
cell(NAME, "lost letters", lambda t: "".join(s if s.isascii() else "?" for s in t))
cell(NAME, "Telex keys", lambda t: _telex(t) if len(_telex(t)) > len(t) + 1 else None)
cell(NAME, "without marks", lambda t: bare(t) if bare(t.split()[0]) != t.split()[0] else None)
cell(NAME, "TCVN3", lambda t: tcvn3(t) if _words_apart(t, tcvn3(t)) > 1 else None)
cell(NAME, "VNI", lambda t: vni(t) if _words_apart(t, vni(t)) > 1 else None)
cell(NAME, "VIQR", lambda t: viqr(t) if "^" in viqr(t) or "~" in viqr(t) else None)
cell(NAME, "UTF-8 read as Windows-1252", lambda t: t.encode().decode("cp1252", "replace"))
cell(NAME, "emoji", lambda t: t + " \U0001f642")
cell(NAME, "control sign", lambda t: inside(t, " \x07"))
cell(NAME, "missing", lambda _t: "")
cell(NAME, "error", lambda _t: Error("#N/A"))
cell(NAME, "ditto", lambda _t: "nt")


def _date(text: str) -> date | None:
    return date(*map(int, text.split("/")[::-1])) if text.count("/") == 2 else None


def _dmy(form: str, need: Callable[[int, int, int], bool] = lambda d, m, y: True) -> Any:
    def how(text: str) -> str | None:
        born = _date(text)
        if not born or not need(born.day, born.month, born.year):
            return None
        return form.format(d=born.day, m=born.month, y=born.year, yy=born.year % 100)

    return how


def _typed(how: Callable[[date], Any]) -> Any:
    return lambda text: how(_date(text)) if _date(text) else None


def year_of(text: str) -> str:
    return text[-4:]


DOB = "dob"
serial = lambda day: (day - date(1899, 12, 30)).days  # noqa: E731
cell(DOB, "without zeros", _dmy("{d}/{m}/{y}"))
cell(DOB, "dashes", _dmy("{d:02}-{m:02}-{y}"))
cell(DOB, "dots and spaces", _dmy(" {d}. {m}. {y} "))
cell(DOB, "ISO", _dmy("{y}-{m:02}-{d:02}"))
cell(DOB, "eight digits", _dmy("{d:02}{m:02}{y}"))
cell(DOB, "midnight", _dmy("{d:02}/{m:02}/{y} 00:00:00"))
cell(DOB, "cell of a date", _typed(lambda day: day))
cell(DOB, "year as a number", lambda t: float(year_of(t)), year_of)
cell(DOB, "month and year", lambda t: t[-7:] if t.count("/") == 2 else None, lambda t: t[-7:])
cell(DOB, "number of the day", _typed(lambda day: float(serial(day))))
cell(DOB, "number of the day as text", _typed(lambda day: str(serial(day))))
cell(DOB, "two-digit year", _dmy("{d:02}/{m:02}/{yy:02}"))
cell(DOB, "six digits", _dmy("{d:02}{m:02}{yy:02}"))
cell(DOB, "month before day", _dmy("{m:02}/{d:02}/{y}", lambda d, m, y: d > 12))
cell(DOB, "seven digits", _dmy("{d}{m:02}{y}", lambda d, m, y: d < 10))
cell(DOB, "year before month", _dmy("{y}/{m:02}/{d:02}"))
cell(DOB, "in words", _dmy("ngày {d} tháng {m} năm {y}"))
cell(DOB, "SN before the year", lambda t: f"SN {year_of(t)}", year_of)
cell(DOB, "about", lambda t: f"khoảng {year_of(t)}", year_of)
cell(DOB, "letter O", _dmy("O{d}/{m:02}/{y}", lambda d, m, y: d < 10))
cell(DOB, "year in a cell of dates", lambda t: date.fromordinal(
    date(1899, 12, 30).toordinal() + int(year_of(t))), year_of)  # fmt: skip
cell(DOB, "no such day", lambda t: f"31/02/{year_of(t)}")
cell(DOB, "future", lambda t: f"{t[:-4]}2{t[-3:]}" if t[-4] == "1" else None)
cell(
    DOB,
    "digits of the century swapped",
    lambda t: t[:-4] + t[-3] + t[-4] + t[-2:] if t[-4] == "1" else None,
)
cell(DOB, "digits of the year swapped", lambda t: t[:-2] + t[-1] + t[-2], witness="number")
cell(DOB, "year off by one", lambda t: t[:-4] + str(int(year_of(t)) - 1), witness="number")
cell(DOB, "missing", lambda _t: "")
cell(DOB, "no date", lambda _t: "không rõ")
cell(DOB, "error", lambda _t: Error("#VALUE!"))

SEX = "sex"
cell(SEX, "capitals", str.upper)
cell(SEX, "decomposed letters", lambda t: unicodedata.normalize("NFD", t))
cell(SEX, "English", lambda t: {"Nam": "Male", "Nữ": "female"}[t])
cell(SEX, "giới behind", lambda t: f"{t} giới")
cell(SEX, "1 or 0", lambda t: float(t == "Nam"), witness="number")
cell(SEX, "x", lambda _t: "x", witness="number")
cell(SEX, "missing", lambda _t: "", witness="number")
cell(SEX, "the other one", lambda t: "Nữ" if t == "Nam" else "Nam", witness="number")
cell(SEX, "error", lambda _t: Error("#REF!"))

NUMBER = "number"
cell(NUMBER, "spaces", lambda t: f"{t[:3]} {t[3:6]} {t[6:9]} {t[9:]}")
cell(NUMBER, "dots", lambda t: f"{t[:3]}.{t[3:6]}.{t[6:]}")
cell(NUMBER, "no-break space", lambda t: f"\u00a0{t}\u00a0")
cell(NUMBER, "apostrophe", lambda t: f"'{t}")
cell(NUMBER, "full-width digits", lambda t: "".join(chr(ord(sign) + 0xFEE0) for sign in t))
cell(NUMBER, "number of a spreadsheet", lambda t: float(t))
cell(NUMBER, "zeros lost", lambda t: t.lstrip("0"))
cell(NUMBER, "scientific", lambda t: f"{float(t):.5E}")
cell(NUMBER, "letter O", lambda t: t.replace("0", "O", 2))
cell(NUMBER, "kind in front", lambda t: f"CCCD: {t}")
cell(NUMBER, "two numbers", lambda t: f"{t[3:]} / {t}")
cell(NUMBER, "digit lost", lambda t: t[:-1])
cell(NUMBER, "digit more", lambda t: t + "7")
cell(NUMBER, "digits of the year swapped", lambda t: t[:4] + t[5] + t[4] + t[6:], witness="dob")
cell(NUMBER, "sex digit wrong", lambda t: f"{t[:3]}{int(t[3]) ^ 1}{t[4:]}", witness="sex")
cell(NUMBER, "no such province", lambda t: "003" + t[3:])
cell(NUMBER, "placeholder", lambda _t: "1" * 12)
cell(NUMBER, "a phone", lambda _t: "0912345678")
cell(NUMBER, "ditto", lambda _t: "nt")
cell(NUMBER, "error", lambda _t: Error("#N/A"))

PHONE = "phone"
cell(PHONE, "spaces and dots", lambda t: f"{t[:4]}.{t[4:7]} {t[7:]}")
cell(PHONE, "+84", lambda t: f"+84{t[1:]}")
cell(PHONE, "84", lambda t: f"84 {t[1:]}")
cell(PHONE, "number of a spreadsheet", lambda t: float(t))
cell(PHONE, "zero lost", lambda t: t[1:])
cell(PHONE, "of before 2018", lambda t: "0120" + t[3:], lambda t: "070" + t[3:])
cell(PHONE, "two numbers", lambda t: f"{t} / 0987654321")
cell(PHONE, "digit lost", lambda t: t[:-1])
cell(PHONE, "letters", lambda t: t[:-1] + "x")
cell(PHONE, "of another country", lambda t: f"+1 {t[1:]}")
cell(PHONE, "error", lambda _t: Error("#N/A"))

ADDRESS = "address"
cell(ADDRESS, "no-break space", lambda t: t.replace(" ", "\u00a0"))
cell(ADDRESS, "decomposed letters", lambda t: unicodedata.normalize("NFD", t))
cell(ADDRESS, "too long", lambda t: t * 20)
cell(ADDRESS, "emoji", lambda t: t + "\U0001f642")
cell(ADDRESS, "error", lambda _t: Error("#N/A"))
cell(ADDRESS, "formula", lambda _t: "=VLOOKUP(A2,B:C,2,0)")
cell("group", "word in front", lambda t: f"Nhóm {t}")
cell("group", "number of a spreadsheet", lambda t: float(t))
cell("group", "unknown", lambda _t: "17")
cell("group", "two groups", lambda t: f"{t}, 10")
cell("guardian_name", "digits", lambda t: f"{t} 0912")
rows("", "cells one column to the right", lambda row, _chance: {
    "name": row["stt"], "dob": row["name"], "sex": row["dob"], "group": row["sex"]})  # fmt: skip
