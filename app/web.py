"""The gate (deny by default), the layout for htmx, security headers, static files, error pages."""

import gzip
import hashlib
import logging
import mimetypes
import re
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    stream_template,
    stream_with_context,
    url_for,
)  # fmt: skip
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadHost, HTTPException
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as AnyResponse

from app import words
from app.i18n import LANGUAGES, language
from app.once import KeyReused, new_key

View = TypeVar("View", bound=Callable[..., Any])
STATIC = Path(__file__).parent.parent / "static"
PUBLIC, SIGNED_IN = "public", "signed in"
AT_ONCE = 16_384  # letters of a page that is sent while it is made
MOST_DRAINED = 64 * 1024 * 1024
IMPORTED = re.compile(rb'@import "([a-z.]+)";\n')  # one request less than asking for both
WEAK = "weak"  # name of the cookie of chế độ mạng yếu
csrf = CSRFProtect()
log = logging.getLogger("app.web")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class RowId(IntegerConverter):
    """A row id in an address; what no table can hold is no address (404)."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, min=1, max=2**31 - 1, **options)


def allow(*verbs: str) -> Callable[[View], View]:
    """The view is for people who have one of these verbs at the unit they work at."""

    def declare(view: View) -> View:
        view.access = verbs  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """The view is for everybody."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """The view is for everybody who is signed in, whatever their roles."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def no_database(view: View) -> View:
    """The view asks neither who reads nor for anything stored: it answers whatever happens."""
    view.database = False  # type: ignore[attr-defined]
    return view


def may(verb: str) -> bool:
    """Whether the present person has this right at the unit they work at."""
    return g.get("user") is not None and verb in g.user.verbs


def gate() -> AnyResponse | None:
    """Refuse whatever the view has not declared to be allowed."""
    if request.endpoint is None:
        return None  # the 404 page
    access = getattr(g.view, "access", None)
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400)
    if access == PUBLIC:
        return None
    if g.user is None:
        # A POST is not repeated after signing in; its page is opened again instead.
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return _to_sign_in(url_for("accounts.sign_in", next=back))
    if g.user.must_change and request.endpoint not in ("accounts.password", "accounts.sign_out"):
        return redirect(url_for("accounts.password"), 303)
    if access != SIGNED_IN and not (set(access or ()) & g.user.verbs):
        abort(403)
    if request.method == "POST":
        csrf.protect()
    return None


def _to_sign_in(url: str) -> AnyResponse:
    if "HX-Request" in request.headers:
        # htmx would put the sign-in page into a queue; the whole page has to go there.
        return Response(headers={"HX-Redirect": url})
    return redirect(url, 303)


def is_partial() -> bool:
    """htmx asks for the page without its frame."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def page(template: str, status: int = 200, **values: Any) -> Response:
    """The page in its frame, or without it for htmx."""
    layout = "layouts/bare.html" if is_partial() else "layouts/base.html"
    response = make_response(render_template(template, layout=layout, **values), status)
    response.vary.add("HX-Request")
    return response


def stream(template: str, done: Callable[[], object], **values: Any) -> Response:
    """A page of any length, sent while it is made: rows given as an iterator are asked for as they
    are written. `done` is called at the end, also when the reader breaks off."""
    pieces = stream_template(template, layout="layouts/base.html", **values)
    answer: Any = stream_with_context(_joined(pieces, done))
    return Response(answer, mimetype="text/html")


def _joined(pieces: Iterator[str], done: Callable[[], object]) -> Iterator[bytes]:
    """The small pieces of a template as a few large ones."""
    waiting, size = [], 0
    try:
        for piece in pieces:
            waiting.append(piece)
            size += len(piece)
            if size > AT_ONCE:
                yield "".join(waiting).encode()
                waiting, size = [], 0
        yield "".join(waiting).encode()
    finally:
        done()


def drain() -> None:
    """Read what is too large to the end: a browser that cannot send all of it shows no answer."""
    left, body = MOST_DRAINED, request.environ["wsgi.input"]
    while left > 0 and (piece := body.read(min(left, 65_536))):
        left -= len(piece)


def go(endpoint: str, **values: Any) -> AnyResponse:
    """See another page after a POST."""
    return redirect(url_for(endpoint, **values), 303)


def weak_link() -> bool:
    """The reader asked for less (the switch in the footer, or the browser's Save-Data)."""
    return request.cookies.get(WEAK) == "1" or request.headers.get("Save-Data") == "on"


def public_url() -> str:
    """The address that citizens reach this service at, without a slash at its end."""
    return current_app.extensions["config"].public_url or request.host_url.rstrip("/")


def sms_number() -> str:
    """The number that people text; "" where they are told of none."""
    return str(current_app.extensions["config"].sms_number)


@cache
def _asset(name: str) -> tuple[bytes, bytes, str]:
    body = IMPORTED.sub(
        lambda found: (STATIC / found[1].decode()).read_bytes(), (STATIC / name).read_bytes()
    )
    return body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:8]


def static_url(name: str) -> str:
    """The address of a static file; it changes with its content and is kept for a year."""
    return url_for("asset", digest=_asset(name)[2], name=name)


@public
@no_database
def asset(digest: str, name: str) -> Response:
    """A file of static/."""
    if name not in {path.name for path in STATIC.iterdir()}:
        abort(404)
    body, packed, present = _asset(name)
    response = Response(body, mimetype=mimetypes.guess_type(name)[0])
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(packed)
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    if digest == present:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def headers(response: Response) -> Response:
    """What every answer carries. Pages hold personal data, so nobody keeps them."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return _pack(response)


def _pack(response: Response) -> Response:
    if (
        response.content_encoding
        or not (response.mimetype or "").startswith(("text/", "application/json"))
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    response.vary.add("Accept-Encoding")
    if response.is_streamed:
        response.response = _packed(response.response)  # type: ignore[arg-type]
        response.content_encoding = "gzip"
        return response
    body = response.get_data()
    if len(body) > 300:
        # A long table is worth the longer search: 1 ms for 5 % of its bytes.
        response.set_data(gzip.compress(body, 9 if len(body) > 10_000 else 6, mtime=0))
        response.content_encoding = "gzip"
    return response


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What is sent piece by piece, packed as it goes."""
    packer = zlib.compressobj(9, wbits=31)
    with closing(pieces):  # type: ignore[type-var]
        for piece in pieces:
            if packed := packer.compress(piece):
                yield packed
        yield packer.flush()


def error_page(error: HTTPException) -> Response:
    """A calm page with a way forward."""
    if isinstance(error, BadHost):
        return Response("400\n", 400, mimetype="text/plain")  # no address leads on from there
    code = error.code or 500
    known = code in (400, 403, 404, 405, 409, 413, 429, 500, 503)
    response = page(f"errors/{code if known else 500}.html", status=code)
    if code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def unexpected(error: Exception) -> Response:
    """A fault of ours: logged with its trace, told without it."""
    log.exception("unexpected", extra={"endpoint": request.endpoint})
    return page("errors/500.html", status=500)


def _prepare(app: Flask) -> Callable[[], None]:
    def prepare() -> None:
        g.started = time.perf_counter()
        g.view = app.view_functions.get(request.endpoint or "")
        asks = getattr(g.view, "database", True) and current_user.is_authenticated
        g.user = current_user._get_current_object() if asks else None

    return prepare


def check_declared(app: Flask) -> None:
    """Every view has said who may see it. Raises RuntimeError that names the first that has not."""
    for endpoint, view in app.view_functions.items():
        if not hasattr(view, "access"):
            raise RuntimeError(f"{endpoint} declares no right: use allow(), signed_in or public")


def init_app(app: Flask) -> None:
    """Put the gate in front of all views. Call it after db.init_app and the login manager."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # the gate checks, once it knows who asks
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=False,  # old browsers and proxies send no Referer
    )
    app.url_map.converters["int"] = RowId
    csrf.init_app(app)
    app.before_request(_prepare(app))
    app.before_request(gate)
    app.after_request(headers)
    app.add_url_rule("/s/<digest>/<name>", "asset", asset)
    app.register_error_handler(HTTPException, error_page)
    app.register_error_handler(CSRFError, error_page)
    app.register_error_handler(KeyReused, lambda _error: page("errors/409.html", status=409))
    app.register_error_handler(Exception, unexpected)
    app.jinja_env.globals.update(
        static=static_url,
        may=may,
        word=words.word,
        tone=words.tone,
        languages=LANGUAGES,
        new_key=new_key,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"user": g.get("user"), "lang": language(), "weak": weak_link()})
