"""A worker whom the company registered by a list, by plain requests."""

import csv
import io
from datetime import date

import pytest

from app.imports.models import WishFile
from app.registrations.models import Registration
from app.units.models import Unit
from tests.imports.files import xlsx
from tests.journeys.steps import the_audit_holds

HEADINGS = ["STT", "Họ và tên", "Năm sinh", "Giới tính", "CCCD", "Điện thoại"]
STAFF = [
    ["1", "TRẦN THỊ MAI", "1985", "Nữ", "001185000017", "0912345678"],
    ["2", "BÙI VĂN SÁU", "1979", "Nam", "", ""],
    ["3", "LÊ VĂN TƯ", "31/02/1990", "Nam", "", ""],
]


@pytest.fixture
def officer(clinic):
    """The browser of the province, whose district the company is in."""
    province = Unit.get_by_id(clinic.site.parent_id)
    Unit.update(area_scheme="vn34", area_code="01").where(Unit.id == province.id).execute()
    return clinic.staff["province"]


def sends_the_list(officer):
    """The company's list becomes wishes; the page that says so."""
    form = officer.open_page("/registrations").follow("Đăng ký theo tổ chức").form("file").values
    values = {
        "name": "Công ty May Sông Hồng", "contact": "Lê Thị Hoa", "phone": "0987654321",
        "address": "Số 1 Đội Cấn", "commune": "Ba Đình, Hà Nội", "priority_group": "13",
        "wished_on": "25/10/2021", "half_day": "morning",
        "file": (io.BytesIO(xlsx([HEADINGS, *STAFF])), "nhan-vien.xlsx"),
    }  # fmt: skip
    values |= {key: form[key][0] for key in ("csrf_token", "key")}
    page = officer.send("/organisations", values, content_type="multipart/form-data")
    assert "LÊ VĂN TƯ" in page.text and "Cột Năm sinh" in page.text, "the third row is named"
    return page.form("Đăng ký cho 2 người").submit()


def codes_given_out(officer, page) -> list[dict[str, str]]:
    """The rows of the file of codes, as the company opens it."""
    file = officer.get(page.css("a[href*='codes.csv']")[0].get("href"))
    return list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))


def finds(app, told: dict[str, str]):
    """The page that the worker sees at home with what the company gave out."""
    home = app.test_client().open_page("/ket-qua-dang-ky")
    return home.submit(code=told["Mã đặt tiêm"], phone=told["Số điện thoại"], year=told["Năm sinh"])


def test_a_worker_of_a_list_is_sent_to_a_site_and_sees_it_at_home(clinic, officer):
    page = sends_the_list(officer)
    mai, sau = codes_given_out(officer, page)
    assert (sau["Họ và tên"], sau["Số điện thoại"]) == ("BÙI VĂN SÁU", "0987654321")
    assert "Đã gửi, chờ duyệt" in finds(clinic.app, mai).text
    wrong = finds(clinic.app, mai | {"Năm sinh": "1986"})
    assert "Đã gửi" not in wrong.text and "T*" not in wrong.text

    queue = officer.open_page("/registrations")
    assert "Công ty May Sông Hồng" in queue.text and "hỏi tại điểm tiêm" in queue.text
    queue = queue.form("ids").submit("approve")
    assert "Đã ghi cho 2 người" in queue.text
    queue = officer.open_page("/registrations?state=approved")
    queue.form("ids").submit("allocate", site=str(clinic.site.id))
    assert {wish.site_id for wish in Registration.select()} == {clinic.site.id}

    at_the_site = clinic.staff["everything"].open_page("/registrations")
    assert "TRẦN THỊ MAI" in at_the_site.text and "hỏi tại điểm tiêm" in at_the_site.text
    assert "Đã chuyển cơ sở tiêm" in finds(clinic.app, mai).text
    assert Registration.get().wished_on == date(2021, 10, 25)
    the_audit_holds(at_least=8)


def test_a_list_that_was_sent_by_mistake_is_seen_withdrawn_at_home(clinic, officer):
    page = sends_the_list(officer)
    mai, _sau = codes_given_out(officer, page)
    page.form("Rút lại lần nhập này").submit()
    assert "Đã rút" in finds(clinic.app, mai).text
    assert "TRẦN THỊ MAI" not in officer.open_page("/registrations").text
    again = officer.open_page(f"/organisations/{WishFile.get().id}")
    assert not again.css("a[href*=codes]"), "nobody is given a code that is void"
