"""Citizens in w3m, in Dillo, and in Chromium on a narrow screen by the keyboard: they say that a
name is wrong, a dose is missing or a dose was never theirs, and follow it to the end; and a worker
of a company's list looks at home where it stands. The staff work by plain requests."""

import re
from datetime import datetime

import pytest

from app import clock
from app.corrections.models import Ticket
from app.visits.models import Dose
from tests import build
from tests.certificates.conftest import keys
from tests.corrections.conftest import PHONE, at, told
from tests.journeys.test_browsers import server
from tests.journeys.test_citizen_browsers import Screen, visit
from tests.journeys.test_corrections import certified, checked, decided, morning, ticket_of
from tests.journeys.test_organisation import codes_given_out, officer, sends_the_list

__all__ = ["keys", "morning", "officer", "server", "told", "visit"]
TICKET = re.compile(r"Mã phản ánh: (\w{4}-\w{4})")


def tells(page: Screen, told, kind: str, **said: str) -> str:  # noqa: F811
    """Who has a slip looks it up and says what is wrong; the code to follow it by."""
    looks_up(page, told, doses=1)
    page.press("Sai, thiếu?")
    page.wait("Phản ánh thông tin")
    return writes(page, kind, **said)


def looks_up(page: Screen, told, doses: int) -> None:  # noqa: F811
    page.wait("Tra cứu chứng nhận tiêm")
    page.fill("Số giấy tờ", told.number)
    page.fill("Ngày sinh", "17/05/1980")
    page.fill("Mã PIN", told.pin)
    page.press("Tra cứu")
    page.wait(f"Đã tiêm {doses} mũi")


def writes(page: Screen, kind: str, **said: str) -> str:
    """The form for what is wrong."""
    page.press(kind)
    page.wait("Số điện thoại của bạn")
    for label, value in said.items():
        page.fill(label.replace("_", " "), value)
    page.fill("Số điện thoại của bạn", PHONE)
    page.press("Gửi phản ánh")
    page.wait("Hãy ghi lại mã này")
    return TICKET.search(page.text)[1]


def follows(page: Screen, code: str, phone: str = PHONE) -> None:
    page.wait("Phản ánh đã gửi")
    page.fill("Mã phản ánh", code)
    page.fill("Số điện thoại", phone)
    page.press("Xem")


def settled(told, who, text: str) -> None:  # noqa: F811
    page = ticket_of(told, who).form("act").submit("settle", text=text)
    assert page.status == 200, page.errors()


@pytest.mark.usefixtures("keys")
def test_a_wrong_name_is_corrected_and_certified_again(told, visit):  # noqa: F811
    old = build.certificate(told.site, told.person)
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
    certified(told)
    assert not checked(told, old)
    with visit("/tra-cuu") as page:
        looks_up(page, told, doses=1)
        page.wait("có giá trị đến")
        page.press("Mã QR")
        page.wait("NGUYỄN VĂN ĐÚNG")


def test_a_missing_dose_is_proven_and_entered(told, visit):  # noqa: F811
    with clock.frozen(datetime(2021, 9, 20, 9)):
        missed = build.session(told.site)
    with visit("/phan-anh") as page:
        code = writes(
            page, "Thiếu mũi tiêm", Họ_và_tên="Trần Văn Bưởi", Ngày_sinh="17/05/1980",
            Ngày_tiêm="20/09/2021", Nơi_tiêm=told.site.code, Tỉnh=told.province.name,
        )  # fmt: skip
        page.press("Xem phản ánh đã gửi")
        follows(page, code, phone="0987654321")
        page.wait("Không tìm thấy phản ánh")
        ticket_of(told, told.head).submit("number", number=told.number)
        acts = ticket_of(told, told.head).form("act")
        acts.submit("answer", text="Đang đối chiếu sổ tiêm.")
        follows(page, code)
        page.wait("Đang đối chiếu sổ tiêm.")
    # The site finds the sheet of that day, and a second person looks at it.
    ticket_of(told, told.head).follow("Nhập hồi cứu").submit(
        "given_time", given_time="10:45", papers="yes", evidence="Sổ tiêm, dòng 7",
        cause="cause_other", reason="bỏ sót",
    )  # fmt: skip
    decided(told, told.doctor)
    settled(told, told.head, "Đã nhập mũi tiêm.")
    with visit("/phan-anh/theo-doi") as page:
        follows(page, code)
        page.wait("Đã nhập mũi tiêm.")
    with visit("/tra-cuu") as page:
        looks_up(page, told, doses=2)
        page.wait("20/09/2021 - 10:45")
    assert Dose.get(Dose.source == "late").session_id == missed.id


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
