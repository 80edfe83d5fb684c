"""Citizens in w3m, in Dillo, and in Chromium on a narrow screen by the keyboard: a grandmother is
registered by her grandson, and two people share a telephone."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial

import pytest

from app import clock
from app.registrations import rules
from app.registrations.models import Registration
from app.units.models import Unit
from tests import build
from tests.browsers import TextPage, w3m
from tests.dillo import DilloPage, dillo
from tests.journeys.test_browsers import server
from tests.narrow import NarrowPage, narrow

__all__ = ["server"]
Screen = TextPage | DilloPage | NarrowPage
NOW = datetime(2021, 8, 10, 9)
WISHED = (NOW + timedelta(7)).strftime("%d/%m/%Y")
PHONE = "0912345678"
CODE = re.compile(r"Mã đặt tiêm: (\d[\d ]+\d)")


@pytest.fixture(autouse=True)
def morning():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def places(app) -> tuple[Unit, Unit]:
    """The province of Hà Nội and a site in it."""
    _nation, province, site = build.country()
    Unit.update(area_scheme="vn34", area_code="01").where(Unit.id == province.id).execute()
    return province, site


@pytest.fixture(params=["w3m", "dillo", "chromium"])
def visit(request, app) -> Callable[[str], AbstractContextManager[Screen]]:
    """Opens a page of the application in this browser."""
    if request.param == "dillo":
        return partial(dillo, app)
    if request.param == "chromium":
        return partial(narrow, app)
    address = request.getfixturevalue("server")
    return lambda path: w3m(address + path)


def tells_who(page: Screen, name: str, born: str, sex: str) -> None:
    """Step 1."""
    page.wait("1/4")
    page.fill("Họ và tên", name)
    page.fill("Ngày sinh", born)
    page.tick(sex)
    page.fill("Số điện thoại", PHONE)
    page.fill("Xã/Phường", "Ba Đình, Hà Nội")
    page.press("Tiếp")
    page.wait("Đã lưu")


def tells_more(page: Screen, who: str, **relative: str) -> None:
    """The rest of step 1."""
    page.tick(who)
    for label, value in relative.items():
        page.fill(label.replace("_", " "), value)
    page.fill("Nghề nghiệp", "Nông dân")
    page.pick("Nhóm ưu tiên", "9.")
    page.fill("Ngày muốn được tiêm", WISHED)
    page.tick("Mũi tiêm thứ nhất")
    page.press("Tiếp")
    page.wait("2/4")


def is_healthy_and_agrees(page: Screen) -> str:
    """Steps 2 to 4; the code of the wish."""
    code = CODE.search(page.text)[1]
    page.tick_each("Không")
    page.press("Tiếp")
    page.wait("3/4")
    page.tick("Đồng ý")
    page.press("Gửi đăng ký")
    page.wait("Đã gửi, chờ duyệt")
    assert code in page.text
    return code


def looks_up(page: Screen, code: str, year: str) -> None:
    page.wait("Tra cứu kết quả đăng ký")
    page.fill("Mã đặt tiêm", code)
    page.fill("Số điện thoại", PHONE)
    page.fill("Năm sinh", year)
    page.press("Tra cứu")


def test_a_grandmother_registered_by_her_grandson(client, places, visit):
    province, site = places
    with visit("/dang-ky-tiem") as page:
        tells_who(page, "Lò Thị Mẩy", "1938", "Nữ")
        tells_more(
            page,
            "Đăng ký cho người thân",
            **{
                "Họ tên người đăng ký": "Lò Văn Pá",
                "Quan hệ": "cháu",
                "Số điện thoại người đăng ký": "0987654321",
            },
        )
        code = is_healthy_and_agrees(page)
    wish = Registration.get()
    assert (wish.name, wish.dob_year, wish.dob_month, wish.number) == ("Lò Thị Mẩy", 1938, None, "")
    build.sign_in(client, build.user(province, "province"))
    client.open_page("/registrations").form("ids").submit("approve")
    page = client.open_page("/registrations?state=approved").form("ids")
    assert page.submit("allocate", site=str(site.id)).status == 200
    with visit("/ket-qua-dang-ky") as page:
        looks_up(page, code, "1938")
        page.wait("Đã chuyển cơ sở tiêm")
        assert "Lò T** Mẩy" in page.text and PHONE not in page.text.replace(" ", "")


def registered(client, name: str, born: str, sex: str) -> str:
    """The code of a wish that somebody sends for themselves by plain requests."""
    page = client.open_page("/dang-ky-tiem").submit(
        name=name, dob=born, sex=sex, phone=PHONE, commune="Ba Đình, Hà Nội"
    )
    page = page.submit(
        who="self", occupation="Nông dân", priority_group="9", wished_on=WISHED, dose="first"
    )
    page.submit(**dict.fromkeys(rules.ITEMS, "no")).submit(agree="yes")
    return rules.grouped(Registration.get(Registration.name == name).code)


def test_two_people_with_one_telephone_find_each_their_own(client, places, visit):
    his = registered(client, "Nguyễn Văn An", "17/05/1980", "M")
    hers = registered(client, "Trần Thị Bưởi", "1950", "F")
    with visit("/ket-qua-dang-ky") as page:
        looks_up(page, his, "1950")
        page.wait("Không tìm thấy hoặc thông tin không khớp")
        assert "Nguyễn" not in page.text and "Đã gửi" not in page.text
        looks_up(page, hers, "1950")
        page.wait("Đã gửi, chờ duyệt")
        assert hers in page.text and his not in page.text and "Trần T** Bưởi" in page.text
    with visit("/ket-qua-dang-ky") as page:
        looks_up(page, his, "1980")
        page.wait("Nguyễn V** An")
