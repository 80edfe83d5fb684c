"""Real browsers for tests: Chromium, and w3m as the browser that shows only text.

with chromium() as browser:  page = browser.new_page()
with w3m(url) as page:       page.fill("Họ và tên", "…"); page.press("Lưu"); page.wait("Đã lưu")
"""

import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pexpect
import pyte
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, sync_playwright
from werkzeug.serving import make_server

from app.db import db

COLUMNS, ROWS = 100, 120  # tall, so that a page stands on the screen as a whole
TAB, ENTER, DOWN, CLEAR = "\t", "\r", "\x1b[B", "\x15"


def program(*names: str) -> str:
    """The path of the first of these programs; the test is skipped when there is none."""
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.skip(f"not run: no {names[0]} on this machine")


@contextmanager
def chromium(*flags: str, **options: object) -> Iterator[Browser]:
    """The Chromium of this machine, with more flags. `options` go to playwright's launch()."""
    path = program("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        # Chromium's own sandbox refuses to start for root, and tests open only our pages.
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-dev-shm-usage", *flags], **options,
        )  # fmt: skip
        try:
            yield browser
        finally:
            browser.close()


def fed_by(client: FlaskClient, page: Page) -> None:
    """`page` gets its answers from the test client, as if it stood at http://localhost. The client
    follows redirects, so the address in the browser stays the one that was asked for."""

    def answer(route: Route) -> None:
        asked = route.request
        got = client.open(
            asked.url.removeprefix("http://localhost"), method=asked.method,
            data=asked.post_data_buffer, content_type=asked.headers.get("content-type"),
            follow_redirects=True,
        )  # fmt: skip
        route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.data)

    page.route("http://localhost/**", answer)


def barriers(page: Page) -> list[str]:
    """What axe-core finds in an open page that shuts people out: "rule: place place"."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{f['id']}: " + " ".join(str(n["target"][0]) for n in f["nodes"]) for f in found]


@contextmanager
def w3m(url: str, *options: str) -> Iterator["TextPage"]:
    """w3m in a terminal of its own, with cookies for this time only."""
    path = program("w3m")
    with tempfile.TemporaryDirectory() as home:
        page = TextPage([path, "-cookie", *options, url], home)
        try:
            page.settle(first=10)
            yield page
        finally:
            page.process.close(force=True)


class _Screen(pyte.Screen):
    def set_margins(self, *margins: int, **_private: bool) -> None:
        """w3m saves private modes with a sequence that pyte takes for margins."""
        if not _private:
            super().set_margins(*margins)


class TextPage:
    """What stands in the terminal, and the keys that a person without a mouse would press."""

    def __init__(self, command: list[str], home: str) -> None:
        env = dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8", HOME=home)
        self.process = pexpect.spawn(
            command[0], command[1:], env=env, dimensions=(ROWS, COLUMNS), timeout=10
        )
        self.process.delaybeforesend = None
        self.screen = _Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)

    @property
    def text(self) -> str:
        """All that can be read, one line for each line with words."""
        return "\n".join(line.rstrip() for line in self.screen.display if line.strip())

    def wait(self, text: str, seconds: float = 10) -> None:
        """Until `text` stands on the screen."""
        end = time.monotonic() + seconds
        while " ".join(text.split()) not in " ".join(self.text.split()):
            assert time.monotonic() < end, f"no {text!r} in w3m:\n{self.text}"
            self.settle()

    def fill(self, label: str, value: str) -> None:
        """Type `value` into the field after `label`."""
        self._focus(label, before=True)
        self.keys(ENTER)
        self.keys(CLEAR + value)
        self.keys(ENTER)

    def tick(self, label: str) -> None:
        """Choose the radio button or box before `label`."""
        self._focus(label, before=False)
        self.keys(ENTER)

    def tick_each(self, label: str) -> None:
        """Choose all radio buttons that stand before just `label`, as in a list of questions."""
        self.keys("g")
        seen: set[tuple[int, int]] = set()
        while self._place() not in seen:
            seen.add(self._place())
            self.keys(TAB, first=2)
            if re.fullmatch(re.escape(label) + r"( \(.*)?", self._here()[1]):
                self.keys(ENTER)

    def press(self, label: str) -> None:
        """Follow the link, or press the button, that begins with `label`."""
        self._focus(label, before=False)
        self.keys(ENTER, first=10)

    def pick(self, label: str, option: str) -> None:
        """Choose `option` in the list after `label`."""
        self._focus(label, before=True)
        self.keys(ENTER)
        for _ in range(ROWS):
            if self._here()[1].lstrip("[|*( ").startswith(option):
                return self.keys(ENTER)
            self.keys(DOWN)
        raise AssertionError(f"no option {option!r} in w3m:\n{self.text}")

    def keys(self, keys: str, first: float = 0.3) -> None:
        """Press keys and wait until the screen stands still."""
        self.process.send(keys)
        self.settle(first)

    def settle(self, first: float = 0.3) -> None:
        """Read what w3m draws: wait `first` seconds at most for the beginning."""
        pause = first
        with suppress(pexpect.TIMEOUT, pexpect.EOF):
            while True:
                self.stream.feed(self.process.read_nonblocking(65536, timeout=pause))
                pause = 0.05

    def _focus(self, label: str, before: bool) -> None:
        """Tab on to a field, link or button that has `label` before or in it; if there is none
        below, from the top."""
        for _ in range(2):
            seen: set[tuple[int, int]] = set()
            while self._place() not in seen:
                seen.add(self._place())
                self.keys(TAB, first=2)
                left, right = self._here()
                if label in left if before else right.startswith(label):
                    return
            self.keys("g")
        raise AssertionError(f"no {label!r} to go to in w3m:\n{self.text}")

    def _place(self) -> tuple[int, int]:
        return self.screen.cursor.y, self.screen.cursor.x

    def _here(self) -> tuple[str, str]:
        """The words before the cursor (of the line above, if none), and from it on."""
        y, x = self._place()
        lines = self.screen.display
        left = lines[y][:x].rstrip("[( ") or next(
            (line for line in reversed(lines[:y]) if line.strip()), ""
        )
        return " ".join(left.split()), _bare(" ".join(lines[y][x:].split()))


def _bare(text: str) -> str:
    """Words without the brackets of w3m's fields, buttons and ticks ("[*]", "(X)")."""
    return re.sub(r"^[\[(]?(?:[X* ]?[\])])?[* ]*", "", text)


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """A WSGI application at an address of its own, for a browser that is another program."""
    server = make_server("127.0.0.1", 0, app, threaded=False)

    def serve() -> None:
        server.serve_forever()
        # Of this thread; never given back, one more with each journey would empty the pool.
        db.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
