"""The headings of a list of people: those of the template, and others seen in practice."""

import re
from collections.abc import Sequence
from functools import cache

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
}
# "Số CMND/CCCD", "CCCD/Mã định danh công dân/HC", "Số căn cước", "Hộ chiếu" …
_SIGNS = "cmnd cmt cmtnd cccd hc chieu danh cuoc minh passport id ddcn"
_NUMBER_SIGNS = frozenset(_SIGNS.split(" "))
_BESIDE = "so cc ho ma dinh ca nhan cong dan can chung thu giay to tuy than the hoac va"
_NUMBER_WORDS = _NUMBER_SIGNS | frozenset(_BESIDE.split(" "))


def field_of(heading: str) -> str | None:
    """The field that a heading means, None when it means nothing here."""
    plain = rules.fold(re.sub(r"\([^)]*\)", " ", heading[:200]))
    words = plain.split()
    if words and _NUMBER_SIGNS & set(words) and set(words) <= _NUMBER_WORDS:
        return "number"
    return _headings().get(plain)


@cache
def _headings() -> dict[str, str]:
    found = {rules.fold(re.sub(r"\([^)]*\)", " ", text)): field for field, text in TEMPLATE.items()}
    return found | {t: field for field, texts in OTHER_HEADINGS.items() for t in texts.split("|")}


def columns(cells: Sequence[str]) -> dict[int, str]:
    """Column → field of a row of headings. The first column of a field counts, but there may be
    two of numbers (CMND and CCCD)."""
    found: dict[int, str] = {}
    for column, heading in enumerate(cells):
        field = field_of(heading)
        if field == "number" and "number" in found.values():
            field = "number_2"
        if field and field not in found.values():
            found[column] = field
    return found
