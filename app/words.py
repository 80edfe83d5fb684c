"""The words and colours of every state and every reason, in one place."""

from datetime import date
from typing import Any, NamedTuple

from app.i18n import N_, _, show_date


class Refused(Exception):
    """An action does not do what was asked. `reasons`: (field name or "", code, values)."""

    def __init__(self, *reasons: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> None:
        super().__init__(", ".join(reason[1] for reason in reasons))
        self.reasons = [
            (reason[0], reason[1], reason[2] if len(reason) > 2 else {}) for reason in reasons
        ]

    def texts(self) -> list[str]:
        """The reasons in words."""
        return [word(code, **values) for _name, code, values in self.reasons]


class Word(NamedTuple):
    """text: Vietnamese with %(name)s places; tone: "", "good", "warn" or "bad"."""

    text: str
    tone: str = ""


STATES: dict[str, Word] = {}
REASONS: dict[str, str] = {}


def word(code: str, **values: Any) -> str:
    """The text of a state or reason in the reader's language; a value that is a date or itself a
    state is shown as such. Unknown codes raise KeyError."""
    text = STATES[code].text if code in STATES else REASONS[code]
    return _(text, **{name: _shown(value) for name, value in values.items()})


def _shown(value: Any) -> Any:
    if isinstance(value, date):
        return show_date(value)
    return _(STATES[value].text) if isinstance(value, str) and value in STATES else value


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
    "voided": Word(N_("Đã hủy ghi nhận")),
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
    "not_now": N_("Bước này không làm được lúc này: người này đang ở bước “%(state)s”."),
    "table_unknown": N_("Buổi tiêm không có bàn tiêm số này."),
    "reason_needed": N_("Có cảnh báo: ghi lý do vẫn tiêm."),
    "confirmation_needed": N_("Có cảnh báo: người thứ hai có quyền xác nhận phải ký tên ở đây."),
    "confirmation_by_other": N_("Người xác nhận phải khác người tiêm."),
    "confirmation_wrong": N_("Tên đăng nhập hoặc mật khẩu của người xác nhận không đúng."),
    "too_soon": N_("Chưa đủ 30 phút theo dõi: còn đến %(until)s."),
    "already_here": N_("Người này đã có lượt tiêm trong buổi này."),
    "session_not_today": N_("Buổi tiêm này không phải hôm nay, nên không ghi được lượt mới."),
    "session_full": N_("Buổi tiêm đã đủ số người."),
    "session_closed": N_(
        "Buổi tiêm đã kết thúc. Muốn ghi thêm thì người phụ trách mở lại buổi tiêm."
    ),
    "person_deceased": N_("Hồ sơ ghi người này đã mất. Không ghi mũi tiêm được."),
    "person_merged": N_("Hồ sơ này đã gộp vào hồ sơ khác."),
    "no_lot": N_("Ở đây không có lô vắc xin nào dùng được. Hãy nhờ thủ kho nhập kho."),
    "lot_not_here": N_("Lô này không có ở điểm tiêm."),
    "vaccinator_not_here": N_("Người tiêm không làm việc ở điểm tiêm này."),
    "no_sheet": N_("Chưa có phiếu sàng lọc đang áp dụng cho độ tuổi này. Hãy báo người quản trị."),
    "signer_needed": N_("Ghi họ tên cha, mẹ hoặc người giám hộ đã ký."),
    "delay_day": N_("Ngày hẹn lại phải từ ngày mai đến một năm sau."),
    "alone_by_conclusion": N_("Kết luận khám không phải “Đủ điều kiện”: ghi ở trang riêng."),
    "alone_by_alert": N_("Có lưu ý nặng hoặc chống chỉ định: ghi ở trang riêng."),
    "dose_recorded_already": N_("Bàn khác đã ghi mũi tiêm này."),
    "lot_changed": N_("Đã đổi lô. Hãy xem lại các mũi tiêm theo lô này rồi ghi."),
    "nobody_chosen": N_("Chưa chọn ai."),
    "child_alone": N_("Chưa đủ 18 tuổi: cha, mẹ hoặc người giám hộ ký, ghi ở trang riêng."),
    "signs_alone": N_("Cần đo thêm mạch hoặc huyết áp: ghi ở phiếu riêng."),
    "sheet_not_plain": N_("Theo phiếu: %(computed)s. Ghi ở phiếu riêng."),
    "sheet_not_ticked": N_("Đánh dấu “Tất cả KHÔNG”, hoặc bỏ trống và ghi ở phiếu riêng."),
    "list_numbers_form": N_("Ghi dạng 1-45, 50; mỗi lần nhiều nhất %(most)s số."),
    "lines_many": N_("Mỗi lần nhiều nhất %(most)s dòng, mỗi dòng nhiều nhất 500 ký tự."),
    "not_on_the_list": N_("Không có số này trong danh sách."),
    "nobody_has_number": N_("Chưa có ai trong hệ thống mang số này."),
    "line_without_number": N_("Không đọc được số giấy tờ ở dòng này."),
    "dose_volume": N_("Liều này không dùng cho vắc xin và loại mũi tiêm này."),
}

# amendments
STATES |= {
    "amend_undo": Word(N_("Hoàn tác")),
    "amend_change": Word(N_("Sửa mũi tiêm")),
    "amend_void": Word(N_("Hủy ghi nhận mũi tiêm")),
    "amend_late": Word(N_("Nhập hồi cứu")),
    "amend_elsewhere": Word(N_("Ghi mũi tiêm ở nơi khác")),
    "amend_waiting": Word(N_("Chờ duyệt"), "warn"),
    "amend_approved": Word(N_("Đã duyệt"), "good"),
    "amend_rejected": Word(N_("Từ chối"), "bad"),
    "amend_withdrawn": Word(N_("Đã rút")),
    "source_session": Word(N_("Ghi tại buổi tiêm"), "good"),
    "source_late": Word(N_("Nhập hồi cứu"), "warn"),
    "source_elsewhere": Word(N_("Tiêm ở nơi khác"), "warn"),
    "dose_voided_state": Word(N_("Đã hủy ghi nhận"), "bad"),
    "proof_slip": Word(N_("Giấy xác nhận đã tiêm")),
    "proof_book": Word(N_("Sổ tiêm chủng")),
    "proof_app": Word(N_("Ứng dụng SSKĐT, VNeID")),
    "proof_other": Word(N_("Giấy tờ khác")),
    "cause_cut": Word(N_("Mất điện, mất mạng")),
    "cause_service": Word(N_("Hệ thống ngừng hoạt động")),
    "cause_other": Word(N_("Lý do khác")),
}
REASONS |= {
    "undo_nothing": N_("Ở bước này không có gì để hoàn tác."),
    "undo_not_yours": N_("Chỉ người đã ghi bước này mới hoàn tác được."),
    "undo_too_late": N_("Đã quá 15 phút nên không hoàn tác được nữa. Hãy đề nghị sửa mũi tiêm."),
    "undo_closed": N_("Buổi tiêm đã kết thúc nên không hoàn tác được. Hãy đề nghị sửa mũi tiêm."),
    "undo_reaction": N_("Đã ghi phản ứng sau mũi tiêm này nên không hoàn tác được."),
    "amend_decided": N_("Đề nghị này đã được quyết định hoặc đã rút."),
    "amend_own": N_("Người đề nghị không tự duyệt được. Phải có người thứ hai."),
    "amend_not_yours": N_("Chỉ nơi đã ghi mũi tiêm mới quyết định được."),
    "amend_not_asker": N_("Chỉ người đã đề nghị mới rút lại được."),
    "amend_same": N_("Chưa có mục nào khác với bản đang ghi."),
    "dose_voided": N_("Mũi tiêm này đã hủy ghi nhận."),
    "dose_elsewhere": N_("Mũi tiêm ở nơi khác: hãy đề nghị hủy rồi ghi lại cho đúng."),
    "elsewhere_pending": N_("Đã có đề nghị ghi mũi tiêm của ngày này chờ duyệt."),
    "seq_range": N_("Mũi số từ 1 đến 99."),
    "void_reaction": N_("Đã ghi phản ứng sau mũi tiêm này."),
    "answer_needed": N_("Ghi lý do từ chối."),
    "late_pending": N_("Người này đã có đề nghị nhập hồi cứu chờ duyệt trong buổi này."),
    "time_form": N_("Nhập giờ và phút, ví dụ 08:05."),
    "time_other_day": N_("Giờ tiêm phải trong ngày của buổi tiêm."),
    "time_to_come": N_("Giờ này chưa tới."),
    "papers_incomplete": N_("Phiếu đồng ý hoặc khám sàng lọc trên giấy không đủ."),
    "dose_number_taken": N_("Hồ sơ đã có %(kind)s, mũi %(seq)s."),
    "rows_none_ticked": N_("Hãy đánh dấu ít nhất một dòng."),
    "amend_pending": N_("Mũi tiêm này đang có đề nghị sửa chờ duyệt."),
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
    "name_unmarked": N_("Họ tên có từ thiếu dấu hoặc sai dấu. Hãy xem lại."),
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
    "guardian_missing": N_("Người dưới 18 tuổi: chưa ghi cha, mẹ hoặc người giám hộ."),
    "age_unlikely": N_("Người này trên 110 tuổi theo ngày sinh."),
    "look_alikes_found": N_("Có hồ sơ giống người này. Hãy xem rồi chọn."),
    "doubts_found": N_("Có điểm cần xem lại. Nếu giấy tờ đúng như vậy, hãy đánh dấu và ghi lý do."),
    "number_taken": N_("Số này thuộc hồ sơ khác, do %(unit)s quản lý. Hãy tìm theo số để xem."),
    "number_here": N_("Số này đã có trong hồ sơ."),
    "number_or_none": N_("Nhập số giấy tờ, hoặc chọn “Chưa có giấy tờ”."),
    "note_missing": N_("Ghi lý do ở mục dưới."),
    "date_day_missing": N_("Nhập đủ ngày, tháng và năm."),
    "number_unknown": N_("Không có ai mang số giấy tờ này."),
    "country_unknown": N_("Không có nước này trong danh mục. Ví dụ: Việt Nam, Lào, Hoa Kỳ."),
    "commune_unknown": N_("Không tìm thấy xã, phường này. Ví dụ: Ba Đình, Hà Nội."),
    "commune_several": N_("Có nhiều nơi cùng tên. Hãy chọn một."),
    "card_unreadable": N_("Không đọc được mã trên thẻ. Hãy quét lại, hoặc nhập bằng tay."),
    "deceased_before_birth": N_("Ngày mất trước ngày sinh."),
    "mismatch_reason": N_("Ghi rõ sai ở đâu."),
    "same_number": N_("Trùng số giấy tờ"),
    "same_name_birth_sex": N_("Trùng họ tên, ngày sinh và giới tính"),
    "number_one_off": N_("Số giấy tờ khác một chữ số"),
    "number_swapped": N_("Số giấy tờ đảo hai chữ số"),
    "number_lost_zero": N_("Số giấy tờ thiếu số 0"),
    "three_of_four": N_("Trùng ba trong bốn: họ tên, ngày sinh, giới tính, điện thoại"),
    "same_name_birth": N_("Trùng họ tên và ngày sinh, giới tính không trùng"),
    "birth_swapped": N_("Trùng họ tên, ngày và tháng sinh bị đảo"),
    "birth_one_off": N_("Trùng họ tên, ngày sinh khác một chữ số"),
    "name_one_off": N_("Trùng ngày sinh, họ tên khác rất ít"),
}

STATES |= {
    "CCCD": Word(N_("CCCD")),
    "CMND": Word(N_("CMND")),
    "PASSPORT": Word(N_("Hộ chiếu")),
    "BHYT": Word(N_("Thẻ BHYT")),
    "NONE": Word(N_("Mã tạm")),
    "M": Word(N_("Nam")),
    "F": Word(N_("Nữ")),
    "unverified": Word(N_("Chưa đối chiếu")),
    "verified": Word(N_("Đã đối chiếu, khớp"), "good"),
    "mismatch": Word(N_("Đối chiếu: sai thông tin"), "bad"),
    "twins": Word(N_("Sinh đôi")),
    "namesake": Word(N_("Trùng họ tên")),
    "family": Word(N_("Người cùng nhà")),
    "near_number": Word(N_("Số giấy tờ gần giống nhưng đúng")),
    "replaced": Word(N_("Đã đổi giấy tờ khác")),
    "expired": Word(N_("Hết hạn")),
    "lost": Word(N_("Bị mất")),
    "mistyped": Word(N_("Nhập nhầm")),
}

# messages
STATES |= {
    "notice_waiting": Word(N_("Chờ gửi")),
    "notice_sent": Word(N_("Đã đi")),
    "notice_delivered": Word(N_("Đã đến"), "good"),
    "notice_failed": Word(N_("Không gửi được"), "bad"),
    "notice_given_up": Word(N_("Thôi gửi"), "bad"),
    "left_dose_recorded": Word(N_("Báo mũi tiêm")),
    "left_phone_code": Word(N_("Mã xác thực")),
    "left_invited": Word(N_("Mời tiêm")),
    "left_invited_anew": Word(N_("Đổi lịch")),
    "left_invited_tomorrow": Word(N_("Nhắc lịch")),
    "left_uninvited": Word(N_("Hủy lịch")),
    "left_withdrawn": Word(N_("Hủy lịch theo yêu cầu")),
    "left_called_off": Word(N_("Hủy buổi tiêm")),
    "left_was_absent": Word(N_("Vắng mặt")),
    "inbound_look_up": Word(N_("TC: tra cứu")),
    "inbound_wrong": Word(N_("SAI: phản ánh")),
    "inbound_decline": Word(N_("HUY: bỏ lịch hẹn")),
    "inbound_ill": Word(N_("PU: phản ứng")),
    "inbound_help": Word(N_("Không hiểu")),
    "inbound_over": Word(N_("Quá giới hạn")),
    "inbound_repeated": Word(N_("Gửi lại")),
    "inbound_forged": Word(N_("Sai chữ ký")),
    "inbound_strange": Word(N_("Sai định dạng")),
    "limit_number": Word(N_("Tra cứu: một số")),
    "limit_neighbours": Word(N_("Tra cứu: một dãy số")),
    "limit_address": Word(N_("Tra cứu: một nơi")),
    "limit_sms_phone": Word(N_("Tra cứu bằng tin: một máy")),
    "limit_sms_answers": Word(N_("Tin đến: một máy")),
    "limit_wish": Word(N_("Mở đăng ký: một mã")),
    "limit_register_phone": Word(N_("Đăng ký: một máy")),
    "limit_register_address": Word(N_("Đăng ký: một nơi")),
    "limit_code_phone": Word(N_("Xin mã: một máy")),
    "limit_code_neighbours": Word(N_("Xin mã: một dãy số")),
    "limit_ask_address": Word(N_("Xin mã: một nơi")),
    "limit_code_wish": Word(N_("Đoán mã: một đăng ký")),
    "limit_ticket_phone": Word(N_("Gửi phản ánh: một máy")),
    "limit_ticket_address": Word(N_("Gửi phản ánh: một nơi")),
    "limit_ticket": Word(N_("Theo dõi phản ánh: một mã")),
    "limit_follow_phone": Word(N_("Theo dõi phản ánh: một máy")),
    "limit_follow_address": Word(N_("Theo dõi phản ánh: một nơi")),
    "limit_evidence_ticket": Word(N_("Ảnh: một phản ánh")),
    "limit_picture_address": Word(N_("Ảnh: một nơi")),
    "limit_reaction_phone": Word(N_("Báo phản ứng: một máy")),
    "limit_reaction_address": Word(N_("Báo phản ứng: một nơi")),
    "limit_code_address": Word(N_("Kiểm tra chứng nhận: một nơi")),
}
REASONS |= {
    "notice_not_again": N_(
        "Tin này không gửi lại được: đã gửi, đã quá 3 ngày, hoặc mũi tiêm đã hủy."
    ),
}

# reactions
STATES |= {
    "fever": Word(N_("Sốt")),
    "local_pain": Word(N_("Sưng, đau tại chỗ tiêm")),
    "rash": Word(N_("Phát ban")),
    "muscle_pain": Word(N_("Đau cơ")),
    "headache": Word(N_("Đau đầu")),
    "diarrhoea": Word(N_("Tiêu chảy")),
    "fatigue": Word(N_("Mệt mỏi")),
    "nausea": Word(N_("Buồn nôn")),
    "serious_signs": Word(N_("Khó thở, ngất, co giật, đau ngực, sưng mặt")),
    "self_reported": Word(N_("Người dân tự báo")),
    "other_sign": Word(N_("Dấu hiệu khác")),
    "serious": Word(N_("Tai biến nặng"), "bad"),
    "alert_reaction": Word(N_("phản ứng sau tiêm"), "warn"),
    "alert_contraindication": Word(N_("chống chỉ định đã ghi"), "bad"),
}
REASONS |= {
    "sign_unknown": N_("Chỉ gõ các số từ 0 đến 9 trong danh sách."),
    "sign_needed": N_("Gõ số hoặc bấm tên của ít nhất một dấu hiệu."),
    "sign_or_words": N_("Chọn ít nhất một dấu hiệu, hoặc ghi rõ."),
    "no_dose_yet": N_("Lượt này chưa có mũi tiêm."),
}

# vaccines
STATES |= {
    "CO_BAN": Word(N_("Liều cơ bản")),
    "BO_SUNG": Word(N_("Liều bổ sung")),
    "NHAC_LAI": Word(N_("Liều nhắc lại")),
    "DU_DIEU_KIEN": Word(N_("Đủ điều kiện tiêm chủng"), "good"),
    "THAN_TRONG": Word(N_("Thận trọng khi tiêm chủng"), "warn"),
    "CHUYEN_BV": Word(N_("Chuyển bệnh viện tiêm"), "warn"),
    "TRI_HOAN": Word(N_("Trì hoãn tiêm chủng"), "warn"),
    "CHONG_CHI_DINH": Word(N_("Chống chỉ định"), "bad"),
    "pregnant": Word(N_("đang mang thai")),
    "breastfeeding": Word(N_("đang cho con bú")),
    "immunosuppressed": Word(N_("suy giảm miễn dịch vừa hoặc nặng")),
    "high_exposure": Word(N_("có nguy cơ phơi nhiễm cao")),
    "heart_failure": Word(N_("tiền sử suy tim")),
    "chest_symptoms": Word(N_("đau ngực, khó thở")),
    "blood_pressure_history": Word(N_("tiền sử tăng huyết áp hoặc huyết áp thấp")),
    "heart_disease": Word(N_("bệnh nền liên quan đến tim mạch")),
}
REASONS |= {
    "date_in_future": N_("Ngày tiêm ở tương lai."),
    "before_birth": N_("Ngày tiêm trước ngày sinh."),
    "before_licence": N_("%(product)s được cấp phép từ ngày %(licensed_on)s."),
    "deceased": N_("Hồ sơ ghi người này đã mất. Không ghi mũi tiêm được."),
    "not_screened": N_("Chưa khám sàng lọc."),
    "screening_no_dose": N_("Kết luận khám sàng lọc: %(conclusion)s. Không tiêm được."),
    "lot_expired": N_("Lô này đã hết hạn."),
    "lot_exhausted": N_("Lô này đã hết liều."),
    "lot_suspended": N_("Lô này đang tạm dừng sử dụng."),
    "kind_differs": N_(
        "Theo lịch tiêm, mũi này là %(due)s, mũi %(due_seq)s, không phải %(kind)s, mũi %(seq)s."
    ),
    "age_unknown": N_("Chưa có ngày sinh nên không kiểm tra được tuổi."),
    "age_unsure": N_(
        "Ngày sinh không đủ: người này %(youngest)s hoặc %(oldest)s tuổi, "
        "không chắc đủ tuổi tiêm %(product)s."
    ),
    "too_young": N_("Người này mới %(years)s tuổi; %(product)s dùng cho người từ %(start)s tuổi."),
    "age_outside": N_("%(product)s không dùng cho người %(years)s tuổi."),
    "same_day": N_("Người này đã có một mũi tiêm trong cùng ngày."),
    "later_dose": N_("Người này đã có mũi tiêm ngày %(given_on)s, sau ngày này."),
    "too_early": N_("Sớm %(days)s ngày: mũi này tiêm được từ ngày %(earliest)s (%(document)s)."),
    "sooner_than_usual": N_(
        "Sớm hơn khoảng cách thường dùng %(days)s ngày, chỉ khi có dịch hoặc nguy cơ cao; "
        "thường từ ngày %(earliest)s (%(document)s)."
    ),
    "after_illness": N_("Mới mắc COVID-19: mũi này tiêm từ ngày %(earliest)s (%(document)s)."),
    "no_rule": N_("Chưa có hướng dẫn cho %(kind)s, mũi %(seq)s."),
    "not_in_group": N_("Người này không thuộc nhóm tiêm %(kind)s, mũi %(seq)s (%(document)s)."),
    "group_unsure": N_(
        "Ngày sinh không đủ để biết người này có thuộc nhóm tiêm %(kind)s, mũi %(seq)s không "
        "(%(document)s)."
    ),
    "mix_not_allowed": N_("Chưa có hướng dẫn cho phép tiêm %(product)s sau %(before)s."),
    "history_unknown": N_(
        "Đã tiêm vắc xin không có trong danh mục (%(product)s) nên không kiểm tra được việc "
        "phối hợp."
    ),
    "product_not_for": N_("%(product)s: chống chỉ định với người %(flag)s."),
    "wrong_component": N_("Mũi này phải dùng thành phần %(component)s của vắc xin."),
    "answer_missing": N_("Chọn Có hoặc Không."),
    "detail_missing": N_("Ghi rõ."),
    "choice_missing": N_("Chọn chống chỉ định hay trì hoãn."),
    "only_one_yes": N_("Chỉ một trong hai mục về tuổi thai là Có."),
    "sign_missing": N_("Người này cần đo: ghi kết quả."),
    "sign_impossible": N_("Giá trị phải từ %(least)s đến %(most)s. Hãy đo và ghi lại."),
    "pressure_swapped": N_("Huyết áp tối đa phải lớn hơn huyết áp tối thiểu."),
    "sign_low": N_("%(value)s: thấp hơn %(limit)s."),
    "sign_high": N_("%(value)s: cao hơn %(limit)s."),
    "sign_above_usual": N_("%(value)s: cao hơn huyết áp hằng ngày quá %(limit)s mmHg."),
    "conclusion_milder": N_(
        "Theo phiếu, kết luận là “%(computed)s” (mục %(items)s). Chọn kết luận nhẹ hơn thì ghi lý "
        "do và nhờ người thứ hai xác nhận."
    ),
    "ref_missing": N_("thiếu mục này"),
    "ref_not_object": N_("phải là một nhóm { … }"),
    "ref_wrong_type": N_("sai kiểu giá trị"),
    "ref_out_of_range": N_("giá trị ngoài khoảng cho phép"),
    "ref_not_number": N_("phải là số"),
    "ref_not_date": N_("phải là ngày dạng 2021-12-31"),
    "ref_not_span": N_('phải là số tháng, tuần, ngày, ví dụ {"weeks": 4}'),
    "ref_not_one_of": N_("phải là một trong: %(allowed)s"),
    "ref_outcome_missing": N_("phiếu không có kết luận %(outcome)s mà mục %(item)s dẫn đến"),
    "ref_twice": N_("có hai mục cùng mã"),
    "ref_column_once": N_("phải có đúng một cột %(column)s"),
    "ref_column_rest": N_("phải có một cột cho các mũi khác"),
    "ref_unknown_name": N_("không có vắc xin nào tên %(name)s"),
}

# accounts
STATES |= {
    "account_open": Word(N_("Đang dùng"), "good"),
    "account_new": Word(N_("Chờ đổi mật khẩu lần đầu"), "warn"),
    "account_unseen": Word(N_("Quá 90 ngày không dùng"), "warn"),
    "account_closed": Word(N_("Đã đóng"), "bad"),
}
REASONS |= {
    "username_form": N_("Tên đăng nhập có 3 đến 30 ký tự: chữ thường không dấu, số, . _ -"),
    "username_taken": N_("Đã có người dùng tên đăng nhập này. Hãy đặt tên khác."),
    "roles_missing": N_("Chọn ít nhất một vai trò."),
    "role_not_yours": N_("Bạn không được cấp vai trò này."),
    "role_unfit": N_("Ở đơn vị này không dùng vai trò: %(role)s."),
    "unit_unknown": N_("Không có đơn vị nào mang mã này trong phạm vi của bạn."),
    "unit_not_open": N_("Đơn vị này không hoạt động."),
    "account_own": N_("Không thể tự sửa hoặc tự đóng tài khoản của mình. Hãy nhờ cấp trên."),
    "account_above": N_("Tài khoản này có vai trò hoặc nơi làm việc ngoài phạm vi của bạn."),
    "last_place": N_("Đây là nơi làm việc duy nhất. Hãy đóng tài khoản."),
    "sign_in_wrong": N_("Tên đăng nhập hoặc mật khẩu không đúng."),
    "sign_in_wait": N_("Đã thử sai nhiều lần. Hãy chờ %(n)s giây rồi thử lại."),
    "sign_in_unseen": N_(
        "Tài khoản đã quá 90 ngày không dùng. Hãy nhờ người phụ trách đơn vị mở lại."
    ),
    "sign_in_no_place": N_(
        "Tài khoản chưa được giao việc ở đơn vị nào đang hoạt động. Hãy hỏi người phụ trách."
    ),
    "cookie_lost": N_(
        "Trang đã cũ hoặc trình duyệt không giữ cookie. Hãy thử lại; nếu vẫn vậy, hãy bật cookie."
    ),
    "password_wrong": N_("Mật khẩu đang dùng không đúng."),
    "password_same": N_("Mật khẩu mới phải khác mật khẩu đang dùng."),
    "password_again": N_("Hai lần nhập mật khẩu mới không giống nhau."),
    "password_short": N_("Mật khẩu mới phải có ít nhất 10 ký tự."),
    "password_long": N_("Mật khẩu mới dài quá 200 ký tự."),
    "password_is_name": N_("Mật khẩu mới không được chứa tên đăng nhập."),
    "password_common": N_("Mật khẩu này quá dễ đoán. Hãy chọn mật khẩu khác."),
}

# stock
STATES |= {
    "lot_usable": Word(N_("Dùng được"), "good"),
    "lot_soon": Word(N_("Sắp hết hạn"), "warn"),
    "lot_out_of_date": Word(N_("Hết hạn"), "bad"),
    "lot_stopped": Word(N_("Tạm dừng"), "bad"),
    "lot_none_left": Word(N_("Hết liều")),
    "receipt": Word(N_("Nhập")),
    "dose": Word(N_("Tiêm")),
    "undo": Word(N_("Hủy ghi nhận mũi tiêm")),
    "waste": Word(N_("Hủy")),
    "unwaste": Word(N_("Bỏ ghi nhầm hủy")),
    "return": Word(N_("Trả lại")),
    "correction": Word(N_("Điều chỉnh theo kiểm đếm")),
    "waste_broken": Word(N_("vỡ, hỏng lọ")),
    "waste_expired": Word(N_("hết hạn")),
    "waste_open_too_long": Word(N_("quá giờ sau khi mở lọ")),
    "waste_cold_chain": Word(N_("bảo quản ngoài nhiệt độ quy định")),
    "waste_frozen": Word(N_("đông băng")),
    "waste_short_vial": Word(N_("lọ không rút đủ liều")),
    "waste_contaminated": Word(N_("nghi nhiễm bẩn, biến màu, vẩn đục")),
    "waste_other": Word(N_("lý do khác")),
}
REASONS |= {
    "lot_empty": N_("Lô này đã hết liều."),
    "lot_number_form": N_("Số lô gồm chữ không dấu, số, dấu gạch, tối đa 30 ký tự."),
    "lot_other_expiry": N_(
        "Lô này đã ghi hạn dùng %(known)s, ở đây nhập %(typed)s. Hãy xem lại nhãn lọ."
    ),
    "expiry_form": N_("Nhập hạn dùng như trên nhãn, ví dụ 31/12/2026 hoặc 12/2026."),
    "expiry_past": N_("Hạn dùng này đã qua."),
    "expiry_far": N_("Hạn dùng này xa hơn 5 năm. Hãy xem lại nhãn lọ."),
    "doses_range": N_("Số liều từ 1 đến 100000."),
    "doses_too_many": N_("Kho chỉ còn %(left)s liều."),
    "note_needed": N_("Ghi rõ lý do."),
    "waste_taken_back": N_("Dòng hủy này đã được bỏ rồi."),
    "count_same": N_("Sổ cũng đang ghi %(left)s liều, không cần điều chỉnh."),
    "count_stale": N_(
        "Trong lúc kiểm đếm, sổ đã đổi từ %(shown)s thành %(left)s liều. Hãy đếm lại."
    ),
    "lot_stopped_already": N_("Đơn vị đã tạm dừng lô này rồi."),
    "lot_not_stopped": N_("Lô này không bị tạm dừng."),
    "lot_stopped_elsewhere": N_(
        "Lô này do %(units)s tạm dừng. Chỉ nơi đó hoặc đơn vị cấp trên cho dùng lại được."
    ),
}

# certificates: the three steps
STATES |= {
    "dose_ready": Word(N_("Đủ điều kiện, chờ xác nhận"), "warn"),
    "dose_lacks": Word(N_("Còn thiếu"), "bad"),
    "dose_confirmed": Word(N_("Đã xác nhận, chờ ký"), "warn"),
    "dose_signed": Word(N_("Đã ký"), "good"),
    "mends_verifier": Word(N_("công an đối chiếu nhân thân")),
    "mends_reception": Word(N_("tiếp đón sửa hồ sơ")),
    "mends_approver": Word(N_("người thứ hai duyệt đề nghị")),
    "mends_centre": Word(N_("Bộ Y tế")),
    "mends_site": Word(N_("điểm tiêm xác nhận")),
    "mends_head": Word(N_("phụ trách điểm tiêm ký")),
    "cert_DCC": Word(N_("Chuẩn EU")),
    "cert_ICVP": Word(N_("Chuẩn WHO")),
    "cert_standing": Word(N_("Đang dùng"), "good"),
    "cert_replaced": Word(N_("Đã có bản mới")),
    "cert_revoked": Word(N_("Đã thu hồi"), "bad"),
    "cert_changed": Word(N_("Không còn giá trị: mũi tiêm đã thay đổi"), "bad"),
    "cert_identity": Word(N_("Không còn giá trị: nhân thân đã thay đổi"), "bad"),
    "cert_merged": Word(N_("Không còn giá trị: hồ sơ đã gộp"), "bad"),
    "cert_expired": Word(N_("Hết hạn")),
    "again_mistake": Word(N_("Đã thu hồi nhầm")),
    "again_checked": Word(N_("Đã kiểm tra lại, hồ sơ đúng")),
    "again_copied": Word(N_("Mã cũ bị người khác dùng, cấp mã khác")),
    "why_changed": Word(N_("mũi tiêm đã thay đổi")),
    "why_identity": Word(N_("nhân thân đã thay đổi")),
    "why_merged": Word(N_("hồ sơ đã gộp")),
    "why_name": Word(N_("tên không dấu đã thay đổi")),
}
REASONS |= {
    "miss_verified": N_("Nhân thân chưa được đối chiếu."),
    "miss_mismatch": N_("Đối chiếu nhân thân: sai thông tin. Sửa hồ sơ rồi đối chiếu lại."),
    "miss_passport": N_("Người nước ngoài chưa ghi số hộ chiếu."),
    "miss_pending": N_("Mũi tiêm đang có đề nghị chờ duyệt."),
    "miss_product": N_("Vắc xin này chưa có mã để cấp chứng nhận."),
    "miss_confirmed": N_("Điểm tiêm chưa xác nhận %(n)s mũi."),
    "miss_signed": N_("Phụ trách điểm tiêm chưa ký %(n)s mũi."),
    "lacks_miss_confirmed": N_("Điểm tiêm chưa xác nhận đủ các mũi."),
    "lacks_miss_signed": N_("Phụ trách điểm tiêm chưa ký đủ các mũi."),
    "sign_nothing": N_("Chọn ít nhất một ngày."),
    "sign_moved": N_("Số liệu vừa thay đổi. Hãy xem lại rồi ký."),
    "cert_has": N_("Đã có chứng nhận đang dùng."),
    "cert_moved": N_("Hồ sơ vừa thay đổi trong lúc cấp. Hãy cấp lại."),
    "cert_ended": N_("Chứng nhận này đã thu hồi rồi."),
    "why_needed": N_("Ghi lý do."),
    "again_not": N_("Chỉ cấp lại thay cho chứng nhận mới nhất do người có quyền thu hồi."),
    "again_eu": N_("Người này chưa có chứng nhận chuẩn EU đang dùng. Hãy cấp lại bản đó trước."),
    "uvci_form": N_(
        "Sau URN:UVCI:01:VN: phải có 32 chữ số và chữ cái A đến F, ở đây có %(n)s ký tự. "
        "Hãy xem lại từng ký tự."
    ),
    "uvci_check": N_("Ký tự kiểm tra sau dấu # không khớp: có ký tự gõ sai. Hãy xem lại."),
    "uvci_foreign": N_("Mã số này do nước khác cấp (%(country)s), không có trong hệ thống."),
    "uvci_unknown": N_("Không có chứng nhận nào mang mã số này trong hệ thống."),
    "latin_other_name": N_("Họ, chữ đệm và tên phải đúng là các chữ của “%(name)s”."),
    "latin_form": N_("Chỉ dùng chữ A đến Z không dấu và dấu cách, nhiều nhất 80 ký tự."),
}

# certificates
REASONS |= {
    "slip_too_soon": N_("Chưa hết thời gian theo dõi nên chưa cấp giấy xác nhận."),
    "slip_no_dose": N_("Lượt này không có mũi tiêm nên không có giấy xác nhận."),
    "slip_nothing": N_("Người này chưa có mũi tiêm nào trong hệ thống nên chưa có giấy xác nhận."),
    "slip_elsewhere": N_(
        "Các mũi của người này đều nhập theo giấy tờ cũ, chưa tiêm ở điểm tiêm nào trong hệ thống. "
        "Hãy dùng giấy xác nhận cũ."
    ),
    "slip_number": N_("Gõ đủ số giấy tờ, hoặc quét thẻ. Không tìm theo họ tên."),
    "slip_birth": N_("Ngày sinh không khớp với hồ sơ."),
    "slip_wait": N_("Đã gõ sai ngày sinh nhiều lần. Hãy thử lại sau %(minutes)s phút."),
    "cert_codes": N_("Mã sản phẩm, mã nhà sản xuất và mã loại vắc xin không đi cùng nhau."),
    "cert_name_long": N_("Họ hoặc tên dài quá 80 ký tự nên không ghi vào chứng nhận được."),
    "cert_name_latin": N_("Chưa có họ tên viết không dấu như trên hộ chiếu."),
    "cert_name_split": N_("Chưa rõ đâu là họ, đâu là tên. Hãy ghi riêng họ và tên."),
    "cert_name_letters": N_("Chưa biết viết chữ “%(letters)s” trên hộ chiếu thế nào. Hãy ghi tay."),
    "cert_birth": N_("Năm sinh phải từ 1900 đến 2099."),
    "cert_date_future": N_("Ngày tiêm chưa tới."),
    "cert_date_before_birth": N_("Ngày tiêm trước ngày sinh."),
    "cert_dose_number": N_("Mũi số phải từ 1 trở lên."),
    "cert_issuer_long": N_("Tên nơi cấp phải có từ 1 đến 80 ký tự."),
    "cert_uvci": N_("Mã số của chứng nhận không đúng dạng."),
    "cert_no_dose": N_("Người này chưa có mũi tiêm nào trong hệ thống."),
    "cert_product": N_("Vắc xin của mũi mới nhất không có trong danh mục: %(product)s."),
}

# lists
STATES |= {
    "list_session": Word(N_("Danh sách buổi tiêm")),
    "list_invitation": Word(N_("Danh sách mời tiêm theo thôn, tổ")),
    "list_due": Word(N_("Danh sách người đến hạn tiêm")),
    "list_absent": Word(N_("Danh sách người vắng buổi tiêm")),
    "list_police": Word(N_("Danh sách đối chiếu nhân thân với công an")),
    "list_paper": Word(N_("Danh sách ghi tay khi mất điện")),
    "for_session": Word(N_("tiếp đón và ký tên tại buổi tiêm")),
    "for_invitation": Word(N_("thôn, tổ báo cho từng người đến tiêm")),
    "for_due": Word(N_("gọi người đã đến hạn tiêm mũi tiếp theo")),
    "for_absent": Word(N_("gọi lại người không đến buổi tiêm")),
    "for_police": Word(N_("công an cấp xã đối chiếu (CV 8938/BYT-DP, CV 2262/BYT-CNTT)")),
    "for_paper": Word(N_("ghi tay khi mất điện, mất mạng, rồi nhập hồi cứu")),
    "col_row": Word(N_("TT")),
    "col_no": Word(N_("Số")),
    "col_code": Word(N_("Mã dòng")),
    "col_name": Word(N_("Họ và tên")),
    "col_born": Word(N_("Ngày sinh")),
    "col_sex": Word(N_("Giới tính")),
    "col_number": Word(N_("Số CCCD/CMND")),
    "col_number4": Word(N_("Số giấy tờ")),
    "col_phone": Word(N_("Điện thoại")),
    "col_phone3": Word(N_("Điện thoại")),
    "col_address": Word(N_("Nơi ở")),
    "col_hour": Word(N_("Giờ hẹn")),
    "col_note": Word(N_("Ghi chú")),
    "col_sign": Word(N_("Ký tên")),
    "col_told": Word(N_("Đã báo")),
    "col_last": Word(N_("Mũi gần nhất")),
    "col_next": Word(N_("Mũi tiếp theo")),
    "col_due": Word(N_("Đến hạn")),
    "col_expected": Word(N_("Buổi đã hẹn")),
    "col_why": Word(N_("Lý do vắng, hẹn lại")),
    "col_doubt": Word(N_("Cần đối chiếu")),
    "col_right": Word(N_("Đúng")),
    "col_wrong": Word(N_("Sai")),
    "col_correct": Word(N_("Nội dung đúng")),
    "col_queue": Word(N_("Số TT đến")),
    "col_consent": Word(N_("Đồng ý")),
    "col_temperature": Word(N_("Nhiệt độ")),
    "col_conclusion": Word(N_("Kết luận khám")),
    "col_lot": Word(N_("Số lô")),
    "col_given": Word(N_("Giờ tiêm")),
    "col_injected": Word(N_("Người tiêm ký")),
    "col_until": Word(N_("Theo dõi đến")),
    "no_number": Word(N_("Chưa có số")),
    "short_DU_DIEU_KIEN": Word(N_("ĐĐK")),
    "short_THAN_TRONG": Word(N_("ThT")),
    "short_CHUYEN_BV": Word(N_("CBV")),
    "short_TRI_HOAN": Word(N_("TH")),
    "short_CHONG_CHI_DINH": Word(N_("CCĐ")),
}
REASONS |= {
    "row_unknown": N_("Không có dòng nào mang mã này. Hãy xem lại từng ký tự."),
}

# signers
REASONS |= {
    "no_signing_key": N_(
        "Hệ thống chưa có khóa còn hiệu lực để ký chứng nhận. Hãy báo người quản trị."
    ),
    "signer_none": N_("Không có khóa nào với mã này còn được tin."),
}

# verification
STATES |= {
    "told_v": Word(N_("Tiêm chủng COVID-19")),
    "told_t": Word(N_("Kết quả xét nghiệm COVID-19")),
    "told_r": Word(N_("Đã khỏi COVID-19")),
    "told_icvp": Word(N_("Tiêm chủng, theo mẫu của WHO")),
    "told_": Word(N_("Không rõ")),
}
REASONS |= {
    "check_nothing": N_("Dán mã, hoặc chọn ảnh có mã QR."),
    "bad_prefix": N_("Đây không phải mã của chứng nhận tiêm chủng: mã đó bắt đầu bằng HC1:"),
    "bad_base45": N_("Mã có ký tự lạ hoặc thiếu ký tự. Hãy sao chép lại cả mã, hoặc chụp lại."),
    "bad_zlib": N_("Mã bị thiếu hoặc bị sửa nên không mở được. Hãy sao chép lại, hoặc chụp lại."),
    "too_large": N_("Mã dài quá mức, không phải mã của chứng nhận."),
    "bad_cose": N_("Mã mở được nhưng bên trong không phải chứng nhận."),
    "bad_claims": N_("Chứng nhận ghi thiếu hoặc ghi sai ngày cấp, ngày hết hạn, nội dung."),
    "unknown_signer": N_("Không rõ nơi ký: nơi ký không có trong danh sách được tin cậy."),
    "wrong_algorithm": N_("Cách ký không khớp với khóa của nơi ký."),
    "bad_signature": N_("Chữ ký sai: chứng nhận bị sửa hoặc là giả."),
    "not_yet_valid": N_("Chứng nhận chưa đến ngày có hiệu lực."),
    "wrong_usage": N_("Nơi ký không được ký loại chứng nhận này."),
    "bad_schema": N_("Nội dung chứng nhận không đúng mẫu."),
    "not_in_system": N_(
        "Không có trong hệ thống. Kết quả không có trong hệ thống thì không có giá trị."
    ),
    "revoked": N_("Chứng nhận đã bị thu hồi."),
    "changed": N_("Dữ liệu đã thay đổi sau khi cấp. Hãy lấy chứng nhận mới."),
    "picture_broken": N_("Tệp này không phải ảnh, hoặc ảnh bị hỏng. Hãy chụp lại."),
    "picture_heic": N_(
        "Ảnh HEIC của iPhone chưa đọc được. Hãy chụp màn hình ảnh đó rồi gửi ảnh chụp màn hình; "
        "hoặc chọn Cài đặt, Camera, Định dạng, Tương thích nhất rồi chụp lại."
    ),
    "picture_large": N_("Ảnh có quá nhiều điểm ảnh. Hãy chụp ở cỡ nhỏ hơn, hoặc cắt lấy mã QR."),
    "picture_size": N_("Ảnh nặng quá 10 MB nên chưa đọc. Hãy chụp ở cỡ nhỏ hơn."),
    "picture_no_code": N_(
        "Không thấy mã QR trong ảnh. Hãy chụp lại gần, thẳng, đủ sáng, lấy trọn mã."
    ),
    "picture_many": N_("Trong ảnh có nhiều mã. Hãy chụp từng mã."),
    "picture_busy": N_("Máy chủ đang đọc nhiều ảnh. Hãy gửi lại sau ít giây."),
}

# portal
REASONS |= {
    "look_up_nothing": N_("Không tìm thấy hoặc thông tin không khớp."),
    "look_up_wait": N_("Đã thử nhiều lần. Hãy thử lại sau %(minutes)s phút."),
    "look_up_what": N_(
        "Nhập đủ số trên giấy tờ, hoặc mã giấy xác nhận gồm 17 chữ và số. Hãy xem lại từng ký tự."
    ),
    "pin_form": N_("Mã PIN gồm 6 chữ số, in trên giấy xác nhận."),
}

# registrations
STATES |= {
    "wish_draft": Word(N_("Đang khai, chưa gửi"), "warn"),
    "wish_sent": Word(N_("Đã gửi, chờ duyệt")),
    "wish_approved": Word(N_("Đã duyệt, chờ phân bổ"), "good"),
    "wish_rejected": Word(N_("Không được duyệt"), "bad"),
    "wish_allocated": Word(N_("Đã chuyển cơ sở tiêm"), "good"),
    "wish_listed": Word(N_("Đã có lịch tiêm"), "good"),
    "wish_done": Word(N_("Đã tiêm"), "good"),
    "wish_withdrawn": Word(N_("Đã rút"), "warn"),
    "leave_appointment": Word(N_("Bỏ lịch hẹn này")),
    "leave_appointment_sure": Word(
        N_("Không đến được? Chỗ này sẽ dành cho người khác; đăng ký vẫn chờ, điểm tiêm sẽ hẹn lại.")
    ),
    "leave_wish": Word(N_("Rút đăng ký")),
    "leave_wish_sure": Word(
        N_("Không tiêm nữa, hay đã tiêm nơi khác? Rút rồi muốn tiêm lại thì phải đăng ký mới.")
    ),
    # The questions of the portal, word for word.
    "past_anaphylaxis": Word(N_("Tiền sử phản vệ từ độ 2 trở lên")),
    "past_covid": Word(N_("Tiền sử bị COVID-19 trong vòng 6 tháng")),
    "past_other_vaccine": Word(N_("Tiền sử tiêm vắc xin khác trong 14 ngày qua")),
    "past_immune": Word(
        N_("Tiền sử suy giảm miễn dịch, ung thư giai đoạn cuối, cắt lách, xơ gan…")
    ),
    "past_medicines": Word(
        N_("Đang dùng thuốc ức chế miễn dịch, corticoid liều cao… hoặc hóa trị, xạ trị")
    ),
    "past_acute": Word(N_("Bệnh cấp tính")),
    "past_chronic": Word(N_("Tiền sử bệnh mạn tính, đang tiến triển")),
    "past_stable": Word(N_("Tiền sử bệnh mạn tính đã điều trị ổn")),
    "past_pregnant": Word(N_("Đang mang thai, phụ nữ đang nuôi con bằng sữa mẹ")),
    "past_over_65": Word(N_("Độ tuổi ≥65")),
    "past_bleeding": Word(N_("Tiền sử rối loạn đông máu/cầm máu hoặc đang dùng thuốc chống đông")),
    "past_allergy": Word(N_("Tiền sử dị ứng với các dị nguyên khác (ghi rõ)")),
    # The same in short, for who asks again.
    "told_anaphylaxis": Word(N_("phản vệ")),
    "told_covid": Word(N_("COVID-19 trong 6 tháng")),
    "told_other_vaccine": Word(N_("vắc xin khác trong 14 ngày")),
    "told_immune": Word(N_("suy giảm miễn dịch, ung thư, xơ gan")),
    "told_medicines": Word(N_("thuốc ức chế miễn dịch, hóa trị, xạ trị")),
    "told_acute": Word(N_("bệnh cấp tính")),
    "told_chronic": Word(N_("bệnh mạn tính đang tiến triển")),
    "told_stable": Word(N_("bệnh mạn tính đã ổn")),
    "told_pregnant": Word(N_("mang thai, cho con bú")),
    "told_over_65": Word(N_("≥65 tuổi")),
    "told_bleeding": Word(N_("rối loạn đông máu, thuốc chống đông")),
    "told_allergy": Word(N_("dị ứng")),
}
REASONS |= {
    "wish_allergen": N_("Hãy ghi rõ dị ứng với gì ở ô Dị nguyên."),
    "wish_already": N_(
        "Người này đã có đăng ký đang chờ. Hãy tra cứu bằng mã đặt tiêm đã được cấp."
    ),
    "code_wrong": N_("Mã không đúng, hoặc đã hết hạn. Hãy xem lại tin nhắn, hoặc gửi lại mã."),
    "wish_none": N_("Chưa chọn ai, hoặc những người đã chọn không còn ở bước này."),
    "wish_alike": N_("Số giấy tờ này có trong hồ sơ khác họ tên, ngày sinh hoặc giới tính."),
    "wish_twice": N_("Người này đã được gọi đến buổi tiêm này theo đăng ký khác."),
    "wish_doubts": N_(
        "Hãy gọi hỏi lại. Giấy tờ đúng thế thì lập hồ sơ ở “Thêm người”, ghi lý do, rồi gọi lại."
    ),
    "wish_moved": N_("Đăng ký này đã được gọi hoặc đã chuyển đi nơi khác."),
    "hours_none": N_("Buổi tiêm này không còn giờ nào để gọi."),
    "wish_gone": N_("Trang đã để quá lâu. Hãy mở lại đăng ký bằng mã đặt tiêm."),
    "wish_unfinished": N_("Đăng ký còn bước chưa khai."),
    "wish_is_sent": N_("Đăng ký này đã gửi, không sửa được nữa."),
    "wish_code": N_("Mã đặt tiêm gồm 12 chữ số. Hãy xem lại từng chữ số."),
    "wish_child": N_("Chưa đủ 18 tuổi: cha, mẹ hoặc người giám hộ đăng ký."),
    "wish_day": N_("Chọn một ngày từ hôm nay đến một năm sau."),
    "wish_consent": N_("Không đồng ý thì không gửi đăng ký. Phần đã khai vẫn được giữ."),
}

# sessions
STATES |= {
    "morning": Word(N_("Buổi sáng")),
    "afternoon": Word(N_("Buổi chiều")),
    "day": Word(N_("Cả ngày")),
    "called_off": Word(N_("Đã hủy"), "warn"),
    "no_vaccine": Word(N_("Vắc xin chưa về")),
    "storm": Word(N_("Mưa bão")),
    "no_staff": Word(N_("Thiếu nhân viên")),
    "off_other": Word(N_("Lý do khác")),
}
REASONS |= {
    "day_form": N_("Nhập ngày dạng 15/07/2026."),
    "session_over": N_("Buổi tiêm này đã qua, không sửa được nữa."),
    "session_not_off": N_("Buổi tiêm này chưa hủy, hoặc đã được mở lại."),
    "session_off": N_("Buổi tiêm này đã hủy."),
    "consent_withdrawn": N_("Người này đã rút lại sự đồng ý, chưa đăng ký hay đồng ý lại."),
    "off_begun": N_("Đã tiếp đón người ở buổi này nên không hủy được."),
    "off_lots_out": N_("Vắc xin đã lấy ra bàn thì ghi trả lại trước: %(lots)s."),
    "session_past": N_("Ngày này đã qua."),
    "session_far": N_("Chỉ lập được buổi tiêm trong vòng một năm."),
    "session_begun": N_("Đã tiếp đón người ở buổi này nên không đổi ngày được."),
    "tables_range": N_("Số bàn tiêm từ 1 đến 99."),
    "capacity_range": N_("Số người từ 1 đến 20000."),
    "capacity_below": N_("Buổi này đã tiếp đón nhiều người hơn số đó."),
    "lot_too_old": N_("Đến ngày đó đã hết hạn: %(lots)s."),
    "default_not_planned": N_("Lô chọn sẵn phải là một trong các lô của buổi tiêm."),
    "already_listed": N_("Người này đã có trong danh sách, số %(number)s."),
}

# closing
STATES |= {
    "session_done": Word(N_("Đã kết thúc"), "good"),
    "session_open": Word(N_("Chưa kết thúc"), "warn"),
}
REASONS |= {
    "session_to_come": N_("Buổi tiêm này chưa tới ngày."),
    "session_not_closed": N_("Buổi tiêm này đang mở."),
    "doses_missing": N_(
        "Lô %(lot)s: còn %(n)s liều đã lấy ra mà chưa ghi mũi tiêm, chưa hủy, chưa trả lại."
    ),
    "doses_beyond": N_("Lô %(lot)s: đã ghi nhiều hơn số lấy ra %(n)s liều."),
    "visits_waiting": N_("Còn %(n)s lượt tiêm chưa xong."),
    "requests_pending": N_("Còn %(n)s đề nghị về mũi tiêm của buổi này chờ duyệt."),
    "returned_too_many": N_("Chỉ lấy ra %(taken)s liều nên không trả lại nhiều hơn được."),
    "taken_too_many": N_("Theo sổ kho, chỉ còn lấy thêm được %(left)s liều của lô này."),
    "lot_count_stale": N_(
        "Số đếm đã đổi: đã lấy ra %(taken)s, đã trả lại %(returned)s liều. Hãy xem lại."
    ),
    "lot_count_same": N_("Số đếm không có gì thay đổi."),
}

# units
STATES |= {
    "unit_open": Word(N_("Đang hoạt động"), "good"),
    "unit_later": Word(N_("Chưa hoạt động"), "warn"),
    "unit_closed": Word(N_("Ngừng hoạt động"), "bad"),
}
REASONS |= {
    "unit_code_form": N_("Mã đơn vị có 2 đến 20 ký tự: chữ không dấu, số, dấu chấm, gạch nối."),
    "code_taken": N_("Đã có đơn vị mang mã này. Hãy chọn mã khác."),
    "unit_outside_parent": N_("Đơn vị cấp trên không hoạt động vào ngày này."),
    "unit_ends_first": N_("Ngày ngừng ở trước ngày bắt đầu."),
    "unit_end_past": N_("Ngày ngừng phải từ hôm nay trở đi."),
    "unit_has_open": N_("Còn %(n)s đơn vị bên dưới hoạt động sau ngày này."),
    "successor_without_end": N_("Chỉ ghi đơn vị thay thế khác khi có ngày ngừng."),
}

# reports: QĐ 3588/QĐ-BYT, phụ lục 5
STATES |= {
    "count_received": Word(N_("Số đối tượng")),
    "count_referred": Word(N_("Chuyển bệnh viện tiêm"), "warn"),
    "count_refused": Word(N_("Không đồng ý tiêm chủng"), "bad"),
    "count_delayed": Word(N_("Hoãn tiêm"), "warn"),
    "count_contraindicated": Word(N_("Chống chỉ định"), "bad"),
    "count_vaccinated": Word(N_("Tiêm được"), "good"),
    "count_left": Word(N_("Rời điểm tiêm")),
    "count_waiting": Word(N_("Đang chờ")),
    "count_ordinary": Word(N_("Phản ứng thông thường")),
    "count_serious": Word(N_("Tai biến nặng"), "bad"),
    "count_wasted": Word(N_("Số liều hủy")),
    "count_late": Word(N_("Mũi tiêm hồi cứu")),
    "report_missing": Word(N_("Chưa gửi"), "warn"),
    "report_overdue": Word(N_("Chưa gửi, quá hạn"), "bad"),
    "report_changed": Word(N_("Số liệu đã đổi sau khi gửi"), "warn"),
    "report_late": Word(N_("Gửi muộn"), "warn"),
    "report_sent": Word(N_("Gửi đúng hạn"), "good"),
}
REASONS |= {
    "report_moved": N_("Số liệu vừa thay đổi, hoặc có người vừa gửi. Hãy xem lại rồi gửi."),
    "report_same": N_("Báo cáo này đã gửi, số liệu không thay đổi."),
}

# certificates on paper
REASONS |= {
    "paper_nobody": N_("Không có chứng nhận nào in được."),
    "paper_waits": N_("Đủ điều kiện, đang chờ cấp."),
    "family_birth": N_(
        "Người này không do đơn vị quản lý: quét thẻ, hoặc xem thẻ rồi gõ ngày sinh."
    ),
    "family_none": N_("Người này chưa có chứng nhận in được."),
    "family_twice": N_("Người này đã có trong tờ."),
    "family_size": N_("Một tờ có từ 1 đến %(most)s người."),
    "look_up_again": N_("Trang đã cũ. Hãy tra cứu lại."),
    "paper_revoked": N_("Chứng nhận này đã thu hồi, không in được."),
    "paper_replaced": N_("Đã có chứng nhận mới hơn thay chứng nhận này. Hãy in chứng nhận mới."),
    "paper_changed": N_("Mũi tiêm đã thay đổi sau khi cấp chứng nhận này, không in được."),
    "paper_identity": N_("Nhân thân đã thay đổi sau khi cấp chứng nhận này, không in được."),
    "paper_merged": N_("Hồ sơ đã gộp sau khi cấp chứng nhận này, không in được."),
    "paper_expired": N_("Chứng nhận này đã hết hạn. Cần cấp lại chứng nhận mới."),
}

# corrections
STATES |= {
    "ticket_missing": Word(N_("Thiếu mũi tiêm")),
    "ticket_wrong_dose": Word(N_("Sai thông tin mũi tiêm")),
    "ticket_not_me": Word(N_("Tôi không tiêm mũi này")),
    "ticket_wrong_identity": Word(N_("Sai họ tên, ngày sinh, giới tính, giấy tờ")),
    "ticket_withdraw": Word(N_("Rút lại sự đồng ý")),
    "ticket_who_saw": Word(N_("Hỏi ai đã xem hồ sơ của tôi")),
    "ticket_copy": Word(N_("Xin bản sao hồ sơ của tôi")),
    "ticket_new": Word(N_("Mới gửi"), "warn"),
    "ticket_taken": Word(N_("Đang xem xét"), "warn"),
    "ticket_asked": Word(N_("Chờ người dân trả lời")),
    "ticket_answered": Word(N_("Đã trả lời, đang giải quyết")),
    "ticket_settled": Word(N_("Đã giải quyết"), "good"),
    "ticket_refused": Word(N_("Không chấp nhận"), "bad"),
    "did_file": Word(N_("Gửi phản ánh")),
    "did_photo": Word(N_("Gửi ảnh chứng minh")),
    "did_take": Word(N_("Nhận việc")),
    "did_answer": Word(N_("Trả lời")),
    "did_ask": Word(N_("Hỏi lại")),
    "did_reply": Word(N_("Người dân trả lời")),
    "did_send": Word(N_("Chuyển đơn vị khác")),
    "did_link": Word(N_("Ghi hồ sơ")),
    "did_dose": Word(N_("Ghi mũi được phản ánh")),
    "did_settle": Word(N_("Giải quyết xong")),
    "did_refuse": Word(N_("Không chấp nhận")),
    "channel_portal": Word(N_("trên cổng")),
    "channel_sms": Word(N_("bằng tin nhắn")),
    "channel_counter": Word(N_("tại quầy")),
}
REASONS |= {
    "ticket_not_now": N_("Phản ánh này không còn ở bước đó. Hãy xem lại."),
    "ticket_other_half": N_("Mũi tiêm do y tế trả lời, nhân thân do công an trả lời."),
    "ticket_no_unit": N_("Không có đơn vị nào đang hoạt động với mã này."),
    "ticket_same_unit": N_("Phản ánh đang ở đơn vị này."),
    "ticket_no_police": N_("Đơn vị này không có công an xác minh."),
    "ticket_which_dose": N_("Chưa rõ mũi nào được phản ánh. Hãy chọn mũi đó trước."),
    "ticket_other_dose": N_(
        "Mũi đã nhập khác ngày hoặc khác vắc xin người dân nói. Hãy nhập đúng mũi; nếu đúng là "
        "mũi này, hãy đánh dấu và ghi lý do."
    ),
    "ticket_not_changed": N_(
        "Từ khi có phản ánh, mũi tiêm được phản ánh chưa được sửa, hủy hay nhập. "
        "Hãy làm việc đó trước, hoặc từ chối."
    ),
    "ticket_needs_police": N_(
        "Việc này do công an xác minh làm. Hãy lập tài khoản công an xác minh, hoặc chuyển phản "
        "ánh tới đơn vị có công an."
    ),
    "ticket_not_verified": N_(
        "Từ khi có phản ánh, điều được phản ánh chưa được sửa và đối chiếu. "
        "Hãy làm việc đó trước, hoặc từ chối."
    ),
    "evidence_enough": N_("Đã đủ ảnh cho phản ánh này."),
    "evidence_large": N_("Ảnh có quá nhiều điểm ảnh nên không nhận. Hãy chụp ở cỡ nhỏ hơn."),
    "ticket_nobody": N_("Không có người nào trong phạm vi của đơn vị mang số này."),
    "ticket_what_right": N_("Hãy điền ít nhất một mục đúng: họ tên, ngày sinh hoặc số giấy tờ."),
    "ticket_no_province": N_("Không thấy tỉnh, thành phố này. Hãy ghi như: Hà Nội."),
    "ticket_nothing": N_("Không tìm thấy phản ánh, hoặc mã và số điện thoại không khớp."),
}

# audit
STATES |= {
    "act_view": Word(N_("Xem")),
    "act_search": Word(N_("Tìm")),
    "act_look_up": Word(N_("Tra cứu")),
    "act_create": Word(N_("Thêm mới")),
    "act_change": Word(N_("Sửa")),
    "act_remove": Word(N_("Bỏ")),
    "act_verify": Word(N_("Đối chiếu")),
    "act_print": Word(N_("In")),
    "act_export": Word(N_("Xuất tệp")),
    "act_sign_in": Word(N_("Đăng nhập")),
    "act_sign_out": Word(N_("Đăng xuất")),
    "act_refuse": Word(N_("Từ chối")),
    "act_issue": Word(N_("Cấp")),
    "act_revoke": Word(N_("Thu hồi")),
    "on_alert": Word(N_("lưu ý khi khám sàng lọc")),
    "on_amendment": Word(N_("đề nghị sửa mũi tiêm")),
    "on_account": Word(N_("tài khoản")),
    "on_audit": Word(N_("nhật ký truy cập")),
    "on_certificate": Word(N_("chứng nhận")),
    "on_bulk_print": Word(N_("tệp chứng nhận hàng loạt")),
    "on_confirmation": Word(N_("xác nhận mũi tiêm")),
    "on_latin_name": Word(N_("tên không dấu")),
    "on_signed_day": Word(N_("số liệu của ngày")),
    "on_care": Word(N_("nơi quản lý hồ sơ")),
    "on_daily_report": Word(N_("báo cáo ngày")),
    "on_dose": Word(N_("mũi tiêm")),
    "on_expected": Word(N_("danh sách buổi tiêm")),
    "on_list": Word(N_("danh sách")),
    "on_registration": Word(N_("đăng ký tiêm")),
    "on_kept_apart": Word(N_("hồ sơ giống nhau")),
    "on_look_up": Word(N_("tra cứu của người dân")),
    "on_lot": Word(N_("lô vắc xin")),
    "on_movement": Word(N_("sổ nhập xuất")),
    "on_password": Word(N_("mật khẩu")),
    "on_person": Word(N_("hồ sơ người được tiêm")),
    "on_place": Word(N_("nơi làm việc")),
    "on_reaction": Word(N_("phản ứng sau tiêm")),
    "on_self_report": Word(N_("phản ứng người dân tự báo")),
    "on_report": Word(N_("số liệu")),
    "on_session": Word(N_("buổi tiêm")),
    "on_session_lot": Word(N_("vắc xin của buổi tiêm")),
    "on_sign_in": Word(N_("đăng nhập")),
    "on_signer": Word(N_("khóa ký chứng nhận")),
    "on_slip": Word(N_("giấy xác nhận")),
    "on_wish_file": Word(N_("danh sách đăng ký của tổ chức")),
    "on_upload": Word(N_("tệp danh sách")),
    "on_past_file": Word(N_("tệp mũi đã tiêm")),
    "on_evidence": Word(N_("ảnh chứng minh")),
    "on_notice": Word(N_("tin nhắn")),
    "on_ticket": Word(N_("phản ánh của người dân")),
    "on_unit": Word(N_("đơn vị")),
    "on_visit": Word(N_("lượt tiêm")),
}

# imports
STATES |= {
    "row_new": Word(N_("Mới"), "good"),
    "row_known": Word(N_("Đã có hồ sơ"), "good"),
    "row_differs": Word(N_("Đã có hồ sơ, có chỗ khác"), "warn"),
    "row_fill": Word(N_("Đã có hồ sơ, sẽ bổ sung"), "good"),
    "row_listed": Word(N_("Đã có trong danh sách")),
    "row_fix": Word(N_("Chờ xác nhận cách sửa"), "warn"),
    "row_doubt": Word(N_("Cần xem lại"), "warn"),
    "row_alike": Word(N_("Nghi trùng"), "warn"),
    "row_double": Word(N_("Dòng lặp")),
    "row_wrong": Word(N_("Lỗi"), "bad"),
    "row_left": Word(N_("Để lại")),
    "row_registered": Word(N_("Đã lập hồ sơ, thêm vào danh sách"), "good"),
    "row_added": Word(N_("Đã thêm vào danh sách"), "good"),
    "row_out": Word(N_("Không nhập")),
    "row_undone": Word(N_("Đã rút lại")),
    "row_wished": Word(N_("Đã đăng ký"), "good"),
    "row_there": Word(N_("Đã có đăng ký từ trước")),
    "row_decided": Word(N_("Đã có quyết định, không rút lại"), "warn"),
    "past_ready": Word(N_("Ghi được"), "good"),
    "past_nobody": Word(N_("Chưa có hồ sơ"), "bad"),
    "past_other": Word(N_("Khác hồ sơ"), "bad"),
    "past_there": Word(N_("Đã có")),
    "past_asked": Word(N_("Đã ghi, chờ duyệt"), "good"),
    "row_kept": Word(N_("Đã đưa khỏi danh sách, hồ sơ đã có việc khác nên còn"), "warn"),
    "row_received": Word(N_("Đã tiếp nhận, không rút lại"), "warn"),
    "unread": Word(N_("Chưa kiểm tra")),
    "checking": Word(N_("Đang kiểm tra"), "warn"),
    "checked": Word(N_("Đã kiểm tra, chờ ghi"), "warn"),
    "writing": Word(N_("Đang ghi"), "warn"),
    "cancelled": Word(N_("Đã hủy")),
    "written": Word(N_("Đã ghi xong"), "good"),
    "undoing": Word(N_("Đang rút lại"), "warn"),
    "undone": Word(N_("Đã rút lại")),
}
REASONS |= {
    "file_missing": N_("Chọn tệp danh sách."),
    "file_empty": N_("Tệp này trống."),
    "file_large": N_("Tệp lớn hơn 10 MB. Hãy tách thành nhiều tệp."),
    "file_unpacked": N_(
        "Tệp quá lớn khi mở ra (có thể có ô lạc ở rất xa). Hãy chép danh sách sang tệp mới."
    ),
    "file_password": N_("Tệp có mật khẩu. Hãy lưu lại không có mật khẩu."),
    "file_unknown": N_("Không đọc được tệp này. Hãy dùng tệp Excel (.xlsx, .xls), .ods hoặc .csv."),
    "file_slow": N_("Mở tệp này quá lâu. Hãy chép danh sách sang tệp mới, hoặc gửi lại sau."),
    "file_web": N_("Tệp này là trang web, không phải bảng tính. Mở bằng Excel, lưu thành .xlsx."),
    "file_quotes": N_("Dòng %(row)s có dấu ngoặc kép không khép hoặc đặt sai chỗ."),
    "file_encoding": N_(
        "Tệp chữ này không phải Unicode (có thể là Windows-1258, TCVN3 hoặc VNI). "
        "Trong Excel, hãy lưu thành .xlsx hoặc “CSV UTF-8”."
    ),
    "file_font": N_(
        "Họ tên trong tệp theo bảng mã cũ (TCVN3, VNI…). Hãy chuyển cả tệp sang Unicode."
    ),
    "heading_missing": N_("Không thấy cột: %(columns)s, trong 20 dòng đầu của trang tính nào."),
    "heading_missing_in": N_("Trang tính %(sheet)s không có cột: %(columns)s."),
    "numbers_none": N_("Dán các số vào đây, mỗi người một dòng."),
    "number_nobody": N_("Chưa ai có số này. Muốn lập hồ sơ thì dùng tệp mẫu."),
    "number_other_name": N_("Số này là của người có họ tên khác."),
    "number_other_birth": N_("Số này là của người có ngày sinh khác."),
    "record_differs": N_("Hồ sơ ghi khác và được giữ nguyên."),
    "record_lacks": N_("Hồ sơ chưa có mục này."),
    "row_twin": N_("Giống dòng %(row)s."),
    "undo_received": N_("%(n)s người của lần nhập này đã được tiếp nhận, không rút lại được nữa."),
    "undo_not_now": N_("Chỉ rút lại được một lần nhập đã ghi xong."),
    "rows_none": N_("Dưới dòng tiêu đề không có dòng nào."),
    "rows_many": N_("Tệp có hơn %(most)s dòng. Hãy tách thành nhiều tệp."),
    "rows_unread": N_("Chưa kiểm tra xong."),
    "rows_undecided": N_("Còn %(n)s dòng chưa quyết định."),
    "number_torn": N_("Số này cũng ở dòng %(row)s, với họ tên khác."),
    "zeros_lost": N_("Có vẻ mất số 0 ở đầu."),
    "phone_renumbered": N_("Số di động 11 chữ số đã đổi đầu số từ năm 2018."),
    "dob_swapped": N_("Có vẻ ngày và tháng đổi chỗ: các ô khác của cột ghi ngày trước."),
    "name_meant": N_("Có vẻ lẫn danh xưng, số thứ tự, ghi chú hoặc thiếu dấu cách."),
    "cell_error": N_("Ô này báo lỗi (#N/A, #REF!…)."),
    "cell_formula": N_("Công thức chưa tính ra kết quả. Hãy dán lại thành giá trị."),
    "ditto": N_("Ghi “như trên”; mỗi dòng phải ghi đủ."),
    "year_as_day": N_("Có vẻ là năm sinh gõ vào ô kiểu ngày."),
    "sex_unknown": N_("Ghi Nam hoặc Nữ."),
    "sex_from_number": N_("Chưa điền; số CCCD cho biết giới tính."),
    "half_day_unknown": N_("Ghi Buổi sáng, Buổi chiều hoặc Cả ngày."),
    "organisation_elsewhere": N_("Nơi này thuộc tỉnh khác. Tổ chức gửi danh sách cho tỉnh đó."),
    "group_unknown": N_("Mã nhóm từ 1 đến 16."),
    "past_number_nobody": N_("Chưa ai có số này. Nhập danh sách người trước, rồi gửi lại."),
    "past_differs": N_("Hồ sơ của người có số này ghi khác."),
    "past_asked_before": N_("Dòng này của tệp đã ghi trong lần gửi trước."),
    "past_twin": N_("Cùng người, cùng ngày với dòng %(row)s."),
    "product_unknown": N_("Không có vắc xin này. Tên các vắc xin ở tệp mẫu, trang Danh mục."),
    "dose_form": N_("Ghi số mũi: 1, 2, “bổ sung 1” hoặc “nhắc lại 1”."),
    "dose_kind": N_("Ngoài liều cơ bản: ghi “bổ sung” hoặc “nhắc lại” và số, ví dụ nhắc lại 1."),
    "ethnicity_unknown": N_("Không có dân tộc này trong danh mục."),
}
