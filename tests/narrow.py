"""Chromium on a telephone 240 px wide, without scripts, cookies or a mouse, for tests.

with narrow(app, "/phan-anh") as page:   page.fill("Họ và tên", "…"); page.press("Gửi")

The same words as for w3m and Dillo. Each page that it comes to must fit the screen.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Locator, Page

from tests.browsers import chromium, fed_by

WIDTH, HEIGHT = 240, 320
STOPS = 200  # more keys than a person needs to come to anything on a page
# The browser stops once for all radio buttons of a name.
HERE = """stop => stop === document.activeElement
    || stop.type === "radio" && stop.name === document.activeElement.name"""


@contextmanager
def narrow(app: Flask, path: str) -> Iterator["NarrowPage"]:
    """Chromium at a page of the application."""
    with chromium() as browser:
        page = browser.new_context(
            java_script_enabled=False, viewport={"width": WIDTH, "height": HEIGHT}
        ).new_page()
        fed_by(app.test_client(use_cookies=False), page)
        page.goto(f"http://localhost{path}")
        yield NarrowPage(page)


class NarrowPage:
    """The page on the screen, and the keys that a person presses."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._arrive()

    @property
    def text(self) -> str:
        """All that can be read."""
        return " ".join(self.page.inner_text("body").split())

    def wait(self, text: str) -> None:
        """The page has `text`."""
        assert text in self.text, f"no {text!r} in Chromium: {self.text}"

    def fill(self, label: str, value: str) -> None:
        """Type `value` in place of what stands in the field with this label."""
        self._go(self.page.get_by_label(label).first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(value)

    def tick(self, label: str) -> None:
        """Choose the radio button or box before `label`."""
        self._tick(self._ticks(label).first)

    def tick_each(self, label: str) -> None:
        """Choose all radio buttons before `label`, as in a list of questions."""
        for stop in self._ticks(label).all():
            self._tick(stop)

    def pick(self, label: str, option: str) -> None:
        """Choose `option` in the list with this label."""
        stop = self.page.get_by_label(label).first
        self._go(stop)
        chosen = stop.locator("option:checked")
        self._keep("ArrowDown", lambda: chosen.inner_text().startswith(option), option)

    def press(self, label: str) -> None:
        """Press the button, or follow the link, that begins with `label`."""
        name = _begins(label)
        button = self.page.get_by_role("button", name=name)
        stop = button if button.count() else self.page.get_by_role("link", name=name)
        self._go(stop.first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self._arrive()

    def _arrive(self) -> None:
        # Scripts are off in the page, not for the test.
        wide = self.page.locator("html").evaluate("page => page.scrollWidth")
        assert wide <= WIDTH, f"{self.page.url} is {wide} px wide: {self.text}"

    def _ticks(self, label: str) -> Locator:
        return self.page.get_by_label(_begins(label))

    def _tick(self, stop: Locator) -> None:
        self._go(stop)
        self.page.keyboard.press("Space")
        self._keep("ArrowDown", stop.is_checked, "tick")

    def _go(self, stop: Locator) -> None:
        """Tab from where the focus stands to this field, list, tick, button or link."""
        self._keep("Tab", lambda: stop.evaluate(HERE), str(stop))

    def _keep(self, key: str, done: Callable[[], object], what: str) -> None:
        """Press the key until it is done."""
        for _ in range(STOPS):
            if done():
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"no {what} in Chromium: {self.text}")


def _begins(label: str) -> re.Pattern[str]:
    return re.compile("^" + re.escape(label))
