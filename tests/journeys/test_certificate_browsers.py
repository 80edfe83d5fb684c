"""The three steps to a certificate by the keyboard alone: in Chromium at 240 px, and in w3m."""

from datetime import timedelta

import pytest

from app import clock
from app.certificates.models import Certificate
from tests import build
from tests.browsers import TextPage, chromium, fed_by, w3m
from tests.certificates.conftest import keys
from tests.journeys.test_browsers import server
from tests.journeys.test_day_browsers import enter

__all__ = ["keys", "server"]
pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture
def staff(app):
    """Who does each step, of a site with two doses of three days ago that wait."""
    nation, _province, site = build.country()
    at = clock.now() - timedelta(days=3)
    for _ in range(2):
        build.vaccinated(site, given_at=at, recorded_at=at)
    return (
        build.user(site, "reception"), build.user(site, "site_head"),
        build.user(nation, "national"),
    )  # fmt: skip


def narrow(page) -> str:
    """The heading; nothing stands beside the screen."""
    # Scripts are off in the page, not for the test.
    assert page.locator("html").evaluate("page => page.scrollWidth") <= 240, page.url
    return page.locator("h1").inner_text()


def test_three_steps_on_a_narrow_screen(app, client, staff):
    clerk, head, centre = staff
    with chromium() as browser:
        context = browser.new_context(
            java_script_enabled=False, viewport={"width": 240, "height": 320}
        )
        page = context.new_page()
        fed_by(client, page)

        build.sign_in(client, clerk)
        page.goto("http://localhost/")
        enter(page, page.locator("a", has_text="2 mũi của 1 ngày chưa xác nhận"))
        assert narrow(page) == "Chứng nhận"
        page.locator("td a:focus").wait_for()
        enter(page)
        assert "Xác nhận mũi tiêm" in narrow(page)
        page.locator("button:focus", has_text="Xác nhận 2 mũi").wait_for()
        enter(page)
        page.locator("a:focus", has_text="Các ngày chưa xong").wait_for()
        narrow(page)

        build.sign_in(client, head)
        page.goto("http://localhost/certificates/sign")
        narrow(page)
        page.locator("#password:focus").wait_for()
        page.keyboard.type(build.PASSWORD)
        enter(page)
        page.locator(".good", has_text="Đã ký 2 mũi.").wait_for()
        page.locator("a:focus", has_text="Các ngày chưa xong").wait_for()
        enter(page)
        assert "đã được xác nhận và ký" in page.locator("main").inner_text()

        build.sign_in(client, centre)
        page.goto("http://localhost/certificates/issue")
        narrow(page)
        page.locator("button:focus", has_text="Cấp cho 2 người").wait_for()
        enter(page)
        page.locator(".good", has_text="Đã cấp 2 chứng nhận.").wait_for()
        narrow(page)
    assert Certificate.select().count() == 2


def signs_in(page: TextPage, who) -> None:
    page.fill("Tên đăng nhập", who.username)
    page.fill("Mật khẩu", build.PASSWORD)
    page.press("Đăng nhập")


def test_three_steps_in_w3m(app, staff, server):  # noqa: F811
    clerk, head, centre = staff
    with w3m(f"{server}/sign-in") as page:
        signs_in(page, clerk)
        page.wait("2 mũi của 1 ngày chưa xác nhận")
        page.press("Trong 31 ngày qua")
        page.wait("2 mũi chưa xác nhận")
        page.press((clock.today() - timedelta(days=3)).strftime("%d/%m/%Y"))
        page.wait("Xác nhận 2 mũi")
        page.press("Xác nhận 2 mũi")
        page.wait("Đã xác nhận 2 mũi.")
        page.press("Các ngày chưa xong")
        page.wait("2 mũi chờ ký")
    with w3m(f"{server}/sign-in?next=/certificates") as page:
        signs_in(page, head)
        page.wait("2 mũi chờ ký")
        page.press("Ký số liệu của ngày")
        page.wait("[*]")
        page.fill("Mật khẩu", build.PASSWORD)
        page.press("Ký")
        page.wait("Đã ký 2 mũi.")
    with w3m(f"{server}/sign-in?next=/certificates/issue") as page:
        signs_in(page, centre)
        page.press("Cấp cho 2 người")
        page.wait("Đã cấp 2 chứng nhận.")
    assert Certificate.select().count() == 2
