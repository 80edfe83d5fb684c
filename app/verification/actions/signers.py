"""The signers whose signatures count, as the list of today has them."""

import base64
import logging
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from app.certificates.models import Signer
from app.verification.trust import Listed
from app.verification.verifier import BadSigner, Trusted, trusted_from

log = logging.getLogger("app.verification")


def signers(kid: bytes) -> list[Trusted]:
    """The trusted signers with this kid; several, when two certificates share it."""
    rows = Signer.select().where(Signer.kid == kid.hex(), Signer.distrusted_at.is_null())
    return [one.known for one in _listed(rows)]


def on_list(at: datetime) -> list[Listed]:
    """All signers that are trusted at a moment."""
    return _listed(Signer.trusted(at))


def _listed(rows: Iterable[Signer]) -> list[Listed]:
    found = []
    for row in rows:
        try:
            known = _read(row.certificate, row.country, row.own)
        except BadSigner as wrong:
            log.warning("signer %s is on the list and cannot be used: %s", row.kid, wrong)
            continue
        known = known._replace(kid=bytes.fromhex(row.kid), usages=frozenset(row.usages))
        found.append(Listed(base64.b64decode(row.certificate), known))
    return found


@lru_cache(1000)
def _read(certificate: str, country: str, own: bool) -> Trusted:
    return trusted_from(base64.b64decode(certificate), country, own)
