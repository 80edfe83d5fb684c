"""Who registered gives up the appointment, or the wish, without asking anybody."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest

from app import clock
from app.outbox import OutboxEvent
from app.registrations.models import Registration
from app.sessions import actions as sessions
from app.sessions.models import Appointment, Expected
from tests import build
from tests.sessions.conftest import as_signed_in

NOON = datetime(2026, 8, 12, 12)


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def called(app):
    """A wish that was called to the session of tomorrow."""
    _nation, province, site = build.country()
    wish = build.wish(province, state="allocated", site=site)
    session = build.session(site, [], held_on=NOON.date() + timedelta(1))
    by = as_signed_in(build.user(site, build.EVERYTHING_AT_A_SITE))
    sessions.call(session.id, [wish.id], time(8), by)
    return SimpleNamespace(wish=wish, session=session, by=by)


def opened(client, wish):
    known = {"code": wish.code, "phone": wish.phone, "year": str(wish.dob_year)}
    return client.open_page("/ket-qua-dang-ky").submit(**known)


def state(wish) -> str:
    return Registration.get_by_id(wish.id).state


def events() -> list[str]:
    names = OutboxEvent.select(OutboxEvent.event).order_by(OutboxEvent.id)
    return [row.event for row in names if row.event.startswith("appointment")]


def test_who_cannot_come_gives_the_place_back_and_waits_again(client, called):
    page = opened(client, called.wish)
    assert "08:00" in page.text
    sure = page.form("leave").submit("Bỏ lịch hẹn này")
    assert "Không đến được?" in sure.css("[role=alert]")[0].text_content()
    assert state(called.wish) == "listed" and Expected.select().exists()
    page = sure.form().submit("Bỏ lịch hẹn này")
    assert page.status == 200 and "08:00" not in page.text
    assert state(called.wish) == "allocated" and not Expected.select().exists()
    assert Appointment.get().ended == "removed"
    assert events() == ["appointment.made", "appointment.removed"]
    assert sessions.call(called.session.id, [called.wish.id], time(8), called.by).hours


def test_who_thinks_again_keeps_everything(client, called):
    page = opened(client, called.wish).form("leave").submit("Bỏ lịch hẹn này")
    page = page.form().submit("Giữ nguyên")
    assert page.status == 200 and "08:00" in page.text and state(called.wish) == "listed"


def test_a_wish_is_withdrawn_with_its_appointment(client, called):
    sure = opened(client, called.wish).form("leave").submit("Rút đăng ký")
    assert "phải đăng ký mới" in sure.text and state(called.wish) == "listed"
    page = sure.form().submit("Rút đăng ký")
    assert "Đã rút" in page.text and state(called.wish) == "withdrawn"
    assert not Expected.select().exists() and Appointment.get().ended == "removed"
    again = sure.form().submit("Rút đăng ký")  # pressed twice
    assert again.status == 200 and "Đã rút" in again.text
    assert events() == ["appointment.made", "appointment.withdrawn"]
    assert not opened(client, called.wish).css("[name=leave]")


@pytest.mark.parametrize("now", ["sent", "approved", "allocated"])
def test_a_wish_that_waits_is_withdrawn(client, now):
    _nation, province, site = build.country()
    wish = build.wish(province, state=now, site=site if now == "allocated" else None)
    page = opened(client, wish)
    assert "Bỏ lịch hẹn" not in page.text
    page.form("leave").submit("Rút đăng ký").form().submit("Rút đăng ký")
    assert state(wish) == "withdrawn" and not events()


@pytest.mark.parametrize("now", ["done", "rejected", "withdrawn"])
def test_what_has_ended_is_not_given_up(client, now):
    _nation, province, _site = build.country()
    assert not opened(client, build.wish(province, state=now)).css("[name=leave]")


def test_an_appointment_of_yesterday_is_for_the_site_to_settle(client, called):
    with clock.frozen(NOON + timedelta(2)):
        page = opened(client, called.wish)
        assert "Bỏ lịch hẹn" not in page.text
        page.form("leave").submit("Rút đăng ký").form().submit("Rút đăng ký")
    assert state(called.wish) == "withdrawn" and Expected.select().exists()


@pytest.mark.parametrize("sent", [{}, {"leave": ""}, {"mark": "1.abc"}])
def test_a_form_of_ones_own_making_gives_nothing_up(client, called, sent):
    mark = opened(client, called.wish).css("[name=mark]")[0].get("value")
    form = {"step": "leave", "mark": mark} | sent
    assert client.send("/ket-qua-dang-ky", form, status=422)
    assert state(called.wish) == "listed"
