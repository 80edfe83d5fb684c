"""One dose in Chromium, with and without JavaScript, by the keyboard alone; and in w3m."""

import pytest

from app.people.models import Document
from app.visits.models import Dose, Visit
from tests import build
from tests.browsers import chromium, fed_by, serving, w3m


@pytest.fixture
def desk(app, client):
    """(session, number of a person, staff) of a station at work."""
    site = build.country()[2]
    staff = build.user(site)
    session = build.session(site)
    person = build.person(site)
    return session, Document.get(Document.person == person).number, staff


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_scan_and_one_key_are_a_dose(app, client, desk, scripts):
    """Goal A5: the scanner types the number and Enter; one more Enter; no mouse."""
    session, number, staff = desk
    build.sign_in(client, staff)
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=scripts).new_page()
        fed_by(client, page)
        page.goto(f"http://localhost/sessions/{session.id}/desk")
        page.locator("#what:focus").wait_for()
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        page.locator("button[value=dose]:focus").wait_for()
        page.keyboard.press("Enter")
        page.locator("p.good").wait_for()
        page.locator("#what:focus").wait_for()
    assert Dose.select().count() == 1
    assert Visit.get().state == "observing"


@pytest.fixture
def server(app):
    """The application at an address of its own, for a browser that is another program."""
    with serving(app) as address:
        yield address


def test_a_dose_in_w3m(app, desk, server):
    session, number, staff = desk
    with w3m(f"{server}/sign-in?next=/sessions/{session.id}/desk") as page:
        page.fill("Tên đăng nhập", staff.username)
        page.fill("Mật khẩu", build.PASSWORD)
        page.press("Đăng nhập")
        page.wait("Quét thẻ CCCD")
        page.fill("Quét thẻ CCCD", number)
        page.press("Tìm")
        page.wait("Vị trí tiêm")
        page.press("Đồng ý, đã tiêm")
        page.wait("Theo dõi đến")
    assert Dose.select().count() == 1
