"""The queue, one ticket, and the counter."""

from datetime import timedelta

import pytest

from app import clock
from app.audit import AuditEntry
from app.corrections.models import Ticket, TicketEvent
from app.outbox import OutboxEvent
from tests import build
from tests.corrections.conftest import PHONE, at, filed


def opened(told, row, who=None):
    """The page of a ticket as somebody sees it."""
    return at(told, who or told.head).open_page(f"/corrections/{row.id}")


def test_the_queue_of_a_site(told):
    row = filed(told)
    page = at(told, told.head).open_page("/corrections")
    assert told.person.name in page.text and "Tôi không tiêm mũi này" in page.text
    assert AuditEntry.get(AuditEntry.noun == "ticket", AuditEntry.action == "view").detail == {
        "hits": 1
    }
    assert page.follow(row.code[:4]).status == 200


def test_what_is_late_is_seen_from_above_and_stands_first(told):
    late, fresh = filed(told), filed(told, "who_saw")
    above = build.user(told.province, "province")
    assert "Không có phản ánh nào" in at(told, above).open_page("/corrections").text
    assert told.person.name in told.client.open_page("/corrections?show=all").text
    Ticket.update(due_answer=clock.today() - timedelta(1)).where(Ticket.id == late.id).execute()
    page = told.client.open_page("/corrections")
    assert len(page.css("tbody tr")) == 1 and "Quá hạn" in page.text
    Ticket.update(due_answer=clock.today() + timedelta(9), due_settle=clock.today() - timedelta(1),
                  answered_at=clock.now()).where(Ticket.id == late.id).execute()  # fmt: skip
    rows = at(told, told.head).open_page("/corrections").css("tbody tr")
    assert "Quá hạn" in rows[0].text_content() and fresh.code[:4] in rows[1].text_content()


def test_each_half_sees_its_own(told):
    dose, identity = filed(told), filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    page = at(told, told.officer).open_page("/corrections?show=all")
    assert identity.code[:4] in page.text and dose.code[:4] not in page.text
    assert told.client.get(f"/corrections/{dose.id}").status_code == 404
    at(told, build.user(told.province, "province"))
    assert told.client.get(f"/corrections/{identity.id}").status_code == 404
    assert told.client.get(f"/corrections/{dose.id}").status_code == 200


def test_the_site_sees_whose_identity_it_has_to_write(told):
    row = filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    page = at(told, told.head).open_page("/corrections")
    assert row.code[:4] in page.text and told.person.name in page.text
    assert told.client.get(f"/corrections/{row.id}").status_code == 404
    assert row.code[:4] not in told.client.open_page("/corrections?show=ended").text
    stranger = build.user(build.country()[2], "site_head")
    assert row.code[:4] not in at(told, stranger).open_page("/corrections").text
    Ticket.update(ended_at=clock.now(), state="settled").execute()
    assert row.code[:4] not in at(told, told.head).open_page("/corrections").text


def test_the_police_see_no_doses(told):
    row = filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    page = opened(told, row, told.officer)
    assert told.dose.lot_number not in page.text and "Nguyễn Văn Đúng" in page.text


def test_the_record_stands_beside_what_is_claimed(told):
    row = filed(told, "wrong_dose", lot_number="FALSCH1")
    page = opened(told, row)
    cells = [[cell.text_content() for cell in line] for line in page.css("tbody tr")]
    assert ["Số lô", told.dose.lot_number, "FALSCH1"] in cells


def test_an_answer_is_kept_and_told(told):
    row = filed(told)
    page = opened(told, row).form("act").submit("answer", text="Chúng tôi đang xem sổ.")
    assert page.status == 200
    row = Ticket.get()
    assert (row.state, row.answered_at is not None, row.version) == ("answered", True, 2)
    assert TicketEvent.get(TicketEvent.act == "answer").by_id == told.head.id
    assert OutboxEvent.get(OutboxEvent.event == "correction.answer").payload == {"ticket": row.id}
    entry = AuditEntry.get(AuditEntry.noun == "ticket", AuditEntry.action == "change")
    assert entry.detail == {"event": "answer"}


@pytest.mark.parametrize("what", ["answer", "ask", "refuse"])
def test_words_are_needed(told, what):
    page = opened(told, filed(told)).form("act").submit(what)
    assert page.status == 422 and Ticket.get().state == "new"
    assert page.css("#text")[0].get("aria-invalid") == "true"


def test_a_refusal_ends_it(told):
    page = opened(told, filed(told)).form("act").submit("refuse", text="Sổ ghi đúng.")
    assert Ticket.get().ended_at and not page.css("[name=act]")
    ended = told.client.open_page("/corrections?show=ended").text
    assert "Không chấp nhận" in ended


def test_two_officers_do_not_answer_at_once(told):
    page = opened(told, filed(told))
    again = told.client.open_page(page.url)
    page.form("act").submit("take")
    assert again.form("act").submit("answer", text="x").status == 409
    assert Ticket.get().state == "taken"


def test_a_ticket_is_sent_on(told):
    other = build.unit("station", told.province)
    row = filed(told)
    page = opened(told, row).form("act").submit("send", to=other.code)
    assert page.url == "/corrections" and Ticket.get().unit_id == other.id
    event = TicketEvent.get(TicketEvent.act == "send")
    assert (event.before, event.after) == (told.site.id, other.id)
    assert told.client.get(f"/corrections/{row.id}").status_code == 404


@pytest.mark.parametrize("to", ["", "KHONGCO", "same"])
def test_only_to_another_unit_that_works(told, to):
    page = opened(told, filed(told))
    page = page.form("act").submit("send", to=told.site.code if to == "same" else to)
    assert page.status == 422 and page.css("#to")[0].get("aria-invalid") == "true"


def test_identity_is_sent_only_to_police(told):
    row = filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    page = opened(told, row, told.officer).form("act").submit("send", to=told.site.code)
    assert page.status == 422 and "không có công an" in page.text


def test_nothing_is_settled_before_the_record_changed(told):
    page = opened(told, filed(told)).form("act").submit("settle")
    assert page.status == 422 and Ticket.get().state == "new"


def test_what_asks_for_no_change_is_settled_with_words(told):
    row = filed(told, "who_saw")
    assert opened(told, row).form("act").submit("settle").status == 422
    assert opened(told, row).form("act").submit("settle", text="Đã gửi.").status == 200
    assert Ticket.get().state == "settled"


def test_the_counter_notes_a_ticket(told):
    reception = build.user(told.site, "reception")
    page = at(told, reception).open_page(f"/people/{told.person.id}").follow("Ghi phản ánh")
    page = page.submit("kind", kind="not_me", dose=str(told.dose.id), phone=PHONE)
    assert page.status == 200 and Ticket.get().code[:4] in page.text
    row = Ticket.get()
    assert (row.channel, row.noted_by_id, row.proven) == ("counter", reception.id, True)
    assert row.code[:4] in told.client.open_page(f"/people/{told.person.id}").text


def test_the_counter_takes_a_right_number(told):
    page = at(told, told.head).open_page(f"/people/{told.person.id}/correction")
    page = page.submit("kind", kind="wrong_identity", number="001080012345", phone=PHONE)
    assert page.status == 200 and Ticket.get().claim == {"number": "001080012345"}


def test_the_counter_is_told_what_is_missing(told):
    at(told, told.head)
    page = told.client.open_page(f"/people/{told.person.id}/correction")
    page = page.submit("kind", kind="not_me", phone=PHONE, note="không phải tôi")
    assert page.status == 422 and not Ticket.select().exists()
    assert page.css("#note")[0].get("value") == "không phải tôi"


def test_whom_a_ticket_is_about_is_found_by_number(told):
    row = filed(told, "who_saw")
    Ticket.update(person=None).execute()
    elsewhere = build.person(build.country()[2])
    page = opened(told, row).submit("number", number=elsewhere.documents[0].number)
    assert page.status == 422 and Ticket.get().person_id is None
    page = page.submit("number", number=told.number)
    assert page.status == 200 and Ticket.get().person_id == told.person.id
