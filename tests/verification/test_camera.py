"""The page that scans with the camera, in Chromium with a picture instead of a camera."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from app.db import is_postgres
from tests.browsers import barriers, chromium, fed_by
from tests.verification.pictures import photo

HERE = "http://localhost/kiem-tra/may-anh"
# What a browser that knows QR would do.
DETECTOR = """window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]) }
  detect() { return Promise.resolve([{ rawValue: %r }]) }
}"""


@pytest.fixture(autouse=True)
def once():
    if is_postgres():
        pytest.skip("pages are the same on both databases")


def film(sheet: Image.Image, file: Path) -> Path:
    """A film of one frame, as Chromium takes it for a camera: YUV 4:2:0."""
    bright, *colours = sheet.convert("YCbCr").split()
    small = [one.resize((sheet.width // 2, sheet.height // 2)) for one in colours]
    head = f"YUV4MPEG2 W{sheet.width} H{sheet.height} F10:1 Ip A1:1 C420\n"
    frame = b"FRAME\n" + b"".join(one.tobytes() for one in (bright, *small))
    file.write_bytes(head.encode() + frame * 3)
    return file


@contextmanager
def camera(app, client, sees: Path | None, script: str = "", **context: object) -> Iterator[Page]:
    """The page, with a camera that sees this film; without one there is no camera."""
    fakes = ["--use-fake-ui-for-media-stream"]
    if sees:
        fakes += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={sees}"]
    with chromium(*fakes) as browser:
        page = browser.new_context(**context).new_page()
        fed_by(client, page)
        if script:
            page.add_init_script(script)
        yield page


@pytest.fixture
def sheet(desk, tmp_path):
    """A film of a certificate that somebody holds before the camera."""
    return film(photo(desk.valid, 1280, 720, 560, 6, 0.8), tmp_path / "sheet.y4m")


def test_a_certificate_before_the_camera(app, desk, sheet):
    with camera(app, desk.client, sheet) as page:
        sent = []
        page.on("request", lambda asked: sent.append(len(asked.post_data_buffer or b"")))
        page.goto(HERE)
        page.get_by_text("Chứng nhận hợp lệ").wait_for()
        assert "Nguyễn Văn An" in page.inner_text("dl") and page.is_hidden("video")
        assert max(sent) < 120_000
        assert page.evaluate("document.activeElement.textContent") == "Quét mã khác"
        assert barriers(page) == []
        page.keyboard.press("Enter")
        page.get_by_text("Chứng nhận hợp lệ").wait_for(state="detached")
        page.get_by_text("Chứng nhận hợp lệ").wait_for()


def test_a_browser_that_knows_qr_sends_the_text_alone(app, desk, tmp_path):
    blank = film(Image.new("L", (640, 480), 200), tmp_path / "blank.y4m")
    with camera(app, desk.client, blank, DETECTOR % desk.unknown) as page:
        sent = []
        page.on("request", lambda asked: sent.append(len(asked.post_data_buffer or b"")))
        page.goto(HERE)
        page.get_by_text("Không rõ nơi ký").wait_for()
        assert 0 < max(sent) < 2000 and not page.locator("dl").count()


def test_nothing_to_read_and_a_network_that_comes_and_goes(app, desk, sheet, tmp_path):
    """One picture at a time; what could not be sent is tried again."""
    with camera(app, desk.client, sheet) as page:
        cut, open_now, most = [True], [0], [0]

        def pass_on(route):
            open_now[0] += 1
            most[0] = max(most[0], open_now[0])
            if cut[0]:
                route.abort()
            else:
                route.fallback()
            open_now[0] -= 1

        page.route("http://localhost/kiem-tra", pass_on)
        page.goto(HERE)
        page.get_by_text("Mạng chậm").wait_for()
        cut[0] = False
        page.get_by_text("Chứng nhận hợp lệ").wait_for()
        assert most[0] == 1


def test_a_wall_is_no_certificate(app, desk, tmp_path):
    blank = film(Image.new("L", (640, 480), 200), tmp_path / "blank.y4m")
    with camera(app, desk.client, blank) as page:
        answers = []
        page.on("response", lambda got: answers.append(got.status))
        page.goto(HERE)
        page.wait_for_timeout(2500)
        assert answers.count(422) >= 2 and answers[-1] == 422
        assert "Đưa mã QR vào giữa" in page.inner_text("#told") and page.is_visible("video")
        assert not page.get_by_text("Quét mã khác").count()


@pytest.mark.parametrize("script", ["", "delete Navigator.prototype.mediaDevices"])
def test_without_a_camera_the_way_to_the_plain_page_is_shown(app, desk, script):
    with camera(app, desk.client, None, script) as page:
        page.goto(HERE)
        page.get_by_text("không quét được").wait_for()
        assert page.is_hidden("video") and barriers(page) == []
        page.keyboard.press("Enter")
        page.locator("#text:focus").wait_for()


def test_without_javascript(app, desk):
    with camera(app, desk.client, None, java_script_enabled=False) as page:
        page.goto(HERE)
        assert "không quét được" in page.inner_text("main")
        page.get_by_text("Dán mã, gửi ảnh").click()
        page.fill("#text", desk.valid)
        page.get_by_role("button", name="Kiểm tra").click()
        page.get_by_text("Chứng nhận hợp lệ").wait_for()
