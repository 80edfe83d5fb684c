"""The pages of the store: list, receipt, ledger, waste, return, count, suspension."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.i18n import show_date
from app.stock.models import Holding, Lot, Movement
from tests import build

NEXT_YEAR = show_date(clock.today() + timedelta(365))
GOOD = {"product": "COMIRNATY", "number": "fk 0112", "expires_on": NEXT_YEAR, "doses": "60"}


def test_vaccine_is_received(store):
    page = store.client.open_page("/lots").follow("Nhập vắc xin")
    page = page.submit(**GOOD, note="PXK 15/2021")
    assert page.status == 200, page.errors()
    assert "FK 0112" in page.text and "60 liều" in page.text
    assert "PXK 15/2021" in page.text and store.account.name in page.text
    row = Holding.select().order_by(Holding.id.desc()).get()
    assert (row.unit_id, row.balance) == (store.site.id, 60)


def test_a_second_press_receives_nothing_more(store):
    page = store.client.open_page("/lots/receive")
    form = page.form("number")
    form.submit(**GOOD)
    form.submit(**GOOD)
    assert Movement.select().where(Movement.kind == "receipt").count() == 2  # one by the fixture


def test_more_of_a_lot_that_is_here(store):
    page = store.client.open_page(f"/lots/{store.lot.id}").follow("Nhập thêm")
    page = page.submit(doses="5")
    assert "15 liều" in page.text


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("product", "water", "Hãy chọn một mục"),
        ("number", "", "Mục này chưa điền"),
        ("number", "L" * 31, "tối đa 30 ký tự"),
        ("number", "L\x00T", "ký tự điều khiển"),
        ("number", "LOT\u202e12", "đổi chiều chữ"),
        ("number", "LOT🙂", "biểu tượng cảm xúc"),
        ("number", "Lô 12", "chữ không dấu"),
        ("number", "L" * 1_000_00, "ký tự"),
        ("expires_on", "", "Mục này chưa điền"),
        ("expires_on", "31/02/2027", "không có trong lịch"),
        ("expires_on", "2027", "Nhập hạn dùng"),
        ("expires_on", "mai", "Nhập hạn dùng"),
        ("expires_on", "01/01/2020", "đã qua"),
        ("expires_on", "01/01/9999", "xa hơn 5 năm"),
        ("expires_on", "12/31/2027", "bị đảo"),
        ("doses", "", "Mục này chưa điền"),
        ("doses", "0", "từ 1 đến"),
        ("doses", "-4", "từ 1 đến"),
        ("doses", "1e3", "số nguyên"),
        ("doses", "9" * 5000, "số nguyên"),
        ("note", "x" * 201, "Dài quá 200 ký tự"),
        ("note", "a\x07b", "ký tự điều khiển"),
    ],
)
def test_a_receipt_with_bad_input_is_refused_at_the_field(store, field, typed, message):
    page = store.client.open_page("/lots/receive").submit(**(GOOD | {field: typed}))
    assert page.status == 422
    at_field = page.css(f"#{field}-e")
    assert at_field and message in at_field[0].text_content()
    kept = page.form("number").values
    if typed and len(typed) < 50 and field != "product" and "\x00" not in typed:
        assert kept[field] == [typed]
    if field != "doses":
        assert kept["doses"] == ["60"]
    assert Holding.select().count() == 1


def test_letters_in_two_parts_become_one(store):
    page = store.client.open_page("/lots/receive").submit(**GOOD, note="xua\u0302\u0301t kho")
    assert "xuất kho" in page.text


def test_a_month_means_its_last_day(store):
    year = clock.today().year + 1
    store.client.open_page("/lots/receive").submit(**(GOOD | {"expires_on": f"02/{year}"}))
    lot = Lot.select().order_by(Lot.id.desc()).get()
    assert (lot.expires_on.month, (lot.expires_on + timedelta(1)).month) == (2, 3)


def test_another_expiry_shows_both_dates(store):
    other = show_date(store.lot.lot.expires_on + timedelta(1))
    page = store.client.open_page(f"/lots/receive?lot={store.lot.id}")
    page = page.submit(expires_on=other, doses="5")
    assert page.status == 422
    message = page.css("#expires_on-e")[0].text_content()
    assert other in message and show_date(store.lot.lot.expires_on) in message


def test_what_expires_first_is_first_and_states_are_told(store):
    build.holding(store.site, number="SOON", expires_on=clock.today() + timedelta(9))
    build.holding(store.site, number="OLD", expires_on=clock.today() - timedelta(1))
    build.holding(store.site, number="STOP", suspended_at=clock.now())
    build.holding(store.site, number="NONE-LEFT", doses=0)
    page = store.client.open_page("/lots")
    assert [row.text_content() for row in page.css("tbody a")][:2] == ["OLD", "SOON"]
    for text in ("Hết hạn", "Sắp hết hạn", "Tạm dừng", "Dùng được"):
        assert text in page.text
    assert "NONE-LEFT" not in page.text
    assert "NONE-LEFT" in page.follow("Xem cả lô đã hết").text


def test_a_lot_is_found_by_the_beginning_of_its_number(store):
    build.holding(store.site, number="ZZ77")
    page = store.client.open_page("/lots").submit(number="zz")
    assert [row.text_content() for row in page.css("tbody a")] == ["ZZ77"]
    assert "Không có lô nào" in store.client.open_page("/lots?number=QQ").text


def test_long_lists_are_paged(store):
    for n in range(30):
        build.holding(store.site, number=f"P{n:02}", expires_on=clock.today() + timedelta(n // 2))
    page = store.client.open_page("/lots")
    seen = [row.text_content() for row in page.css("tbody a")]
    seen += [row.text_content() for row in page.follow("Trang sau").css("tbody a")]
    assert len(seen) == 31 == len(set(seen))
    assert store.client.open_page("/lots?after=x&all=1").status == 200


def test_the_ledger_is_paged(store):
    for n in range(25):
        Movement.create(
            holding=store.lot, kind="dose", doses=-1, by=store.account, at=clock.now(), source_id=n
        )
    page = store.client.open_page(f"/lots/{store.lot.id}")
    assert len(page.css("tbody tr")) == 20
    page = page.follow("Trang sau")
    assert len(page.css("tbody tr")) == 6
    assert page.css("tbody tr")[-1].text_content().split()[2:5] == ["Nhập", "+10", "10"] or (
        "Nhập" in page.css("tbody tr")[-1].text_content()
    )


@pytest.mark.parametrize(
    ("path", "values", "left", "text"),
    [
        ("waste", {"doses": "3", "reason": "waste_frozen"}, 7, "đông băng"),
        ("return", {"doses": "10", "note": "PXK 3"}, 0, "Trả lại"),
        ("correction", {"counted": "8", "note": "đếm cuối ngày"}, 8, "đếm cuối ngày"),
    ],
)
def test_doses_leave_the_books(store, path, values, left, text):
    page = store.client.open_page(f"/lots/{store.lot.id}/{path}").submit(**values)
    assert page.status == 200 and text in page.text
    assert Holding.get_by_id(store.lot.id).balance == left


@pytest.mark.parametrize(
    ("path", "values", "field", "message"),
    [
        ("waste", {"doses": "11"}, "doses", "chỉ còn 10 liều"),
        ("waste", {"doses": ""}, "doses", "chưa điền"),
        ("waste", {"doses": "1", "reason": "x"}, "reason", "chọn một mục"),
        ("waste", {"doses": "1", "reason": "waste_other"}, "note", "lý do"),
        ("waste", {"doses": "1", "note": "\x1b[0m"}, "note", "điều khiển"),
        ("return", {"doses": "11"}, "doses", "chỉ còn 10 liều"),
        ("return", {"doses": "٣"}, "doses", ""),
        ("correction", {"counted": "8", "note": ""}, "note", "chưa điền"),
        ("correction", {"counted": "-1", "note": "x"}, "counted", "0"),
        ("correction", {"counted": "10", "note": "x"}, "counted", "không cần điều chỉnh"),
        ("correction", {"counted": "9", "note": "x", "shown": "11"}, "counted", "đếm lại"),
        ("correction", {"counted": "9", "note": "x", "shown": "²"}, "counted", "đếm lại"),
    ],
)
def test_what_cannot_leave_is_refused_at_the_field(store, path, values, field, message):
    page = store.client.open_page(f"/lots/{store.lot.id}/{path}").submit(**values)
    if message:
        assert page.status == 422 and message in page.css(f"#{field}-e")[0].text_content()
        assert Holding.get_by_id(store.lot.id).balance == 10
    assert page.status in (200, 422)


def test_after_a_stale_count_the_next_one_holds(store):
    page = store.client.open_page(f"/lots/{store.lot.id}/correction")
    Holding.update(balance=9).where(Holding.id == store.lot.id).execute()
    page = page.submit(counted="8", note="đếm")
    assert page.status == 422
    assert page.submit(counted="8", note="đếm").status == 200
    assert Holding.get_by_id(store.lot.id).balance == 8


def test_a_lot_is_stopped_and_used_again(store):
    page = store.client.open_page(f"/lots/{store.lot.id}").follow("Tạm dừng lô")
    assert page.submit(why="  ").status == 422
    page = page.submit(why="phản vệ độ 3")
    assert "tạm dừng lô này ở mọi nơi" in page.text and "phản vệ độ 3" in page.text
    again = page.follow("Tạm dừng lô").submit(why="lần nữa")
    assert again.status == 422 and "đã tạm dừng lô này rồi" in again.text
    page = page.follow("Cho dùng lại").submit(why="đã kiểm tra")
    assert "Dùng được" in page.text and "đã kiểm tra" in page.text


PAGES = ("/lots", "/lots/receive", "/lots/{id}", "/lots/{id}/waste", "/lots/{id}/suspend")


@pytest.mark.parametrize("path", PAGES)
def test_the_wrong_role_is_refused(store, path):
    build.sign_in(store.client, build.user(store.site, "reception"))
    assert store.client.open_page(path.format(id=store.lot.id)).status == 403


@pytest.mark.parametrize("path", PAGES[2:])
def test_a_stranger_does_not_see_that_it_exists(store, path):
    elsewhere = build.user(build.unit("station", store.province), "storekeeper")
    build.sign_in(store.client, elsewhere)
    assert store.client.open_page(path.format(id=store.lot.id)).status == 404
    assert store.lot.lot.number not in store.client.open_page("/lots").text


def test_those_who_only_look_get_no_buttons(store):
    build.sign_in(store.client, build.user(store.site, "vaccinator"))
    page = store.client.open_page(f"/lots/{store.lot.id}")
    assert page.status == 200
    assert not page.css("main .b")
    assert store.client.open_page(f"/lots/{store.lot.id}/waste").status == 403


def test_the_province_sees_where_a_lot_lies(store):
    build.sign_in(store.client, build.user(store.province, "province"))
    assert store.site.name in store.client.open_page("/lots").text


def test_the_number_of_queries_does_not_grow(store):
    def queries(path):
        with count_queries() as counter:
            assert store.client.open_page(path).status == 200
        return counter.count

    queries("/lots")
    few = queries("/lots"), queries(f"/lots/{store.lot.id}")
    for n in range(30):
        build.holding(store.site, number=f"Q{n}")
        Movement.create(
            holding=store.lot, kind="dose", doses=-1, by=store.account, at=clock.now(), source_id=n
        )
    assert (queries("/lots"), queries(f"/lots/{store.lot.id}")) == few
    assert few[0] <= 4 and few[1] <= 6
