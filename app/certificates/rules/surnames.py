"""Surnames that stand first in a name of Viet Nam: data, to be added to.

The common ones of the Kinh and Hoa, and of peoples who write the surname first too (Tày, Nùng,
Thái, Mường, Dao, Mông, Khmer, Chăm, Gia-rai), from memory of general lists. A surname that is
missing costs a clerk one question; a word that is wrongly here would split a name wrongly, so
words that are as often a given name or a title (Y, H', Ka, K', Néang, Thị) stay out.
"""

_KINH = """
nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đoàn trương trịnh
lương hà tạ tô đào cao mai lâm phùng vương thái châu tống quách chu tăng lưu từ kiều văn doãn
nghiêm la thân đàm mạc lục trang hứa triệu bạch đồng cù khuất kim khổng bành ông phí viên an cung
điền giang hàn hoa hạ lại lã lữ liêu lạc mạch mạnh mẫn ngụy nhan nhâm ninh phó phương quản quang
tào tần thạch thi thiều thịnh tiêu tiết tôn trà trác triều trình trưng ứng vi việt vòng xa yên
ân âu biện cái cam chế chử công cổ cáp dư đậu đổng đới đường giáp hầu hình hùng khúc khương kha
kỳ lai lăng liễu lỗ lò lộ mã mộc ngân nông ngũ nhữ ổn phù quảng sái sầm sử tất thẩm thôi tòng
trầm tưởng ty ung uông uyển vạn bế bàn bồ
"""
_OTHERS = """
lường quàng cầm cà lèo vì bạc đèo lô chẩu vàng giàng sùng thào hạng hảng mùa lầu lỳ cứ và vừ xồng
cự thò già lừu chảo phàn tẩn chìn tải khà ma lù lùng ly sín hờ tráng thền cháng sằm
tếnh chang thàng giàng phà sìn
danh sơn chau kiên thạch lâm trượng đàng bá hán
siu ksor kpă kpa nay rmah rcom rahlan puih kpuih
"""
ONE_WORD = frozenset((_KINH + _OTHERS).split())

# Surnames of two words.
TWO_WORDS = frozenset(
    {"tôn thất", "tôn nữ", "rơ mah", "rơ châm", "rơ chăm", "rơ com", "rơ lan", "rơ ô"}
)
# One surname of two words, or a surname of one word before a middle name: a person has to say.
UNSURE = frozenset({"âu dương", "hoàng phủ", "công tôn", "công tằng", "công huyền", "tư mã"})
