"""How many keys and requests a dose costs, counted in a real browser without a mouse (goal A5):
with a scanner at one desk, with the number typed, and thirty screened people at once. Prints one
JSON object.

What the scanner types is not counted: nobody presses it.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Page, Request

from app.visits.models import Dose
from bench.day import Day, make_day, number_of
from tests import build
from tests.browsers import chromium, fed_by
from tests.page_client import PageClient

DOSES, BATCH = 5, 30
MOST_TABS = 60
FOCUSED = "document.activeElement && document.activeElement != document.body"
HAS_FOCUS = "text => document.activeElement.textContent.includes(text)"


class Keyboard:
    """A page under somebody's hands: `keys` counts what they press, `requests` what is asked for
    besides the files that a browser keeps."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.requests = page, 0, 0
        page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        self.requests += "/s/" not in request.url and request.url.startswith("http://localhost")

    def open(self, path: str) -> None:
        """The page at which the counting begins."""
        self.page.goto(f"http://localhost{path}")
        self.page.wait_for_function(FOCUSED)
        self.keys = self.requests = 0

    def scan(self, text: str) -> None:
        """A scanner types and presses Enter."""
        self.page.keyboard.insert_text(text)
        self._enter()

    def type(self, text: str) -> None:
        """Digit by digit, and Enter."""
        self.page.keyboard.type(text)
        self.keys += len(text)
        self.enter()

    def enter(self) -> None:
        """Press whatever has the focus; another page comes."""
        self.keys += 1
        self._enter()

    def _enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_function(FOCUSED)

    def tab_to(self, text: str) -> None:
        """Go backwards from field to field, as far as what bears this text."""
        for _ in range(MOST_TABS):
            if self.page.evaluate(HAS_FOCUS, text):
                return
            self.page.keyboard.press("Shift+Tab")
            self.keys += 1
        raise AssertionError(f"{text!r} is not to be reached by Tab on {self.page.url}")


@contextmanager
def signed_in(app: Flask, day: Day) -> Iterator[Keyboard]:
    """Chromium, signed in as somebody who does everything at the station."""
    client = PageClient(app)
    build.sign_in(client, day.staff)
    with chromium() as browser:
        page = browser.new_page()
        fed_by(client, page)
        yield Keyboard(page)


def at_the_desk(hands: Keyboard, day: Day, scanner: bool) -> dict[str, Any]:
    """People one after another at one desk."""
    people = [build.person() for _ in range(DOSES)]
    hands.open(f"/sessions/{day.session.id}/desk")
    with counted(hands, DOSES) as told:
        for person in people:
            (hands.scan if scanner else hands.type)(number_of(person))
            hands.enter()
    return told


def in_a_batch(hands: Keyboard, day: Day) -> dict[str, Any]:
    """From the queue of the table to the doses of all who wait there."""
    session = build.session(day.station, list(day.session.planned_lots()))
    for _ in range(BATCH):
        build.visit(session, state="ready")
    hands.open(f"/sessions/{session.id}/board?at=dose")
    with counted(hands, BATCH) as told:
        hands.tab_to("Ghi mũi tiêm cho nhiều người")
        for _ in ("the page", "all", "record"):
            hands.enter()
    return told


@contextmanager
def counted(hands: Keyboard, doses: int) -> Iterator[dict[str, Any]]:
    """Keys and requests for so many doses; every one of them must be there afterwards."""
    before, told = Dose.select().count(), {}
    yield told
    given = Dose.select().count() - before
    assert given == doses, f"{given} of {doses} doses were recorded"
    told |= {
        "doses": doses, "keys": hands.keys, "requests": hands.requests, "mouse": 0,
        "keys_per_dose": round(hands.keys / doses, 2),
        "requests_per_dose": round(hands.requests / doses, 2),
    }  # fmt: skip


def measure(app: Flask, day: Day) -> dict[str, dict[str, Any]]:
    """All three ways."""
    with signed_in(app, day) as hands:
        return {
            "scanner": at_the_desk(hands, day, scanner=True),
            "typed number": at_the_desk(hands, day, scanner=False),
            "batch": in_a_batch(hands, day),
        }


def main() -> int:
    """Count on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        app, day = make_day(f"sqlite:///{folder}/keys.db")
        print(json.dumps(measure(app, day), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
