"""What a list shows of a number, and which hamlet an address lies in."""

import pytest

from app.lists import rules
from app.lists.rules import Line


@pytest.mark.parametrize(
    ("number", "signs", "shown"),
    [("001080000123", 4, "…0123"), ("0912345678", 3, "…678"), ("", 4, ""), ("123", 4, "…"),
     ("1234", 4, "…")],
)  # fmt: skip
def test_the_end_of_a_number(number, signs, shown):
    assert rules.ending(number, signs) == shown


@pytest.mark.parametrize("kind", rules.KINDS)
def test_only_lists_that_compare_or_call_show_whole_numbers(kind):
    line = Line(number="001080000123", phone="0912345678")
    columns = rules.KINDS[kind].columns
    shown = [str(rules.cell(line, column, 1)) for column in columns]
    assert (line.number in shown) == (kind == "police")
    assert (line.phone in shown) == (kind in ("invitation", "due", "absent"))


def test_what_is_filled_in_by_hand_is_a_box_on_paper_and_empty_in_a_file():
    assert rules.cell(Line(), "told", 1) == rules.BOX
    assert rules.cell(Line(), "told", 1, on_paper=False) == ""
    assert rules.cell(Line(), "sign", 1) == ""
    assert rules.cell(Line(), "row", 7) == 7


@pytest.mark.parametrize(
    ("address", "hamlet"),
    [
        ("Thôn 3, xã Ea Kao", "Thôn 3"),
        ("thôn  03", "Thôn 3"),
        ("THÔN ĐÔNG HỘI", "Thôn Đông Hội"),
        ("thon 12", "Thon 12"),
        ("Ấp Bình Hòa xã Tân Phú", "Ấp Bình Hòa"),
        ("Buôn Ma'Rưng", "Buôn Ma'rưng"),
        ("Tổ dân phố số 5, phường A", "Tổ dân phố Số 5"),
        ("TDP 05", "Tổ dân phố 5"),
        ("kp.3", "Khu phố 3"),
        ("Khu phố 3A", "Khu phố 3A"),
        ("Tổ 7, khu phố 2", "Tổ 7"),
        ("bản IV", "Bản IV"),
        ("Tô Hiến Thành", ""),
        ("Đội Cấn", ""),
        ("Láng Hạ", ""),
        ("Số 5 đường Hùng Vương, thôn 2", ""),
        ("Thôn", ""),
        ("", ""),
        (",", ""),
    ],
)
def test_the_hamlet_that_an_address_begins_with(address, hamlet):
    assert rules.hamlet(address) == hamlet


def test_hamlets_stand_in_the_order_of_their_numbers():
    names = ["Thôn 10", "Thôn 2", "Thôn 2A"]
    assert sorted(names, key=rules.in_order) == ["Thôn 2", "Thôn 2A", "Thôn 10"]
