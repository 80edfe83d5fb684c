"""What a page takes along, sealed, so that nothing is typed again and no cookie is needed."""

from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer


def mark(purpose: str, value: Any) -> str:
    """A text for a hidden field. It can be read by whoever sees it, so ids only."""
    return str(_seal(purpose).dumps(value))


def marked(purpose: str, text: str | None, seconds: int) -> Any:
    """The value in a mark for this purpose; None when it is none, or older than `seconds`."""
    try:
        return _seal(purpose).loads(text or "", max_age=seconds)
    except BadData:
        return None


def _seal(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=purpose)
