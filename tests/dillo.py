"""Dillo, a graphical browser from before scripts, for tests; it keeps no cookies.

with dillo(app, "/phan-anh") as page:   page.fill("Họ và tên", "…"); page.press("Gửi")

It stands on a screen of its own. What it shows is known from the server's side: the page served
last, once the mark stands on the screen that is put at the end of each page in a colour of its own.
"""

import io
import os
import select
import signal
import subprocess
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from flask import Flask
from lxml import html
from PIL import Image, ImageChops, ImageGrab
from werkzeug.wrappers import Response

from tests.browsers import program, serving

WIDTH, HEIGHT = 640, 2400  # tall, so that a page stands on the screen as a whole
BAR = 60  # more than the height of the bar for finding words, at the lower edge
MARK = "/mark-of-page-"
STOPS = "input:not([type=hidden]), select, textarea, button"  # where the Tab key stops


class Served:
    """The application, which keeps the page it served last and puts a mark at its end."""

    def __init__(self, app: Flask) -> None:
        self.app, self.page, self.pages, self.styled = app, "", 0, False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(MARK):
            mark = _mark(int(path.removeprefix(MARK)))
            return Response(mark, mimetype="image/png")(environ, start_response)
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # so that the page can be read here
        answer = Response.from_app(self.app, environ, buffered=True)
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            self.page, self.pages = answer.get_data(as_text=True), self.pages + 1
            answer.set_data(f"{self.page}<img src={MARK}{self.pages}>")
        self.styled = self.styled or path.endswith(".css")
        return answer(environ, start_response)


def _colour(page: int) -> tuple[int, int, int]:
    """The colour of the mark of this page."""
    return 255, page % 256, 77


def _mark(page: int) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), _colour(page)).save(picture, "png")
    return picture.getvalue()


@contextmanager
def dillo(app: Flask, path: str) -> Iterator["DilloPage"]:
    """Dillo at a page of the application."""
    browser, *_others = [program(name) for name in ("dillo", "Xvfb", "xdotool", "xmodmap")]
    served = Served(app)
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        address = stack.enter_context(serving(served))
        screen = stack.enter_context(_screen(home))
        env = dict(os.environ, DISPLAY=screen, HOME=home, LC_ALL="C.UTF-8")
        subprocess.run(["xmodmap", "-"], input=_letters(), text=True, env=env, check=True)
        command = [browser, "-f", "-g", f"{WIDTH}x{HEIGHT}+0+0", f"{address}/nothing"]
        stack.enter_context(_running(command, env=env))
        page = DilloPage(served, env)
        page.start(address + path)
        yield page


@contextmanager
def _running(command: list[str], **options: Any) -> Iterator[None]:
    """A program that is ended at the end, with what it started (Dillo: dpid, for pictures that
    stand in the page)."""
    options |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _screen(home: str) -> Iterator[str]:
    """A screen under the first number that is free. It forgets no letters when nobody looks
    (-noreset), and a key that is held down does not repeat (-r)."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
    command += ["-noreset", "-r"]
    with os.fdopen(reader) as number, _running(command, pass_fds=[writer], cwd=home):
        os.close(writer)
        assert select.select([number], [], [], 60)[0], "no screen"
        yield f":{number.readline().strip()}"


def _letters() -> str:
    """Keys for the Vietnamese letters: xdotool would change the keyboard for each as it types."""
    vowels = "aăâeêioôơuưy"
    tones = "\u0300\u0301\u0303\u0309\u0323"
    toned = [unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones]
    lines = [f"clear mod{n}" for n in range(1, 6)]  # some of the keys were modifiers
    for number, letter in enumerate([*"ăâđêôơư", *toned], start=180):
        lines.append(f"keycode {number} = U{ord(letter):04X} U{ord(letter.upper()):04X}")
    return "\n".join(lines)


class DilloPage:
    """The page on the screen, and what a person does to it: by the keyboard, but for links."""

    def __init__(self, served: Served, env: dict[str, str]) -> None:
        self.served, self.env = served, env

    def start(self, url: str) -> None:
        """Go to `url` from the page that says "not found": Dillo reads its first page twice, before
        and after the styles."""
        self._until(lambda: self.served.styled and self._shows(1), "first page")
        window = self._run("xdotool", "search", "--sync", "--onlyvisible", "--class", "dillo")
        self._run("xdotool", "windowfocus", "--sync", window.split()[0])
        self._key("ctrl+l")
        self._type(url)
        self._key("Return")
        self._arrive(2)

    @property
    def text(self) -> str:
        """All that can be read."""
        return " ".join(self.dom.text_content().split())

    def wait(self, text: str) -> None:
        """The page has `text`."""
        assert text in self.text, f"no {text!r} in Dillo: {self.text}"

    def fill(self, label: str, value: str) -> None:
        """Type `value` in place of what stands in the field with this label."""
        self._go(self._field(label))
        self._key("Home", "shift+End")
        self._type(value)

    def tick(self, label: str) -> None:
        """Choose the radio button or box before `label`."""
        self._go(self._ticks(label)[0])
        self._key("space")

    def tick_each(self, label: str) -> None:
        """Choose all radio buttons before `label`, as in a list of questions."""
        for stop in self._ticks(label):
            self._go(stop)
            self._key("space")

    def pick(self, label: str, option: str) -> None:
        """Choose `option` in the list with this label."""
        field = self._field(label)
        texts = [item.text_content() for item in field.cssselect("option")]
        self._go(field)
        down = next(n for n, text in enumerate(texts) if text.startswith(option))
        self._key("space", *["Down"] * down, "Return")

    def press(self, label: str) -> None:
        """Press the button, or follow the link, that begins with `label`."""
        pages = self.served.pages
        buttons = [b for b in self.dom.cssselect("button") if b.text_content().startswith(label)]
        if buttons:
            self._go(buttons[0])
            self._key("space")
        else:
            self._click(label)
        self._arrive(pages + 1)

    def look(self) -> Image.Image:
        """What stands on the screen."""
        return ImageGrab.grab(xdisplay=self.env["DISPLAY"])

    def _arrive(self, page: int) -> None:
        """Until this page stands on the screen."""
        self._until(lambda: self._shows(page), f"page {page}")
        self.dom = html.fromstring(self.served.page).find("body")
        self.stops = self.dom.cssselect(STOPS)
        self.at = -1

    def _shows(self, page: int) -> bool:
        colours = self.look().getcolors(WIDTH * HEIGHT)
        return any(colour == _colour(page) for _count, colour in colours or ())

    def _still(self) -> Image.Image:
        """What stands on the screen once that no longer changes."""
        before, now = None, self.look()
        while before != now:
            before, now = now, self.look()
        return now

    def _field(self, label: str) -> html.HtmlElement:
        for item in self.dom.cssselect("label[for]"):
            if label in item.text_content():
                return next(stop for stop in self.stops if stop.get("id") == item.get("for"))
        raise AssertionError(f"no field {label!r} in Dillo: {self.text}")

    def _ticks(self, label: str) -> list[html.HtmlElement]:
        labels = self.dom.cssselect("label:not([for])")
        return [item.find("input") for item in labels if item.text_content().startswith(label)]

    def _go(self, stop: html.HtmlElement) -> None:
        """Tab to this field, list, tick or button."""
        away = self.stops.index(stop) - self.at
        self._key(*["Tab" if away > 0 else "shift+Tab"] * abs(away))
        self.at += away

    def _click(self, label: str) -> None:
        """Let Dillo find the words, and click where they light up."""
        before = self._page()
        self._key("ctrl+f")
        self._type(label)
        self._key("Return")
        self._until(lambda: self._lit(before), f"{label!r} to click on")
        self._still()
        left, top, _right, _low = self._lit(before)
        self._key("Escape")
        self._run("xdotool", "mousemove", str(left + 9), str(top + 9), "click", "1")

    def _page(self) -> Image.Image:
        return self._still().crop((0, 0, WIDTH, HEIGHT - BAR))

    def _lit(self, before: Image.Image) -> Any:
        """Where the page looks otherwise than before."""
        return ImageChops.difference(before, self._page()).getbbox()

    def _until(self, done: Callable[[], object], what: str) -> None:
        end = time.monotonic() + 60
        while not done():
            assert time.monotonic() < end, f"no {what} in Dillo: {self.served.page}"
            time.sleep(0.02)

    def _key(self, *keys: str) -> None:
        if keys:
            self._run("xdotool", "key", *keys)

    def _type(self, text: str) -> None:
        self._run("xdotool", "type", "--delay", "10", text)

    def _run(self, *command: str) -> str:
        """What the program says on this screen."""
        done = subprocess.run(command, env=self.env, check=True, capture_output=True, timeout=60)
        return done.stdout.decode()
