"""Asking for what only the holder knows, and answering on the same address: nothing that was typed
stands in an address, and wrong and unknown look alike."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request
from werkzeug.wrappers import Response

from app.verification.rules import network
from app.web import page
from app.words import Refused

Found = TypeVar("Found")


def asked(
    form: Any, template: str, find: Callable[[], Found | None], show: Callable[[Found], Response],
    nothing: str = "look_up_nothing",
) -> Response:  # fmt: skip
    """The page of the form, until `find` gives something to `show`. find: may raise Refused
    look_up_wait; nothing: the reason code when there is nothing to show."""
    if not form.validate_on_submit():
        return page(template, 422 if form.is_submitted() else 200, form=form)
    try:
        if (found := find()) is not None:
            return show(found)
        form.refuse(Refused(("", nothing)))
        return page(template, form=form)
    except Refused as refused:
        form.refuse(refused)
        return waits(page(template, 429, form=form), refused)


def waits(response: Response, refused: Refused) -> Response:
    """The answer with the time to wait, as machines read it."""
    response.headers["Retry-After"] = str(60 * refused.reasons[0][2]["minutes"])
    return response


def caller() -> str:
    """Who shares the connection that asks."""
    return network(request.remote_addr or "")
