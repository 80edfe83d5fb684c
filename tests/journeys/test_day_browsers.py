"""The main parts of a day by the keyboard alone: in Chromium with or without scripts, in w3m."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page

from app import clock
from app.accounts.models import User
from app.sessions.models import VaccinationSession
from app.visits.models import Dose, Visit
from tests import build
from tests.browsers import chromium, fed_by, w3m
from tests.journeys.test_browsers import server  # noqa: F401 (a fixture)

PEOPLE = 3


@pytest.fixture
def day(app) -> tuple[VaccinationSession, User]:
    """A session of a station with three people on its list, and somebody who does everything."""
    site = build.country()[2]
    staff = build.user(site)
    session = build.session(site)
    for number in range(1, PEOPLE + 1):
        build.expected(session, build.person(site), number=number)
    return session, staff


def are_screened() -> None:
    """What the paper sheets say of those who came; each is examined for themselves."""
    now = clock.now()
    Visit.update(
        state="ready", consent_at=now, screened_at=now, conclusion="DU_DIEU_KIEN"
    ).execute()


def half_an_hour_passes() -> None:
    Visit.update(observe_until=clock.now() - timedelta(minutes=1)).execute()


def enter(page: Page, on: Locator | None = None) -> None:
    """Press Enter where the focus is (or on this), and wait for the page that answers."""
    with page.expect_navigation():
        (on or page.keyboard).press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_bus_is_received_vaccinated_and_the_session_closed(app, client, day, scripts):
    session, staff = day
    build.sign_in(client, staff)
    here = f"http://localhost/sessions/{session.id}"
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=scripts).new_page()
        fed_by(client, page)
        page.goto(f"{here}/arrivals")
        page.locator("#numbers:focus").wait_for()
        page.keyboard.type(f"1-{PEOPLE}")
        enter(page)
        assert Visit.select().count() == PEOPLE
        are_screened()
        page.goto(f"{here}/batch")
        page.locator("button[value=all]:focus").wait_for()
        enter(page)
        page.locator("button[value=dose]:focus").wait_for()
        enter(page)
        assert Dose.select().count() == PEOPLE
        half_an_hour_passes()
        page.goto(f"{here}/board?at=observation")
        enter(page, page.locator("button", has_text="đã đủ 30 phút"))
        page.goto(f"{here}/lots")
        page.locator("#doses:focus").wait_for()
        page.keyboard.type(str(PEOPLE))
        enter(page)
        page.goto(f"{here}/closing")
        enter(page, page.locator("main button", has_text="Kết thúc buổi tiêm"))
        assert "Biên bản" in page.locator("h1").inner_text()
    assert VaccinationSession.get().closed_at


def test_a_bus_in_w3m(app, day, server):  # noqa: F811
    session, staff = day
    here = f"/sessions/{session.id}"
    with w3m(f"{server}/sign-in?next={here}/arrivals") as page:
        page.fill("Tên đăng nhập", staff.username)
        page.fill("Mật khẩu", build.PASSWORD)
        page.press("Đăng nhập")
        page.wait("Tiếp đón nhiều người")
        page.fill("Số trong danh sách", f"1-{PEOPLE}")
        page.press("Tiếp đón")
        page.wait(f"Đã tiếp đón {PEOPLE} người")
    are_screened()
    with w3m(f"{server}/sign-in?next={here}/batch") as page:
        page.fill("Tên đăng nhập", staff.username)
        page.fill("Mật khẩu", build.PASSWORD)
        page.press("Đăng nhập")
        page.wait("Chờ tiêm")
        page.press("Chọn tất cả")
        page.press("Đã tiêm những người")
        page.wait(f"Đã ghi {PEOPLE} mũi tiêm")
    assert Dose.select().count() == PEOPLE
