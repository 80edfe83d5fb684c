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

# people
REASONS |= {
    "text_control": N_("Có ký tự điều khiển không nhìn thấy được. Hãy xóa rồi gõ lại."),
    "text_direction": N_("Có dấu đổi chiều chữ không nhìn thấy được. Hãy xóa rồi gõ lại."),
    "text_emoji": N_("Có biểu tượng cảm xúc. Hãy chỉ dùng chữ và số."),
    "text_unreadable": N_("Có ký tự không đọc được. Hãy gõ lại."),
    "text_marks": N_("Có dấu chồng lên nhau. Hãy gõ lại."),
    "encoding_utf8": N_("Chữ bị vỡ (đọc sai bảng mã UTF-8). Hãy gõ lại bằng Unicode."),
    "encoding_tcvn3": N_("Chữ theo bảng mã cũ TCVN3 (ABC). Hãy chuyển sang Unicode."),
    "encoding_vni": N_("Chữ theo bảng mã cũ VNI. Hãy chuyển sang Unicode."),
    "encoding_viqr": N_("Chữ gõ kiểu VIQR chưa thành dấu. Hãy chuyển sang Unicode."),
    "name_lost_letters": N_("Họ tên có dấu “?”: đã mất chữ. Hãy gõ lại theo giấy tờ."),
    "name_digits": N_("Họ tên không có chữ số."),
    "name_letters": N_("Họ tên chỉ gồm chữ cái Latinh, dấu cách, dấu nháy và gạch nối."),
    "name_long": N_("Họ tên dài quá 100 ký tự."),
    "name_many_words": N_("Họ tên có hơn 8 từ. Hãy xem lại."),
    "name_telex": N_("Họ tên có vẻ còn phím Telex chưa thành dấu. Hãy xem lại."),
    "name_foreign_letters": N_("Họ tên có chữ không có trong tiếng Việt. Hãy xem lại."),
    "number_missing": N_("Nhập số giấy tờ."),
    "number_form": N_("Không nhận ra đây là số của loại giấy tờ nào. Hãy chọn loại giấy tờ."),
    "number_long": N_("Số giấy tờ quá dài."),
    "number_scientific": N_("Bảng tính đã đổi số này thành dạng 1,09E+11. Hãy nhập lại đủ số."),
    "number_zeros": N_("Có vẻ mất số 0 ở đầu. Nếu đúng là %(number)s, hãy nhập đủ 12 số."),
    "cccd_form": N_("Số CCCD phải có đúng 12 chữ số."),
    "cmnd_form": N_("Số CMND phải có 9 hoặc 12 chữ số."),
    "bhyt_form": N_("Số BHYT phải có 10 hoặc 12 chữ số, hoặc đủ 15 ký tự như trên thẻ."),
    "passport_form": N_("Số hộ chiếu phải có 5 đến 15 chữ và số."),
    "passport_vn_form": N_("Số hộ chiếu Việt Nam gồm 1 chữ cái và 7 hoặc 8 chữ số."),
    "country_missing": N_("Chọn nước cấp hộ chiếu."),
    "code_form": N_("Mã tạm không đúng. Hãy xem lại từng ký tự."),
    "cccd_placeholder": N_("Số này có 12 chữ số giống nhau."),
    "cccd_province": N_("Ba số đầu của CCCD không phải mã tỉnh hay mã nước nào."),
    "cccd_sex": N_("Giới tính khác với số CCCD."),
    "cccd_year": N_("Năm sinh khác với số CCCD."),
    "cccd_century": N_("Thế kỷ của năm sinh khác với số CCCD."),
    "date_form": N_("Nhập ngày dạng 15/07/1950, 07/1950 hoặc 1950."),
    "date_two_digit_year": N_("Năm phải đủ 4 chữ số, ví dụ 15/07/1950."),
    "date_impossible": N_("Ngày này không có trong lịch."),
    "date_month_first": N_("Ngày và tháng có vẻ bị đảo. Viết ngày trước, tháng sau."),
    "date_too_old": N_("Năm phải từ 1900 trở đi."),
    "date_future": N_("Ngày này chưa tới."),
    "phone_form": N_("Số điện thoại phải có 10 chữ số (số cố định 11 chữ số), bắt đầu bằng 0."),
    "phone_several": N_("Chỉ nhập một số điện thoại."),
    "phone_foreign": N_("Chỉ nhập số điện thoại Việt Nam."),
    "same_number": N_("Trùng số giấy tờ"),
    "same_name_birth_sex": N_("Trùng họ tên, ngày sinh và giới tính"),
    "number_one_off": N_("Số giấy tờ khác một chữ số"),
    "number_swapped": N_("Số giấy tờ đảo hai chữ số"),
    "number_lost_zero": N_("Số giấy tờ thiếu số 0"),
    "three_of_four": N_("Trùng ba trong bốn: họ tên, ngày sinh, giới tính, điện thoại"),
    "birth_swapped": N_("Trùng họ tên, ngày và tháng sinh bị đảo"),
    "birth_one_off": N_("Trùng họ tên, ngày sinh khác một chữ số"),
    "name_one_off": N_("Trùng ngày sinh, họ tên khác rất ít"),
}
