"""The words and colours of every state and every reason, in one place."""

from typing import Any, NamedTuple

from app.i18n import N_, _


class Refused(Exception):
    """An action does not do what was asked. `reasons`: (field name or "", code, values)."""

    def __init__(self, *reasons: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> None:
        super().__init__(", ".join(reason[1] for reason in reasons))
        self.reasons = [
            (reason[0], reason[1], reason[2] if len(reason) > 2 else {})  # type: ignore[misc]
            for reason in reasons
        ]


class Word(NamedTuple):
    """text: Vietnamese with %(name)s places; tone: "", "good", "warn" or "bad"."""

    text: str
    tone: str = ""


STATES: dict[str, Word] = {}
REASONS: dict[str, str] = {}


def word(code: str, **values: Any) -> str:
    """The text of a state or reason in the reader's language. Unknown codes raise KeyError."""
    text = STATES[code].text if code in STATES else REASONS[code]
    return _(text, **values)


def tone(code: str) -> str:
    """The colour class of a state."""
    return STATES[code].tone


# web
REASONS |= {
    "required": N_("Mục này chưa điền."),
    "not_a_choice": N_("Hãy chọn một mục trong danh sách."),
    "too_long": N_("Dài quá %(most)s ký tự."),
    "stale": N_("Dữ liệu đã được người khác sửa. Hãy xem lại bản mới rồi lưu lại."),
}

# visits
STATES |= {
    "arrived": Word(N_("Chờ phiếu đồng ý")),
    "consented": Word(N_("Chờ khám sàng lọc")),
    "ready": Word(N_("Chờ tiêm"), "good"),
    "observing": Word(N_("Đang theo dõi"), "warn"),
    "done": Word(N_("Đã tiêm, hoàn thành"), "good"),
    "refused": Word(N_("Không đồng ý tiêm chủng"), "bad"),
    "delayed": Word(N_("Trì hoãn tiêm chủng"), "warn"),
    "contraindicated": Word(N_("Chống chỉ định"), "bad"),
    "referred": Word(N_("Chuyển bệnh viện tiêm"), "warn"),
    "left": Word(N_("Đã rời điểm tiêm")),
    "left_arm": Word(N_("Cánh tay trái")),
    "right_arm": Word(N_("Cánh tay phải")),
    "left_thigh": Word(N_("Đùi trái")),
    "right_thigh": Word(N_("Đùi phải")),
    "self": Word(N_("Bản thân")),
    "father": Word(N_("Cha")),
    "mother": Word(N_("Mẹ")),
    "guardian": Word(N_("Người giám hộ")),
}
REASONS |= {
    "not_now": N_("Bước này không làm được lúc này: người tiêm đang ở bước “%(state)s”."),
    "conclusion_less_careful": N_("Kết luận không được nhẹ hơn kết quả của phiếu sàng lọc."),
    "table_unknown": N_("Buổi tiêm không có bàn tiêm số này."),
    "reason_needed": N_("Có cảnh báo: ghi lý do vẫn tiêm."),
    "confirmation_needed": N_("Có cảnh báo: người thứ hai có quyền xác nhận phải ký tên ở đây."),
    "confirmation_by_other": N_("Người xác nhận phải khác người tiêm."),
    "confirmation_wrong": N_("Tên đăng nhập hoặc mật khẩu của người xác nhận không đúng."),
    "too_soon": N_("Chưa đủ 30 phút theo dõi: còn đến %(until)s."),
    "already_here": N_("Người này đã có lượt tiêm trong buổi này."),
    "session_not_today": N_("Buổi tiêm này không phải hôm nay, nên không ghi được lượt mới."),
    "session_full": N_("Buổi tiêm đã đủ số người."),
    "person_deceased": N_("Hồ sơ ghi người này đã mất. Không ghi mũi tiêm được."),
    "person_merged": N_("Hồ sơ này đã gộp vào hồ sơ khác."),
    "lot_not_here": N_("Lô này không có ở điểm tiêm."),
    "vaccinator_not_here": N_("Người tiêm không làm việc ở điểm tiêm này."),
    "signer_needed": N_("Ghi họ tên cha, mẹ hoặc người giám hộ đã ký."),
    "dose_volume": N_("Liều này không dùng cho vắc xin và loại mũi tiêm này."),
}
