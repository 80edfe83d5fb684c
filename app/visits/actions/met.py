"""Who a desk has met: the mark that a page gives to a person's id, and the next one asks for.

A person may come from anywhere in the country, so the scope cannot tell whom a desk may act on.
Only somebody who was found (by exact number, or in one's own care) and audited gets a mark.
"""

import hashlib
import hmac

from flask import current_app, g

from app.visits.rules import whole


def sealed(key: bytes, user_id: int, session_id: int, person_id: int) -> str:
    """The id with its mark: "12.0a1b2c3d4e5f60718293"."""
    text = f"{user_id}.{session_id}.{person_id}".encode()
    return f"{person_id}.{hmac.new(key, text, hashlib.sha256).hexdigest()[:20]}"


def mark(session_id: int, person_id: int) -> str:
    """The mark for whoever is signed in, at a session."""
    key = current_app.extensions["config"].key("met")
    return sealed(key, g.user.id, session_id, person_id)


def met(session_id: int, text: str | None) -> int:
    """The id of the person who was met; 0, which nobody has, when the mark does not fit."""
    person_id = whole((text or "").partition(".")[0])
    fits = hmac.compare_digest(mark(session_id, person_id).encode(), (text or "").encode())
    return person_id if fits else 0
