"""What a citizen reads on the page of a ticket: what comes next, until when, and who saw."""

from datetime import timedelta

import pytest

from app import clock
from app.corrections.models import Ticket
from tests.corrections.conftest import PHONE, at, filed


def read(told):
    """The page of the only ticket."""
    told.client.get("/sign-out")
    page = told.client.open_page("/phan-anh/theo-doi")
    return page.submit("code", code=Ticket.get().code, phone=PHONE)


def does(told, row, what, **said):
    """The head of the site does something with a ticket."""
    page = at(told, told.head).open_page(f"/corrections/{row.id}")
    assert page.form("act").submit(what, **said).status == 200


@pytest.mark.parametrize(
    "what, says",
    [
        ("take", "Trả lời trước hết ngày"), ("answer", "Đã trả lời bạn. Giải quyết trước hết"),
        ("ask", "Đơn vị hỏi lại bạn"), ("refuse", "Không đồng ý?"),
    ],
)  # fmt: skip
def test_what_comes_next_is_said(told, what, says):
    does(told, filed(told), what, text="" if what == "take" else "Xem sổ.")
    assert says in read(told).text


def test_that_it_is_late_and_seen_above_is_said(told):
    filed(told)
    assert "quá hạn" not in read(told).text
    Ticket.update(due_answer=clock.today() - timedelta(1)).execute()
    assert "Đã quá hạn: đơn vị cấp trên" in read(told).text


def test_who_asked_reads_which_units_saw(told):
    row = filed(told, "who_saw")
    assert "Ai đã mở" not in read(told).text
    at(told, told.doctor).open_page(f"/people/{told.person.id}")
    does(told, row, "settle", text="Xem dưới đây.")
    page = read(told)
    rows = [line.text_content() for line in page.css("main li")]
    today = f"gần nhất {clock.today():%d/%m/%Y}"
    assert [today in line for line in rows] == [True] * 2
    assert rows[0].startswith(told.site.name) and rows[1].startswith("Người dân tra cứu")
    assert told.doctor.name not in page.text and told.person.name not in page.text


def test_what_is_opened_later_is_no_part_of_the_answer(told):
    does(told, filed(told, "who_saw"), "settle", text="Xem dưới đây.")
    Ticket.update(ended_at=clock.now() - timedelta(days=1)).execute()
    assert not read(told).css("main li")


@pytest.mark.parametrize("change", [{"proven": False}, {"kind": "copy"}, {"state": "refused"}])
def test_nobody_else_reads_who_saw(told, change):
    does(told, filed(told, "who_saw"), "settle", text="Xem dưới đây.")
    Ticket.update(**change).execute()
    assert not read(told).css("main li")


def test_a_citizen_whose_record_was_mended_is_told_to_look(told):
    does(told, filed(told, "who_saw"), "settle", text="Xem dưới đây.")
    assert "Hồ sơ đã sửa" not in read(told).text
    Ticket.update(kind="not_me").execute()
    assert "Hồ sơ đã sửa" in read(told).text
