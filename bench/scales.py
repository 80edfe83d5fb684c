"""A browser that knows what each answer weighed on the wire, and what a page pulls after it."""

import gzip
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from tests.page_client import PageClient

# What Firefox 52 (the last one for Windows XP) sends besides address, cookie and body.
HEADERS = 380
ELSEWHERE = "elsewhere"


class Wire(NamedTuple):
    """One request. `sent`: bytes that went out; `bytes`: of the packed answer's body."""

    method: str
    path: str
    status: int
    mimetype: str
    sent: int
    bytes: int
    text: str


class Weight(NamedTuple):
    """A page in bytes. cold: with style sheets and pictures; warm: with what is not kept;
    deferred: scripts, which no page waits for; asks, asks_warm: number of requests; elsewhere:
    addresses of other hosts."""

    name: str
    page: int
    cold: int
    warm: int
    deferred: int
    asks: int
    asks_warm: int
    elsewhere: tuple[str, ...]


class Scales(PageClient):
    """The test client; `wire` has everything that went over it, packed as for a browser."""

    def __init__(self, app: Flask, *args: Any, **options: Any) -> None:
        super().__init__(app, *args, **options)
        self.wire: list[Wire] = []

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """One request."""
        options.setdefault("headers", {})
        options["headers"] = {**dict(options["headers"]), "Accept-Encoding": "gzip"}
        response = super().open(*args, **options)
        body = response.get_data()
        if response.content_encoding == "gzip":
            response.set_data(gzip.decompress(body))
            del response.headers["Content-Encoding"]
        self.wire.append(
            Wire(
                response.request.method, response.request.path, response.status_code,
                response.mimetype, self._sent(response.request.path, options.get("data")),
                len(body), response.get_data(as_text=True) if _is_page(response) else "",
            )
        )  # fmt: skip
        return response

    def _sent(self, path: str, data: Any) -> int:
        cookies = sum(len(one.decoded_key) + len(one.value) + 2 for one in self._cookies.values())
        body = len(urlencode(data, doseq=True)) if isinstance(data, dict) else 0
        return HEADERS + len(path) + cookies + body

    def weigh(self, name: str, wire: Wire | None = None) -> Weight:
        """The page that came last (or this one), with all that a browser fetches for it."""
        page = wire or self.wire[-1]
        found = {"style": [], "script": [], "picture": [], ELSEWHERE: []}
        for kind, address in _parts(page.text):
            found[kind].append(address)
        styles, kept = self._files(found["style"])
        pictures, kept_too = self._files(found["picture"])
        scripts, _ = self._files(found["script"])
        fresh = [found["style"], found["picture"]]
        asks = 1 + sum(len(one) for one in fresh)
        return Weight(
            name, page.bytes, page.bytes + styles + pictures,
            page.bytes + styles + pictures - kept[0] - kept_too[0], scripts,
            asks, asks - kept[1] - kept_too[1], tuple(found[ELSEWHERE]),
        )  # fmt: skip

    def _files(self, addresses: list[str]) -> tuple[int, tuple[int, int]]:
        """(bytes, (bytes that a browser keeps, how many files these are))."""
        total = kept = number = 0
        for address in addresses:
            response = self.get(address)
            size = self.wire.pop().bytes
            total += size
            if "immutable" in response.headers.get("Cache-Control", ""):
                kept, number = kept + size, number + 1
        return total, (kept, number)


def _is_page(response: TestResponse) -> bool:
    return response.mimetype == "text/html"


def _parts(text: str) -> list[tuple[str, str]]:
    """(kind, address) of whatever a browser fetches by itself."""
    if not text.strip():
        return []
    dom = html.fromstring(text)
    found = [("style", one.get("href")) for one in dom.cssselect("link[rel=stylesheet]")]
    found += [("script", one.get("src")) for one in dom.cssselect("script[src]")]
    found += [("picture", one.get("src")) for one in dom.cssselect("img[src], embed[src]")]
    found += [("picture", one.get("href")) for one in dom.cssselect("link[rel~=icon]")]
    found = [(kind, address) for kind, address in found if not address.startswith("data:")]
    return [(ELSEWHERE if urlsplit(address).netloc else kind, address) for kind, address in found]
