"""Whoever withdraws consent is not called any more; what was given stays."""

from datetime import datetime, time, timedelta

import pytest

from app import clock
from app.corrections import actions
from app.corrections.models import Ticket
from app.lists.models import ids, longest_since, to_call, unwilling
from app.outbox import OutboxEvent
from app.registrations import actions as registrations
from app.registrations.models import Registration
from app.sessions.models import Appointment, Expected
from app.visits.models import Dose, Visit
from tests import build
from tests.corrections.conftest import PHONE, at, filed, working

AT_TEN = datetime(2021, 8, 10, 3)


@pytest.fixture(autouse=True)
def at_ten():
    with clock.frozen(AT_TEN):
        yield


def wished(told, **given):
    """A wish of the person of the ticket whom nobody has called yet."""
    person = told.person
    mine = {
        "name": person.name, "sex": person.sex, "dob_month": 5, "dob_day": 17, "site": told.site,
        "state": "allocated", "kind": "CCCD", "number": told.number, "sent_at": AT_TEN,
    }  # fmt: skip
    return build.wish(told.province, **(mine | given))


def called(told, wish=None, days=1):
    """The person is called to a session of a day to come."""
    session = build.session(told.site, held_on=clock.today() + timedelta(days))
    build.expected(session, told.person)
    if wish:
        Registration.update(state="listed", person=told.person).where(
            Registration.id == wish.id
        ).execute()
    return Appointment.create(
        registration=wish, session=session, person=told.person, hour=time(8, 30)
    )


def withdraw(told, row=None):
    """The head settles the ticket."""
    row = row or filed(told, "withdraw")
    actions.act(row.id, "settle", row.version, "Đã hủy.", "", working(told.head))
    return row


def state_of(row):
    return type(row).get_by_id(row.id).state


def emitted(event):
    return OutboxEvent.select().where(OutboxEvent.event == event).count()


def test_wishes_and_appointments_end_and_are_told_once(told):
    wish, waits = wished(told), wished(told, phone="0987654321", state="sent", site=None)
    rows = [called(told, wish), called(told, days=2)]
    withdraw(told)
    assert [state_of(wish), state_of(waits)] == ["withdrawn", "withdrawn"]
    assert Registration.get_by_id(wish.id).reason == "Rút lại sự đồng ý"
    assert [Appointment.get_by_id(row.id).ended for row in rows] == ["removed", "removed"]
    assert not Expected.select().where(Expected.person == told.person).exists()
    assert emitted("appointment.withdrawn") == 2 and not emitted("appointment.removed")
    assert Dose.get_by_id(told.dose.id).voided_at is None


def test_nobody_elses_wish_ends(told):
    """The grandmother has the same telephone; a number that was typed wrongly another name."""
    others = [
        wished(told, name="NGUYỄN THỊ BÀ", folded="nguyen thi ba", number="", kind=""),
        wished(told, name="NGUYỄN THỊ BÀ", folded="nguyen thi ba"),
        wished(told, number="", kind="", sex="F"),
    ]
    own = wished(told, number="", kind="")
    withdraw(told)
    assert [state_of(row) for row in others] == ["allocated"] * 3
    assert state_of(own) == "withdrawn"


@pytest.mark.parametrize("state", ["done", "rejected", "draft"])
def test_what_is_over_stays(told, state):
    wish = wished(told, state=state)
    withdraw(told)
    assert registrations.withdraw([wish.id], "x") == [] and state_of(wish) == state


def test_another_ticket_ends_no_wish(told):
    wish, row = wished(told), filed(told, "who_saw")
    actions.act(row.id, "settle", row.version, "Xong.", "", working(told.head))
    assert state_of(wish) == "allocated" and not unwilling([told.person.id])


def test_who_is_at_the_desk_is_asked_there(told):
    row = called(told, days=0)
    build.visit(row.session, told.person)
    past = called(told, days=-1)
    withdraw(told)
    assert [Appointment.get_by_id(one.id).ended for one in (row, past)] == ["", ""]


def test_a_refused_withdrawal_changes_nothing(told):
    wish, row = wished(told), filed(told, "withdraw")
    actions.act(row.id, "refuse", row.version, "Không phải bạn.", "", working(told.head))
    assert state_of(wish) == "allocated" and not unwilling([told.person.id])


def test_who_has_no_record_is_found_by_name_birth_and_telephone(told):
    wish = wished(told, name="TRẦN THỊ BƯỞI", folded="tran thi buoi", sex="F", number="")
    other = wished(
        told, name="TRẦN THỊ BƯỞI", folded="tran thi buoi", number="", phone="0987654321"
    )
    page = told.client.open_page("/phan-anh").form("kind").submit("withdraw")
    page.submit(
        "phone", name="Trần Thị Bưởi", dob="17/05/1980", phone=PHONE, province=told.province.name
    )
    row = Ticket.get()
    above = build.user(told.province, "province")
    actions.act(row.id, "settle", row.version, "Đã hủy.", "", working(above))
    assert [state_of(wish), state_of(other)] == ["withdrawn", "allocated"]


def due(told):
    """Who can be called of those who had a dose."""
    return to_call(list(ids(longest_since(told.site.path, clock.now(), None))), clock.today())


def test_nobody_is_called_whose_dose_is_due_until_they_consent_again(told):
    with clock.frozen(AT_TEN - timedelta(days=90)):
        Dose.update(given_at=clock.now()).execute()
        Visit.update(consent_at=clock.now()).execute()
    assert due(told) == [told.person.id]
    withdraw(told)
    assert due(told) == [] and unwilling([told.person.id]) == {told.person.id}
    page = at(told, told.head).open_page(f"/people/{told.person.id}")
    assert "Đã rút lại sự đồng ý" in page.text
    with clock.frozen(AT_TEN + timedelta(days=1)):
        Visit.update(consent_at=clock.now()).execute()
    assert due(told) == [told.person.id] and not unwilling([told.person.id])


def test_who_registers_again_is_called_again(told):
    withdraw(told)
    wished(told, person=told.person, sent_at=AT_TEN + timedelta(days=1))
    assert not unwilling([told.person.id])


def test_who_withdrew_after_the_page_was_shown_is_left(told):
    row = filed(told, "withdraw")
    session = build.session(told.site, held_on=clock.today() + timedelta(1))
    with clock.frozen(AT_TEN - timedelta(days=90)):
        Dose.update(given_at=clock.now()).execute()
    page = at(told, told.head).open_page(f"/sessions/{session.id}/due")
    assert told.person.name in page.text
    withdraw(told, row)
    page = page.form("hour").submit(hour="08:00", ids=str(told.person.id))
    assert "đã rút lại sự đồng ý" in page.text and not Appointment.select().exists()


def test_the_citizen_reads_what_became_of_it(told):
    row = withdraw(told)
    page = told.client.open_page("/phan-anh/theo-doi").submit("code", code=row.code, phone=PHONE)
    assert "Đăng ký tiêm và lịch hẹn đã hủy" in page.text and "Mũi đã tiêm vẫn lưu" in page.text
    other = filed(told, "who_saw")
    actions.act(other.id, "settle", other.version, "Xong.", "", working(told.head))
    page = told.client.open_page("/phan-anh/theo-doi").submit("code", code=other.code, phone=PHONE)
    assert "lịch hẹn đã hủy" not in page.text
