"""One whole day from the sign-in page: accounts, vaccine, session, list, doses, slip, count."""

from datetime import date
from io import BytesIO

from app.people.models import Person
from app.sessions.models import VaccinationSession
from tests import build
from tests.imports.files import HEADINGS, xlsx
from tests.journeys.steps import (
    Clinic,
    Stations,
    click_count,
    code_and_pin,
    looks_up,
    the_audit_holds,
    the_province_counts,
    visit_of,
)
from tests.page_client import Page, PageClient

OWN = "con trâu đi trước cái cày"
ROLES = ("reception", "screener", "vaccinator", "observer", "storekeeper")


def signs_in(app, username: str, password: str) -> Page:
    """A browser of its own, at the sign-in page."""
    page = app.test_client().open_page("/sign-in")
    return page.submit(username=username, password=password)


def makes_an_account(head: PageClient, role: str) -> tuple[str, str]:
    """The name and the first password that the head hands over."""
    page = head.open_page("/accounts").follow("Tạo tài khoản")
    page = page.submit(name=f"Lê Thị {role}", username=role, roles=[role])
    username, secret = (dd.text_content() for dd in page.css("dd")[1:3])
    return username, secret


def begins_work(app, username: str, secret: str) -> PageClient:
    """The first password serves for choosing another one, and for nothing else."""
    page = signs_in(app, username, secret)
    assert "Mật khẩu được cấp chỉ dùng một lần" in page.text
    page = page.submit(old=secret, new=OWN, again=OWN)
    assert "Vào làm việc" in page.text
    return page.client


def receives_vaccine(store: PageClient) -> None:
    page = store.open_page("/lots/receive")
    page = page.submit(product="COMIRNATY", number="FK1234", expires_on="31/12/2021", doses="30")
    assert "FK1234" in page.text


def plans_a_session(head: PageClient) -> Page:
    page = head.open_page("/sessions").follow("Lập buổi tiêm")
    return page.submit(half_day="morning", tables="2")


def brings_a_list(page: Page) -> Page:
    """Three people in a spreadsheet: one is new, one is known, one has an impossible birthday."""
    rows = [
        ["1", "Trần Thị Hoa", "05/06/1990", "Nữ", "1", "0912345678", "001190123456", ""],
        ["2", "Nguyễn Văn Minh", date(1980, 5, 17), "Nam", "1", "0912345679", "001080000001", ""],
        ["3", "Lê Văn Ba", "31/02/1950", "Nam", "9", "0912345680", "001050000003", ""],
    ]
    upload = page.follow("Nhập từ tệp").form("file")
    sent = {**upload.values, "file": [(BytesIO(xlsx([HEADINGS, *rows])), "danh-sach.xlsx")]}
    page = page.client.send(upload.element.get("action"), sent)
    assert "1 Lỗi" in page.text and "1 Khác hồ sơ" in page.text
    return page.form("Ghi 2 người vào danh sách").submit()


def test_a_day(app, later):
    _nation, province, site = build.country()
    chief = build.user(province, "province")
    build.person(site, number="001080000001", name="NGUYỄN VĂN MINH")

    head = begins_work(app, *chief_makes_a_head(app, chief, site))
    staff = {role: begins_work(app, *makes_an_account(head, role)) for role in ROLES}
    receives_vaccine(staff["storekeeper"])
    page = brings_a_list(plans_a_session(head))
    assert "2 người" in page.follow("Về buổi tiêm").text

    staff["province"] = signs_in(app, chief.username, build.PASSWORD).client
    clinic = Clinic(app, site, staff, VaccinationSession.get().id, later)
    hoa, minh = (Person.get(Person.name == n) for n in ("Trần Thị Hoa", "NGUYỄN VĂN MINH"))
    at_stations = Stations(clinic)
    at_stations.vaccinates(hoa)
    at_stations.is_refused_by(minh)
    later(30)
    page = at_stations.ends_observation(hoa).follow("In giấy xác nhận")
    code, pin = code_and_pin(page.form("Cấp và in").submit())

    for what in ("001190123456", code):
        assert "Đã tiêm 1 mũi" in looks_up(clinic, what, "05/06/1990", pin).text
    wrong = looks_up(clinic, code, "05/06/1991", pin)
    assert "Không tìm thấy hoặc thông tin không khớp" in wrong.text and "Hoa" not in wrong.text

    page = the_province_counts(clinic, received=2, vaccinated=1, refused=1, delayed=0)
    page = click_count(page, "vaccinated").follow("Trần Thị Hoa")
    assert page.url == f"/visits/{visit_of(hoa).id}" and "FK1234" in page.text
    the_audit_holds(at_least=40)


def chief_makes_a_head(app, chief, site) -> tuple[str, str]:
    """The province makes the account of the site's head."""
    browser = signs_in(app, chief.username, build.PASSWORD).client
    page = browser.open_page(f"/accounts/new?unit_id={site.id}")
    page = page.submit(name="Phạm Văn Trưởng", username="truong", roles=["site_head"])
    return "truong", page.css("dd")[2].text_content()
