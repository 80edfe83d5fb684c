"""The headings of a list of people: those of the template, and others seen in practice."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from app.imports.rules import HEADING_WITHIN
from app.people import rules

# Field → heading of the template (domain 5.1), and other headings seen in practice, folded and
# without what stands in brackets. What `number` may be called is read word by word.
TEMPLATE = {
    "stt": "STT", "name": "Họ và tên (*)", "dob": "Ngày sinh (*) (dd/mm/yyyy)",
    "sex": "Giới tính (*) (Nam/Nữ)", "group": "Nhóm đối tượng (*) (mã 1–16)",
    "occupation": "Nghề nghiệp", "workplace": "Đơn vị công tác", "phone": "Số điện thoại (*)",
    "number": "CMND/CCCD/Hộ chiếu (*)", "bhyt": "Số thẻ BHYT", "email": "Email",
    "province_code": "Mã tỉnh", "province": "Tỉnh/Thành phố (*)", "district_code": "Mã huyện",
    "district": "Quận/Huyện", "commune_code": "Mã xã", "commune": "Xã/Phường (*)",
    "address": "Địa chỉ chi tiết", "ethnicity": "Dân tộc", "nationality": "Quốc tịch",
    "guardian_name": "Họ tên cha/mẹ hoặc người giám hộ",
    "guardian_phone": "Số điện thoại người giám hộ", "note": "Ghi chú",
}  # fmt: skip
OTHER_HEADINGS = {
    "stt": "tt|so tt|so thu tu|no",
    "name": "ho ten|ho va ten doi tuong|ho ten doi tuong|ten doi tuong|ho va ten nguoi tiem|"
    "ho ten nguoi tiem|full name|name",
    "dob": "ngay thang nam sinh|nam sinh|sinh ngay|ngay nam sinh|date of birth|dob",
    "sex": "gioi|phai|nam nu|sex|gender",
    "group": "nhom uu tien|nhom doi tuong uu tien|ma nhom|ma nhom doi tuong|nhom",
    "occupation": "cong viec",
    "workplace": "noi lam viec|co quan|don vi|noi cong tac",
    "phone": "dien thoai|sdt|so dt|dt|so di dong|di dong|dien thoai lien he|so dien thoai lien he",
    "bhyt": "bhyt|the bhyt|ma the bhyt|so bhyt|ma bhyt|ma so bhyt|ma so bhxh",
    "email": "e mail|thu dien tu",
    "province": "tinh|tinh tp|thanh pho|tinh thanh",
    "district": "huyen|quan|huyen quan|quan huyen thi xa",
    "commune": "xa|phuong|phuong xa|xa phuong thi tran|xa phuong dac khu",
    "address": "dia chi|so nha duong|dia chi hien tai|noi o hien tai|noi o|thon|thon xom|to thon|"
    "dia chi lien he|dia chi thuong tru|so nha ten duong|ap khu pho|noi thuong tru",
    "guardian_name": "nguoi giam ho|ho ten nguoi giam ho|ho ten cha me|ho ten bo me|cha me|bo me|"
    "ho va ten cha me|ho va ten nguoi giam ho",
    "guardian_phone": "sdt nguoi giam ho|sdt cha me|dien thoai nguoi giam ho",
    "note": "luu y",
    # Lists of people whose year of birth stands below "Nam" or "Nữ" and so says the sex.
    "male": "nam sinh nam|ngay sinh nam|ngay thang nam sinh nam|sinh nam nam|gioi tinh nam",
    "female": "nu|nam sinh nu|ngay sinh nu|ngay thang nam sinh nu|sinh nam nu|gioi tinh nu",
    "born_day": "ngay|ngay sinh ngay|ngay thang nam sinh ngay",
    "born_month": "thang|thang sinh|ngay sinh thang|ngay thang nam sinh thang",
    "name_before": "ho|ho dem|ho lot|ho va ten dem|ho va dem|ho va chu lot|ho ten dem|ho va lot",
    "name_given": "ten|ten goi",
}
# A list of doses that were given before (hồi cứu) has these besides who was given them.
PAST = {
    "product": "Tên vắc xin (*)", "given_on": "Ngày tiêm (*) (dd/mm/yyyy)",
    "dose": "Mũi tiêm (*) (1, 2, bổ sung 1, nhắc lại 1)", "lot_number": "Số lô",
    "place": "Cơ sở tiêm (*)", "reaction": "Phản ứng sau tiêm",
}  # fmt: skip
OTHER_PAST = {
    "product": "vac xin|vaccine|loai vac xin|ten vaccine|loai vaccine|vac xin da tiem",
    "given_on": "ngay tiem chung|ngay da tiem",
    "dose": "mui|mui so|mui thu|so mui|lan tiem|lieu so",
    "lot_number": "lo|lo vac xin|so lo vac xin",
    "place": "noi tiem|dia diem tiem|don vi tiem|diem tiem|co so tiem chung",
    "reaction": "phan ung|phan ung sau tiem chung",
}
# A list by which an organisation registers its people has these (domain 1.4).
WISH = {"wished_on": "Ngày muốn được tiêm (dự kiến)", "half_day": "Buổi tiêm mong muốn"}
OTHER_WISH = {
    "wished_on": "ngay muon tiem|ngay dang ky tiem|ngay du kien tiem",
    "half_day": "buoi|buoi tiem|buoi muon tiem",
}
FOUND = ("Dòng", "Kết quả", "Lý do")  # beside a row that is given back
# Words that make another person of "Họ tên …" and "Điện thoại …".
_PARENT = {"cha", "me", "bo", "giam"}
_OTHER = {"chu", "vo", "chong", "nha", "lien", "dai", "dien", "quan", "lop", "truong", "phong"}
# "Số CMND/CCCD", "CCCD/Mã định danh công dân/HC", "Số căn cước", "Hộ chiếu" …
_SIGNS = "cmnd cmt cmtnd cccd hc chieu danh cuoc minh passport id ddcn"
_NUMBER_SIGNS = frozenset(_SIGNS.split(" "))
_BESIDE = "so cc ho ma dinh ca nhan cong dan can chung thu giay to tuy than the hoac va cu moi 9 12"
_NUMBER_WORDS = _NUMBER_SIGNS | frozenset(_BESIDE.split(" "))


# What stands below the heading of the whole.
_PARTS = ("male", "female", "born_day", "born_month", "born_year", "name_before", "name_given")


class Heading(NamedTuple):
    """The headings of a sheet. below: place of the first row below them; columns: place → (field,
    or "#" and a number without a meaning; heading as it stands there)."""

    below: int
    columns: dict[int, tuple[str, str]]


def field_of(heading: str) -> str | None:
    """The field that a heading means, None when it means nothing here."""
    text = unicodedata.normalize("NFC", heading[:200]).lower().strip()
    if text in ("nam", "năm"):  # all that tells them apart is the mark
        return "male" if text == "nam" else "born_year"
    plain = rules.fold(re.sub(r"\([^)]*\)", " ", text))
    words = plain.split()
    if words and _NUMBER_SIGNS & set(words) and set(words) <= _NUMBER_WORDS:
        return "number"
    return _headings().get(plain) or _likely(plain, frozenset(words))


@cache
def _headings() -> dict[str, str]:
    own, other = TEMPLATE | PAST | WISH, OTHER_HEADINGS | OTHER_PAST | OTHER_WISH
    found = {rules.fold(re.sub(r"\([^)]*\)", " ", text)): field for field, text in own.items()}
    return found | {t: field for field, texts in other.items() for t in texts.split("|")}


def _likely(plain: str, words: frozenset[str]) -> str | None:
    """Longer headings of the same meaning: "Họ và tên người được tiêm", "Ngày, tháng, năm sinh"."""
    if re.search(r"\bho (va )?ten\b", plain):
        return "guardian_name" if words & _PARENT else None if words & _OTHER else "name"
    if "sinh" in words and words <= {"ngay", "thang", "nam", "sinh", "hoac"}:
        return "dob"
    if re.search(r"\b(dien thoai|di dong|sdt|dtdd)\b", plain):
        other = words & (_OTHER - {"lien", "dien"})
        return "guardian_phone" if words & _PARENT else None if other else "phone"
    return None


def find(rows: Sequence[tuple[int, Sequence[object]]]) -> tuple[Heading | None, list[str]]:
    """The headings among the first rows of a sheet, of one row or of two; without them what is
    missing most nearly (empty when nothing looks like a list)."""
    lacking: list[str] = []
    for at, (number, cells) in enumerate(rows[:HEADING_WITHIN]):
        upper = _texts(cells)
        pairs = [_heading(at + 1, upper)]
        if at + 1 < len(rows) and rows[at + 1][0] == number + 1:
            pairs += _two_rows(at, upper, rows[at + 1][1])
        best = max(pairs, key=lambda one: (-len(lacks(one)), _meant(one)))
        missing = lacks(best)
        if not missing:
            return best, []
        if "name" not in missing and (not lacking or len(missing) < len(lacking)):
            lacking = missing
    return None, lacking


def lacks(heading: Heading) -> list[str]:
    """The required fields that no column gives."""
    found = {field for field, _text in heading.columns.values()}
    ways = {
        "name": [{"name"}, {"name_before", "name_given"}],
        "dob": [{"dob"}, {"male"}, {"female"}, {"born_year"}],
        "sex": [{"sex"}, {"male"}, {"female"}],
    }
    return [field for field, sets in ways.items() if not any(one <= found for one in sets)]


def _meant(heading: Heading) -> int:
    return sum(field[0] != "#" for field, _text in heading.columns.values())


def columns(texts: Sequence[str], fields: Sequence[str | None] = ()) -> dict[int, str]:
    """Place → field of the headings in a row. The first column of a field counts, but there may be
    two of numbers (CMND and CCCD)."""
    meant = fields or [field_of(text) for text in texts]
    found: dict[int, str] = {}
    for at, field in enumerate(meant):
        if field == "name_given" and not {"name_before", "name"} & set(meant):
            field = "name"  # "Tên" alone
        if field == "number" and "number" in found.values():
            field = "number_2"
        spare = field in ("name_before", "name_given") and "name" in meant
        if field and field not in found.values() and not spare:
            found[at] = field
    return found


def _heading(below: int, texts: list[str], fields: Sequence[str | None] = ()) -> Heading:
    found = columns(texts, fields)
    named = [at for at, text in enumerate(texts) if text.strip() or at in found]
    return Heading(below, {at: (found.get(at, f"#{at + 1}"), texts[at]) for at in named})


def _texts(cells: Sequence[object]) -> list[str]:
    return [cell if isinstance(cell, str) else "" for cell in cells]


def _two_rows(at: int, upper: list[str], cells: Sequence[object]) -> list[Heading]:
    """The headings when the row below belongs to them: "Năm sinh" over "Nam" and "Nữ"."""
    lower = _texts(cells)
    width = max(len(upper), len(lower))
    upper, lower = (row + [""] * (width - len(row)) for row in (upper, lower))
    strange = any(not isinstance(cell, str) for cell in cells) or re.search(
        r"\d{4}", " ".join(lower)
    )
    if strange or len({field_of(text) for text in upper} - {None}) < 2:
        return []
    above = ""
    texts, fields = [], []
    for top, below in zip(upper, lower, strict=True):
        above = top if top.strip() else above if below.strip() else ""
        field = _field_below(above, below)
        if field_of(top) == "name" and _is_data(top, below):
            return []  # somebody stands below "Họ và tên"
        fields.append(field)
        texts.append(above if above == below else f"{above} {below}".strip())
    if "born_month" in fields:  # NGAY, THANG, NAM
        fields = ["born_year" if field == "male" else field for field in fields]
    return [_heading(at + 2, texts, fields)]


def _is_data(top: str, below: str) -> bool:
    plain = rules.fold(re.sub(r"\([^)]*\)", " ", below))
    return bool(plain) and below != top and field_of(below) not in ("name", *_PARTS)


def _field_below(above: str, below: str) -> str | None:
    if not below.strip() or above == below:
        return field_of(above)
    alone = field_of(below)
    if alone in _PARTS:
        return alone
    together = field_of(f"{above} {below}")
    # "Cha/mẹ" over "Họ tên" is no name of the one who comes.
    return together or (None if set(rules.fold(above).split()) & _PARENT else alone)
