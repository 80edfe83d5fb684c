"""Citizens in Dillo who say that a name is wrong, or that they never had a dose, and
follow it to the end; and a worker of a company's list who looks at home where it stands."""

import pytest

from app.corrections.models import Ticket
from app.people.models import Person
from app.visits.models import Dose
from tests.browsers import TextPage
from tests.corrections.conftest import PHONE, at, told
from tests.dillo import DilloPage
from tests.journeys.test_browsers import server
from tests.journeys.test_citizen_browsers import TICKET, visit
from tests.journeys.test_corrections import decided, morning, ticket_of
from tests.journeys.test_organisation import codes_given_out, officer, sends_the_list

__all__ = ["morning", "officer", "server", "told", "visit"]
pytestmark = pytest.mark.parametrize("visit", ["dillo"], indirect=True)


def tells(page: TextPage | DilloPage, told, kind: str, **said: str) -> str:  # noqa: F811
    """Who has a slip looks it up and says what is wrong; the code to follow it by."""
    page.wait("Tra cứu chứng nhận tiêm")
    page.fill("Số giấy tờ", told.number)
    page.fill("Ngày sinh", "17/05/1980")
    page.fill("Mã PIN", told.pin)
    page.press("Tra cứu")
    page.wait("Đã tiêm 1 mũi")
    page.press("Sai, thiếu?")
    page.wait("Phản ánh thông tin")
    page.press(kind)
    page.wait("Số điện thoại của bạn")
    for label, value in said.items():
        page.fill(label.replace("_", " "), value)
    page.fill("Số điện thoại của bạn", PHONE)
    page.press("Gửi phản ánh")
    page.wait("Hãy ghi lại mã này")
    return TICKET.search(page.text)[1]


def follows(page: TextPage | DilloPage, code: str) -> None:
    page.wait("Phản ánh đã gửi")
    page.fill("Mã phản ánh", code)
    page.fill("Số điện thoại", PHONE)
    page.press("Xem")


def settled(told, who, text: str) -> None:  # noqa: F811
    page = ticket_of(told, who).form("act").submit("settle", text=text)
    assert page.status == 200, page.errors()


def test_a_wrong_name_is_told_asked_about_and_corrected(told, visit):  # noqa: F811
    with visit("/tra-cuu") as page:
        code = tells(page, told, "Sai họ tên", Họ_và_tên="Nguyễn Văn Đúng")
        ticket_of(told, told.officer).form("act").submit("ask", text="Tên theo giấy nào?")
        page.press("Xem phản ánh đã gửi")
        follows(page, code)
        page.wait("Tên theo giấy nào?")
        page.fill("Trả lời", "Theo thẻ CCCD mới")
        page.press("Gửi trả lời")
        page.wait("Đang xem xét")
    assert "Theo thẻ CCCD mới" in ticket_of(told, told.officer).text
    at(told, told.head).open_page(f"/people/{told.person.id}/identity").submit(
        name="NGUYỄN VĂN ĐÚNG", reason="theo phản ánh, thẻ CCCD"
    )
    ticket_of(told, told.officer).follow("Đối chiếu nhân thân").submit(right="yes")
    settled(told, told.officer, "Đã sửa theo thẻ.")
    with visit("/phan-anh/theo-doi") as page:
        follows(page, code)
        page.wait("Đã sửa theo thẻ.")
        assert told.person.name not in page.text and told.number not in page.text
    assert Person.get_by_id(told.person.id).name == "NGUYỄN VĂN ĐÚNG"


def test_a_dose_that_was_never_given_is_told_and_voided(told, visit):  # noqa: F811
    with visit("/tra-cuu") as page:
        code = tells(page, told, "Tôi không tiêm mũi này")
    page = ticket_of(told, told.head).follow("Đề nghị hủy")
    page.submit("reason", reason="người này không tiêm", evidence="biên bản 3")
    decided(told, told.doctor)
    settled(told, told.head, "Đã hủy mũi tiêm.")
    with visit("/phan-anh/theo-doi") as page:
        follows(page, code)
        page.wait("Đã hủy mũi tiêm.")
    assert Dose.get().voided_at and Ticket.get().person_id == told.person.id


def test_a_worker_of_a_list_sees_at_home_where_it_stands(clinic, officer, visit):  # noqa: F811
    mai, _other = codes_given_out(officer, sends_the_list(officer))
    officer.open_page("/registrations").form("ids").submit("approve")
    queue = officer.open_page("/registrations?state=approved").form("ids")
    queue.submit("allocate", site=str(clinic.site.id))
    with visit("/ket-qua-dang-ky") as page:
        for year, seen in (("1986", "không khớp"), (mai["Năm sinh"], "Đã chuyển cơ sở tiêm")):
            page.fill("Mã đặt tiêm", mai["Mã đặt tiêm"])
            page.fill("Số điện thoại", mai["Số điện thoại"])
            page.fill("Năm sinh", year)
            page.press("Tra cứu")
            page.wait(seen)
        assert "TRẦN T** MAI" in page.text.upper()
