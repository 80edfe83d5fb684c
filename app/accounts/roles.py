"""Who may: role → verbs. The permissions page, the gate and the tests read this one table."""

from collections.abc import Iterable

from app.i18n import N_

VERBS: dict[str, str] = {
    "person.search": N_("Tìm người"),
    "person.view": N_("Xem hồ sơ người được tiêm"),
    "person.edit": N_("Thêm và sửa hồ sơ người được tiêm"),
    "person.verify": N_("Đối chiếu nhân thân"),
    "registration.decide": N_("Duyệt và phân bổ đăng ký tiêm"),
    "session.view": N_("Xem buổi tiêm"),
    "session.plan": N_("Lập buổi tiêm và danh sách"),
    "session.close": N_("Kết thúc và mở lại buổi tiêm"),
    "visit.check_in": N_("Tiếp đón"),
    "visit.consent": N_("Ghi phiếu đồng ý"),
    "visit.screen": N_("Khám sàng lọc"),
    "dose.record": N_("Ghi mũi tiêm"),
    "dose.confirm": N_("Xác nhận mũi tiêm có cảnh báo (người thứ hai)"),
    "dose.amend": N_("Đề nghị sửa, hủy mũi tiêm, nhập hồi cứu"),
    "dose.approve": N_("Duyệt đề nghị về mũi tiêm (người thứ hai)"),
    "correction.note": N_("Ghi phản ánh của người dân"),
    "correction.answer": N_("Trả lời phản ánh về mũi tiêm"),
    "visit.observe": N_("Theo dõi sau tiêm"),
    "reaction.record": N_("Ghi phản ứng sau tiêm"),
    "reaction.follow": N_("Liên hệ người tự báo phản ứng sau tiêm"),
    "slip.print": N_("In giấy xác nhận"),
    "certificate.confirm": N_("Xác nhận người và mũi tiêm để cấp chứng nhận (bước 1)"),
    "certificate.sign": N_("Ký số liệu của ngày (bước 2)"),
    "certificate.issue": N_("Cấp và thu hồi chứng nhận (bước 3)"),
    "certificate.print": N_("Xem và in chứng nhận"),
    "list.print": N_("In và xuất danh sách"),
    "lot.view": N_("Xem kho vắc xin"),
    "lot.move": N_("Nhập, xuất, hủy vắc xin"),
    "lot.suspend": N_("Tạm dừng lô vắc xin"),
    "report.view": N_("Xem số liệu"),
    "report.send": N_("Gửi báo cáo ngày"),
    "user.manage": N_("Quản lý tài khoản"),
    "unit.manage": N_("Quản lý đơn vị và điểm tiêm"),
    "message.view": N_("Xem số tin nhắn, gửi lại tin không đến"),
    "reference.view": N_("Xem danh mục vắc xin và quy tắc"),
    "audit.view": N_("Xem nhật ký truy cập"),
}

_LOOK = frozenset({"session.view", "report.view", "lot.view", "reference.view"})
_RECEPTION = frozenset(
    {"person.search", "person.view", "person.edit", "session.view", "visit.check_in",
     "visit.consent", "slip.print", "certificate.confirm", "certificate.print", "list.print",
     "dose.amend", "correction.note", "reference.view"}
)  # fmt: skip
_SCREENER = frozenset(
    {"person.search", "person.view", "session.view", "visit.consent", "visit.screen",
     "dose.confirm", "dose.approve", "reaction.record", "reaction.follow", "reference.view"}
)  # fmt: skip
_VACCINATOR = frozenset(
    {"person.search", "person.view", "session.view", "dose.record", "dose.amend", "lot.view",
     "reaction.record", "reference.view"}
)  # fmt: skip
_OBSERVER = frozenset(
    {"person.search", "person.view", "session.view", "visit.observe", "reaction.record",
     "reaction.follow", "slip.print", "certificate.confirm", "certificate.print", "dose.amend",
     "reference.view"}
)  # fmt: skip
_STORE = frozenset({"lot.view", "lot.move", "lot.suspend", "session.view", "reference.view"})
_AUTHORITY = _LOOK | {"report.send", "user.manage", "unit.manage", "lot.suspend", "audit.view"}

ROLES: dict[str, frozenset[str]] = {
    "national": _AUTHORITY | {"certificate.issue", "message.view"},
    "province": _AUTHORITY
    | {"registration.decide", "person.search", "person.view", "slip.print", "certificate.print",
       "list.print", "dose.amend", "dose.approve", "correction.note", "correction.answer"},
    "site_head": _LOOK
    | {"report.send", "session.plan", "session.close", "user.manage", "unit.manage",
       "audit.view", "dose.confirm", "lot.suspend", "person.search", "person.view", "person.edit",
       "list.print", "dose.amend", "dose.approve", "certificate.confirm", "certificate.sign",
       "certificate.print", "correction.note", "correction.answer", "reaction.follow"},
    "reception": _RECEPTION,
    "screener": _SCREENER,
    "vaccinator": _VACCINATOR,
    "observer": _OBSERVER,
    "storekeeper": _STORE,
    "police": frozenset({"person.search", "person.view", "person.verify"}),
    "auditor": frozenset({"audit.view", "report.view", "reference.view"}),
}  # fmt: skip

NAMES: dict[str, str] = {
    "national": N_("Bộ Y tế"),
    "province": N_("Sở Y tế / CDC tỉnh"),
    "site_head": N_("Phụ trách điểm tiêm"),
    "reception": N_("Tiếp đón"),
    "screener": N_("Bác sĩ khám sàng lọc"),
    "vaccinator": N_("Người tiêm"),
    "observer": N_("Người theo dõi"),
    "storekeeper": N_("Thủ kho vắc xin"),
    "police": N_("Công an xác minh"),
    "auditor": N_("Kiểm tra, giám sát"),
}

# Who gives what: nobody gives more than they have themselves (see tests/accounts/test_roles.py).
AT_A_SITE = frozenset({"reception", "screener", "vaccinator", "observer", "storekeeper"})
GIVES: dict[str, frozenset[str]] = {
    "national": frozenset(ROLES),
    "province": AT_A_SITE | {"province", "site_head", "police", "auditor"},
    "site_head": AT_A_SITE,
}


def given_by(roles: Iterable[str]) -> frozenset[str]:
    """The roles that somebody with these roles may give to others, and take from them."""
    return frozenset().union(*(GIVES.get(role, frozenset()) for role in roles))


def fitting(level: str, is_site: bool) -> frozenset[str]:
    """The roles that make sense at a unit of this level."""
    if is_site:
        return AT_A_SITE | {"site_head"}
    highest = {"national": {"national"}, "province": {"province", "police"}}
    return frozenset({"auditor"} | highest.get(level, {"site_head", "police"}))


def verbs(roles: Iterable[str]) -> frozenset[str]:
    """All that somebody with these roles may do. Unknown roles give nothing."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
