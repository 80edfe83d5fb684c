"""Vietnamese is the language of the source; other languages come from translations/."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from babel.messages.pofile import read_po
from flask import Flask, current_app, g, has_request_context, request, session, url_for

from app import clock

SOURCE = "vi"
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
CATALOGUES = Path(__file__).parent.parent / "translations"


@cache
def catalogue(lang: str) -> dict[str, str]:
    """msgid → text of one language; read once per process."""
    with open(CATALOGUES / lang / "LC_MESSAGES" / "messages.po", "rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}


def language() -> str:
    """The language of the present reader."""
    return g.get("lang", SOURCE) if has_request_context() else SOURCE


def _(text: str, **values: Any) -> str:
    """`text` in the reader's language with the values put in."""
    lang = language()
    if lang != SOURCE:
        text = catalogue(lang).get(text, text)
    return text % values if values else text


def N_(text: str) -> str:
    """Mark `text` for translation later, when it is shown."""
    return text


def show_date(value: date | None) -> str:
    """dd/mm/yyyy, in both languages, as on the official forms; of a stored moment the day that it
    was in Viet Nam."""
    value = clock.local(value) if isinstance(value, datetime) else value
    return value.strftime("%d/%m/%Y") if value else ""


def show_time(value: datetime | None) -> str:
    """HH:MM in Viet Nam."""
    return clock.local(value).strftime("%H:%M") if value else ""


def show_moment(value: datetime | None) -> str:
    """dd/mm/yyyy HH:MM in Viet Nam."""
    return clock.local(value).strftime("%d/%m/%Y %H:%M") if value else ""


def show_number(value: int) -> str:
    """1.234.567, as it is written in Viet Nam; 1,234,567 in English."""
    text = f"{value:,}"
    return text if language() == "en" else text.replace(",", ".")


def show_share(value: float | None) -> str:
    """57,3% as it is written in Viet Nam, 57.3% in English; "" for None."""
    text = "" if value is None else f"{value:.1%}"
    return text if language() == "en" else text.replace(".", ",")


@contextmanager
def in_vietnamese() -> Iterator[None]:
    """For official papers: what is made inside speaks Vietnamese, whoever reads it."""
    before, g.lang = language(), SOURCE
    try:
        yield
    finally:
        g.lang = before


def other_language_url() -> str:
    """The present page in the other language; the address carries it, so no cookie is needed.
    The answer to a form leads to the nearest page that a link can open: what was sent stays out."""
    other = "en" if language() == SOURCE else SOURCE
    if not request.endpoint:
        return url_for("home", lang=other)
    asked = request.args.items(multi=True) if request.method == "GET" else ()
    kept = [(name, value) for name, value in asked if name != "lang"]
    query = urlencode([*kept, ("lang", other)])
    return f"{quote(request.script_root + _nearest_page())}?{query}"


def _nearest_page() -> str:
    path, rules = request.path, current_app.create_url_adapter(request)
    while request.method != "GET" and rules and path != "/" and not rules.test(path, "GET"):
        path = path.rpartition("/")[0] or "/"
    return path


def init_app(app: Flask) -> None:
    """Choose the language of each request and keep it in the links that the page makes."""

    @app.before_request
    def choose() -> None:
        asked = request.args.get("lang")
        g.lang = asked if asked in LANGUAGES else session.get("lang", SOURCE)
        if session.get("_user_id") and g.lang != session.get("lang", SOURCE):
            session["lang"] = g.lang

    @app.url_defaults
    def keep(endpoint: str, values: dict[str, Any]) -> None:
        # Also after signing in or out, which begins a new session.
        if endpoint != "asset" and language() != session.get("lang", SOURCE):
            values.setdefault("lang", language())

    app.jinja_env.globals.update(_=_, d=show_date, t=show_time, dt=show_moment, many=show_number)
    app.jinja_env.globals.update(share=show_share)
    app.jinja_env.globals.update(other_language_url=other_language_url)
