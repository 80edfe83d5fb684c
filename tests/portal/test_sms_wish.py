"""The code of a wish and a year of birth, by message from the telephone of the wish."""

from datetime import time

import pytest

from app.registrations.models import Registration
from app.sessions.models import Appointment
from app.units.models import Unit
from tests import build
from tests.portal.test_register import begin, finish
from tests.portal.test_sms import gateway
from tests.registrations.test_queue import wish

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
