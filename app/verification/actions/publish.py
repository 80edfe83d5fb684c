"""The signed lists that everybody may fetch: made once after each change, not for each request."""

import gzip
import hashlib
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app

from app import clock
from app.certificates import signing
from app.certificates.actions import unpublished
from app.certificates.models import Certificate, Signer, newest_revocation
from app.certificates.payload import COUNTRY
from app.verification import trust
from app.verification.actions.signers import on_list
from app.verification.trust import Listed, Revoked
from app.verification.verifier import trusted_from

LOOK_AGAIN = 5.0  # seconds in which a process does not ask whether something changed
VALID = timedelta(hours=72)  # a checkpoint without a network may be away for a long weekend
_making = threading.Lock()


class Made(NamedTuple):
    """A signed list, and the same packed. `tag` is of what it says, so that all processes and
    machines give the same one, although no two of their signatures are alike."""

    body: bytes
    packed: bytes
    tag: str


class _Kept(NamedTuple):
    looked: float
    state: tuple[Any, ...]
    made: Made


def published(name: str) -> Made | None:
    """The list "dsc-trust-list", "revocation-list" or "checkpoint" of now; None without a key
    that signs lists."""
    if signing.list_key() is None:
        return None
    kept: dict[str, _Kept] = current_app.extensions.setdefault("published", {})
    with _making:
        mine = kept.get(name)
        if mine and time.monotonic() - mine.looked < LOOK_AGAIN:
            return mine.made
        issued = clock.now().replace(minute=0, second=0, microsecond=0)
        state = _state(issued)
        made = mine.made if mine and mine.state == state else _make(CONTENTS[name], issued)
        kept[name] = _Kept(time.monotonic(), state, made)
        return made


def _state(issued: datetime) -> tuple[Any, ...]:
    """Another one when one of the lists would be another. It begins anew each hour. The signers
    are few and are all looked at; of the revoked the newest is enough (see newest_revocation)."""
    signers: Any = Signer.select(Signer.id, Signer.distrusted_at).order_by(Signer.id)
    return issued, id(signing.list_key()), tuple(signers.tuples()), newest_revocation()


def _revoked(issued: datetime) -> tuple[Any, ...]:
    """What only was replaced is not revoked, and what ended needs no list."""
    return Certificate.revoked_at.is_null(False), Certificate.expires_at > issued


def _make(content: Callable[[datetime], dict[str, Any]], issued: datetime) -> Made:
    key = signing.list_key()
    assert key
    said = trust.head(COUNTRY, issued, issued + VALID) | content(issued)
    payload = trust.compact(said)
    body = trust.jws(payload, key.alg, key.certificate, key.sign)
    return Made(body, gzip.compress(body, 6, mtime=0), hashlib.sha256(payload).hexdigest()[:32])


def _listed(issued: datetime) -> list[Listed]:
    """Who is trusted: as written down, and our own that signed nothing yet."""
    ours = [
        Listed(one.certificate, trusted_from(one.certificate, COUNTRY, own=True))
        for one in unpublished()
        if one.not_after > issued
    ]
    return [*ours, *on_list(issued)]


def _trust_list(issued: datetime) -> dict[str, Any]:
    return trust.trust_list(_listed(issued))


def _revocation_list(issued: datetime) -> dict[str, Any]:
    row = Certificate
    query: Any = row.select(
        row.kid, row.expires_at, row.hash_uci, row.hash_country_uci, row.hash_signature
    ).where(*_revoked(issued))
    return {"batches": trust.batches(Revoked(COUNTRY, *found) for found in query.tuples())}


def _checkpoint(issued: datetime) -> dict[str, Any]:
    row = Certificate
    query: Any = row.select(row.kind, row.hash_uci, row.hash_signature).where(*_revoked(issued))
    # A certificate of WHO does not show its UVCI: it is known by its signature.
    names = (uci if kind == "DCC" else signature for kind, uci, signature in query.tuples())
    return trust.checkpoint(_listed(issued), names)


CONTENTS = {
    "dsc-trust-list": _trust_list, "revocation-list": _revocation_list, "checkpoint": _checkpoint,
}  # fmt: skip
