"""Where the gateway for messages tells us: a message arrived, or somebody wrote one. Signed."""

import hmac
import re
from typing import Any, NoReturn

from flask import abort, current_app, jsonify, request
from werkzeug.wrappers import Response

from app import clock
from app.notices import rules as notices
from app.notices.actions import delivered
from app.once import KeyReused, once
from app.portal.views import pages
from app.portal.views.answers import Reply, answer
from app.verification.models import Tally
from app.web import public

LARGEST = 64 * 1024  # bytes
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # what JSON can say and no database can keep


@pages.post("/sms")
@public
def sms() -> Response:
    """{"kind": "delivery", "reference", "status"} or {"kind": "message", "id", "from", "text"};
    the answer to a message is {"reply"}, and the same one when it comes again."""
    told = _told()
    if told.get("kind") == "delivery":
        arrived = _text(told, "status") == "delivered"
        return jsonify(known=delivered(_text(told, "reference"), arrived))
    if told.get("kind") != "message":
        _strange()
    return jsonify(reply=_answered(*(_text(told, name) for name in ("id", "from", "text"))))


def _answered(key: str, phone: str, text: str) -> str:
    """The answer to a message; what was asked is counted, and that is all that is kept of it."""
    heard: list[Reply] = []

    def work() -> str:
        heard.append(answer(phone, text))
        return heard[-1].text

    try:
        reply = once(f"sms {key}", _digest(phone, text), work)
    except KeyReused:
        Tally.note("inbound", "strange")
        raise
    Tally.note("inbound", heard[-1].asked if heard else "repeated")
    return reply


def _told() -> dict[str, Any]:
    """What the gateway says; 403 and not a word more to anybody else."""
    request.max_content_length = LARGEST
    body, heads = request.get_data(), request.headers
    at, signed = heads.get("X-Time", ""), heads.get("X-Signature", "")
    key = current_app.extensions["config"].sms_webhook_key
    if not notices.genuine(key, at, body, signed, clock.now()):
        Tally.note("inbound", "forged")
        abort(403)
    told = request.get_json(force=True, silent=True)
    if not isinstance(told, dict):
        _strange()
    return told


def _digest(phone: str, text: str) -> str:
    """Keyed, for a PIN is short and whoever holds the database could find it from a digest."""
    key = current_app.extensions["config"].key("sms")
    return hmac.new(key, repr((phone, text)).encode(), "sha256").hexdigest()


def _text(told: dict[str, Any], name: str) -> str:
    found = told.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= 2000 or NO_TEXT.search(found):
        _strange()
    return found


def _strange() -> NoReturn:
    """The gateway signed what cannot be read: it speaks otherwise than we do."""
    Tally.note("inbound", "strange")
    abort(400)
