"""Names for made-up people, with the keys that people.rules makes of them.

Each part comes as often as its number says, so that searches meet crowds as in real life: two of
five people are called Nguyễn.
"""

from typing import NamedTuple

from app.people.rules import fold, sort_key, sound

FAMILY = """
Nguyễn 38 Trần 11 Lê 9 Phạm 7 Huỳnh 5 Hoàng 4 Phan 4 Vũ 3 Võ 3 Đặng 2 Bùi 2 Đỗ 2 Hồ 1 Ngô 1 Dương 1
Lý 1 Đào 1 Đoàn 1 Trịnh 1 Mai 1 Lương 1 Quách 1
"""
MIDDLE = {
    "M": """Văn 40 Đức 8 Hữu 7 Quang 6 Minh 6 Xuân 4 Ngọc 4 Công 3 Thanh 3 Đình 3 Trọng 3 Quốc 3
    Gia 2 Bá 2 Tấn 2 Viết 2 Duy 1 Nhật 1""",
    "F": """Thị 50 Ngọc 8 Thanh 6 Thu 5 Kim 4 Hồng 4 Phương 3 Minh 3 Bích 2 Mỹ 2 Tuyết 2 Diệu 2
    Khánh 2 Hoài 2 Bảo 2 Như 1 Quỳnh 1 Cẩm 1""",
}
GIVEN = {
    "M": """An Anh Bảo Bình Chiến Chính Công Cường Danh Dũng Duy Dương Đại Đạt Đông Đức Giang Hải
    Hào Hậu Hiếu Hòa Hoàng Huy Hùng Hưng Khải Khánh Khoa Khôi Kiên Lâm Linh Long Lộc Lợi Mạnh Minh
    Nam Nghĩa Nhân Phong Phú Phúc Phương Quân Quang Quốc Quý Sang Sáng Sơn Tài Tâm Tân Thành Thái
    Thắng Thế Thiện Thịnh Thọ Thuận Tiến Tín Toàn Trí Trung Trường Tuấn Tùng Việt Vinh Vũ Vương
    Xuân""",
    "F": """An Ánh Anh Bích Châu Chi Cúc Diễm Diệp Diệu Dung Duyên Đào Giang Hà Hạnh Hằng Hiền Hoa
    Hòa Hồng Huệ Huyền Hương Hường Khánh Lan Lành Lệ Liên Linh Loan Lụa Ly Mai Mỹ My Nga Ngà Ngân
    Ngọc Nguyệt Nhàn Nhi Nhung Như Oanh Phúc Phương Phượng Quỳnh Quyên Sen Tâm Thảo Thắm Thanh Thoa
    Thơ Thu Thúy Thủy Thương Trang Trâm Trinh Tuyết Tú Uyên Vân Vy Xuân Yến Ý""",
}


KINDS = ("family", "middle", "given")


class Part(NamedTuple):
    """One part of a name: `slot` counts from 0 within its kind and sex."""

    kind: str
    sex: str
    slot: int
    name: str
    folded: str
    sound: str
    sort_key: str


def parts() -> list[Part]:
    """All parts; one is picked by a random number below count(kind, sex)."""
    found = []
    for sex in ("M", "F"):
        for kind, names in _lists(sex).items():
            found += [
                Part(kind, sex, slot, name, fold(name), sound(name), sort_key(name).strip())
                for slot, name in enumerate(names)
            ]
    return found


def count(kind: str, sex: str) -> int:
    """How many slots a kind has."""
    return len(_lists(sex)[kind])


def _lists(sex: str) -> dict[str, list[str]]:
    return {
        "family": _weighted(FAMILY),
        "middle": _weighted(MIDDLE[sex]),
        "given": GIVEN[sex].split(),
    }


def _weighted(text: str) -> list[str]:
    words = text.split()
    return [
        name for name, times in zip(words[::2], words[1::2], strict=True) for _ in range(int(times))
    ]
