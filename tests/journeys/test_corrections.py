"""Tickets, whole: from what a citizen says to what the record and the certificate say then."""

from datetime import datetime

import pytest

from app import clock
from app.certificates.actions import standing
from app.certificates.models import Certificate
from app.corrections.models import Ticket
from app.people.models import Person
from app.visits.models import Dose
from tests import build
from tests.certificates.conftest import keys
from tests.corrections.conftest import PHONE, at, filed, told

__all__ = ["keys", "told"]
MORNING = datetime(2021, 10, 20, 8)


@pytest.fixture(autouse=True)
def morning():
    with clock.frozen(MORNING):
        yield


def follows(told, state):
    """The citizen, who has nothing but the code and the telephone, sees this state."""
    told.client.get("/sign-out")
    page = told.client.open_page("/phan-anh/theo-doi")
    page = page.submit("code", code=Ticket.get().code, phone=PHONE)
    assert page.status == 200 and state in page.css("main")[0].text_content()
    assert told.person.name not in page.text and told.number not in page.text
    return page


def ticket_of(told, who):
    """The page of the ticket, found in the queue."""
    page = at(told, who).open_page("/corrections")
    return page.follow(Ticket.get().code[:4])


def settled(told, who):
    page = ticket_of(told, who).form("act").submit("settle", text="Đã sửa.")
    assert page.status == 200, page.errors()
    assert "Đã sửa." in follows(told, "Đã giải quyết").text


def not_yet(told, who):
    """Nobody says that it is done before it is done."""
    page = ticket_of(told, who).form("act").submit("settle")
    assert page.status == 422 and not Ticket.get().ended_at


def decided(told, who):
    """A second person approves what is asked for."""
    page = at(told, who).open_page("/amendments")
    page = page.follow(told.person.name).form("answer").submit(button="yes")
    assert page.status == 200, page.errors()


def certified(told):
    """The three steps of QĐ 5772/QĐ-BYT over what waits."""
    client = at(told, told.head)
    day = client.open_page("/certificates").css("td a")[0].get("href")
    assert "Đã xác nhận" in client.open_page(day).submit("đủ điều kiện").text
    page = client.open_page("/certificates/sign").submit("password", password=build.PASSWORD)
    assert "Đã ký" in page.text
    at(told, build.user(told.nation, "national"))
    assert "Đã cấp" in told.client.open_page("/certificates/issue").submit("Cấp cho").text


def checked(told, row):
    """What whoever checks a certificate is told: whether it counts."""
    page = told.client.open_page("/kiem-tra").submit("text", text=row.code)
    return bool(page.css(".good")) and not page.css(".bad")


@pytest.mark.usefixtures("keys")
def test_a_wrong_name_is_corrected_and_certified_again(told):
    old = build.certificate(told.site, told.person)
    filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    follows(told, "Mới gửi")
    page = ticket_of(told, told.officer)
    page.form("act").submit("ask", text="Tên đúng theo giấy nào?")
    page = follows(told, "Chờ người dân trả lời").submit("text", text="Theo CCCD mới")
    assert "Đang xem xét" in page.text
    not_yet(told, told.officer)

    # The station writes what the card says; the police confirm it, and only then is it settled.
    page = at(told, told.head).open_page("/corrections").follow(told.person.name)
    assert "Nguyễn Văn Đúng" in page.text
    page = told.client.open_page(f"/people/{told.person.id}/identity")
    page.submit(name="NGUYỄN VĂN ĐÚNG", reason="theo phản ánh, thẻ CCCD")
    not_yet(told, told.officer)
    page = ticket_of(told, told.officer).follow("Đối chiếu nhân thân")
    assert page.submit(right="yes").status == 200
    settled(told, told.officer)

    assert not checked(told, old)
    certified(told)
    new = Certificate.get(Certificate.current)
    assert new.replaces_id == old.id and standing(new) == "" and checked(told, new)
    assert not checked(told, old)
    page = at(told, told.head).open_page(f"/people/{told.person.id}/certificate")
    assert "NGUYỄN VĂN ĐÚNG" in page.follow("In khổ A4").text


def test_a_missing_dose_is_proven_and_entered(told):
    with clock.frozen(datetime(2021, 9, 20, 9)):
        missed = build.session(told.site)
    filed(told, "missing", given_on="20/09/2021", place=told.site.code)
    not_yet(told, told.head)
    page = ticket_of(told, told.head).form("act")
    page.submit("answer", text="Đang đối chiếu sổ tiêm.")
    follows(told, "Đã trả lời, đang giải quyết")

    # The site finds the sheet of that day, and a second person looks at it.
    page = ticket_of(told, told.head).follow("Nhập hồi cứu")
    page = page.submit(
        "given_time", given_time="10:45", papers="yes", evidence="Sổ tiêm, dòng 7",
        cause="cause_other", reason="bỏ sót",
    )  # fmt: skip
    assert page.status == 200, page.errors()
    not_yet(told, told.head)
    decided(told, told.doctor)
    dose = Dose.get(Dose.source == "late")
    assert (dose.person_id, dose.session_id) == (told.person.id, missed.id)
    settled(told, told.head)
    assert Ticket.get().amendment.dose_id == dose.id


@pytest.mark.usefixtures("keys")
def test_a_dose_that_was_never_given_is_voided(told):
    old = build.certificate(told.site, told.person)
    filed(told, "not_me")
    ticket_of(told, told.head).form("act").submit("take")
    follows(told, "Đang xem xét")
    page = ticket_of(told, told.head).follow("Đề nghị hủy")
    page = page.submit("reason", reason="người này không tiêm", evidence="biên bản 3")
    assert page.status == 200, page.errors()
    not_yet(told, told.head)
    assert checked(told, old)
    decided(told, told.doctor)
    assert not checked(told, old)
    settled(told, told.head)
    assert Dose.get().voided_at and Person.get_by_id(told.person.id).identity_state == "verified"
    follows(told, "Đã giải quyết")


def test_a_stranger_at_a_place_that_is_closed(told):
    """Without slip and PIN, of a site that is no more: the province finds out who it is, and
    enters the dose with what shows it."""
    page = told.client.open_page("/phan-anh").form("kind").submit("missing")
    page = page.submit(
        "phone", name="Nguyễn Thị Lạ", dob="1950", given_on="10/08/2021", place="Trạm cũ",
        number=told.number, province=told.province.name, phone=PHONE,
    )  # fmt: skip
    assert page.status == 200, page.errors()
    follows(told, "Mới gửi")
    above = build.user(told.province, "province")
    second = build.user(told.province, "province")
    page = ticket_of(told, above)
    assert "chưa chứng tỏ là ai" in page.text and "Trạm cũ" in page.text
    page = page.submit("number", number=told.number)
    not_yet(told, above)
    page = ticket_of(told, above).follow("Ghi mũi tiêm ở nơi khác")
    page = page.submit(
        "given_on", product="COMIRNATY", kind="CO_BAN", seq="1", lot_number="FA1",
        proof="proof_slip", evidence="giấy số 12",
    )  # fmt: skip
    assert page.status == 200, page.errors()
    not_yet(told, above)
    decided(told, second)
    settled(told, above)
    assert Ticket.get().amendment.dose.source == "elsewhere"
