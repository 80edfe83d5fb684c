"""The code of a wish and a year of birth, by message from the telephone of the wish."""

from datetime import time, timedelta

import pytest

from app import clock
from app.registrations.models import Registration
from app.sessions import actions as sessions
from app.sessions.models import Appointment, Expected
from app.units.models import Unit
from tests import build
from tests.portal.test_register import begin, finish
from tests.portal.test_sms import gateway
from tests.registrations.test_queue import wish
from tests.sessions.conftest import as_signed_in

__all__ = ["gateway"]
NOTHING = "khong tim thay"


@pytest.fixture
def row(app):
    nation, province, site = build.country()
    return wish(province, dob_year=1948, site=site)


def ask(gateway, code, year="1948", **given):
    return gateway.write(f"TC {code} {year}", **given)


def test_a_wish_that_waits_and_one_that_is_called(gateway, row):
    assert "dang cho lich tiem" in ask(gateway, row.code)
    session = build.session(row.site, [])
    Appointment.create(
        registration=row, session=session, person=build.person(row.site), hour=time(8, 30)
    )
    code = f"{row.code[:4]} {row.code[4:8]} {row.code[8:]}"
    reply = ask(gateway, code, id="m2")
    assert f"luc 08:30 ngay {session.held_on:%d/%m/%Y}" in reply and len(reply) <= 160
    assert row.code not in reply and row.name not in reply


def test_the_page_of_a_wish_says_what_to_text_and_where(gateway, client, number):
    mine = build.country()[1]
    Unit.update(area_scheme="vn34", area_code="01").where(Unit.id == mine.id).execute()
    page = finish(begin(client))
    wish = Registration.get()
    assert f"nhắn TC {wish.code} <năm sinh> đến {number}" in page.text
    assert "dang cho lich tiem" in ask(gateway, wish.code, wish.dob_year, phone=wish.phone)


@pytest.mark.parametrize("state", ["draft", "rejected", "withdrawn", "done"])
def test_what_is_over_is_seen_on_the_page(gateway, row, state):
    Registration.update(state=state).execute()
    assert "/ket-qua-dang-ky" in ask(gateway, row.code)


@pytest.mark.parametrize("given", [{"year": "1949"}, {"year": "48"}, {"phone": "+84912345679"}])
def test_who_knows_less_is_told_nothing(gateway, row, given):
    assert NOTHING in ask(gateway, row.code, **given)


def test_a_code_is_not_guessed(gateway, row):
    for n in range(5):
        assert NOTHING in ask(gateway, row.code, year=f"195{n}", id=f"g{n}")
    assert "qua nhieu lan" in ask(gateway, row.code, id="last")


def test_who_cannot_come_says_so_by_message(gateway, row):
    Registration.update(state="allocated").execute()
    session = build.session(row.site, [], held_on=clock.today() + timedelta(1))
    by = as_signed_in(build.user(row.site, build.EVERYTHING_AT_A_SITE))
    sessions.call(session.id, [row.id], time(8, 30), by)
    told = ask(gateway, row.code)
    assert "HUY <ma> <nam sinh>" in told and len(told) <= 160
    assert NOTHING in gateway.write(f"HUY {row.code} 1949", id="m2")
    assert NOTHING in gateway.write(f"HUY {row.code} 1948", id="m3", phone="+84912345679")
    assert Registration.get().state == "listed"
    reply = gateway.write(f"Huy {row.code} 1948", id="m4")
    assert "da bo lich tiem" in reply and Appointment.get().ended == "removed"
    assert Registration.get().state == "allocated" and not Expected.select().exists()
    assert "dang cho lich tiem" in gateway.write(f"HUY {row.code} 1948", id="m5")
    assert "CHECK" in gateway.write("CANCEL", id="m6")
