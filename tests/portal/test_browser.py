"""The citizen's pages in Chromium: keyboard only, without JavaScript, narrow, and for everybody."""

import subprocess

from PIL import Image

from tests.browsers import barriers, chromium, fed_by, program
from tests.codes import texts
from tests.portal.conftest import wrong


def test_a_citizen_looks_up_with_the_keyboard(holder, app, tmp_path):
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.set_viewport_size({"width": 240, "height": 320})
        fed_by(app.test_client(use_cookies=False), page)
        page.goto("http://localhost/")
        page.locator("#what:focus").wait_for()
        keys = page.keyboard
        for text in (holder.number, "17/05/1980", wrong(holder.pin)):
            keys.type(text)
            keys.press("Tab")
        keys.press("Enter")
        assert "Không tìm thấy hoặc thông tin không khớp" in page.inner_text("[role=alert]")
        assert page.input_value("#what") == holder.number and not page.input_value("#pin")
        page.fill("#pin", holder.pin)
        page.press("#pin", "Enter")
        page.get_by_text("Đã tiêm 1 mũi").wait_for()
        page.screenshot(path=tmp_path / "result.png", full_page=True)
    assert texts(Image.open(tmp_path / "result.png")) == [f"HTTP://LOCALHOST/X/{holder.slip.code}"]


def test_no_page_shuts_anybody_out(holder, app):
    with chromium() as browser:
        page = browser.new_context(bypass_csp=True).new_page()
        fed_by(app.test_client(), page)
        for width in (240, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            for path in ("/tra-cuu", "/tra-cuu?lang=en", f"/x/{holder.slip.code}", "/x/none"):
                page.goto(f"http://localhost{path}")
                assert barriers(page) == [], path
            page.goto("http://localhost/tra-cuu")
            page.press("#what", "Enter")
            page.locator(".err").nth(2).wait_for()
            assert page.locator(".err").count() == 3 and barriers(page) == []
            for field, value in (("what", holder.number), ("dob", "1980"), ("pin", holder.pin)):
                page.fill(f"#{field}", value)
            page.press("#pin", "Enter")
            page.locator("td").nth(4).wait_for()
            assert page.locator("td").count() == 5 and barriers(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_choice_begins_a_line_in_w3m(client):
    said = client.open_page("/dang-ky-tiem").body
    told = [program("w3m"), "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8"]
    shown = subprocess.run(told, input=said, text=True, capture_output=True, check=True).stdout
    assert any(line.startswith("Giới tính ( )Nam ( )Nữ") for line in shown.splitlines()), shown
