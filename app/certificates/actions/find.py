"""The certificate that is meant by an identifier, or by the text of its QR."""

from typing import Any

from app import audit
from app.audit import AuditEntry
from app.certificates import envelope, rules
from app.certificates.envelope import Fault, Opened
from app.certificates.models import Certificate
from app.db import db
from app.words import Refused


def find(text: str, path: str) -> int:
    """The id of a certificate of somebody at or below `path`: of its identifier, or of the text of
    its QR ("HC1:…"). Raises Refused at "what"."""
    if not text.strip():
        raise Refused(("what", "required"))
    by_code = "HC1:" in text.upper()
    row = _by_code(text, path) if by_code else _by_uvci(text, path)
    with db.atomic():
        audit.record(
            "search", "certificate", row.id, row.person_id, how="code" if by_code else "uvci"
        )
        return int(row.id)


def _by_uvci(text: str, path: str) -> Certificate:
    try:
        uvci = rules.typed_uvci(text)
    except rules.NoUvci as wrong:
        raise Refused(("what", wrong.code, wrong.values)) from None
    return _of(path, Certificate.uvci == uvci, "uvci_unknown")


def _by_code(text: str, path: str) -> Certificate:
    """By its signature: what does not say the same under one is a forgery."""
    opened = _opened(text)
    name = envelope.hashes("", "", opened.alg or 0, opened.signature).signature
    row = _of(path, Certificate.hash_signature == name, "not_in_system")
    if envelope.unpack(row.code).payload != opened.payload:
        raise Refused(("what", "bad_signature"))
    return row


def _of(path: str, asked: Any, unknown: str) -> Certificate:
    row: Any = Certificate.within(path).where(asked).get_or_none()
    if row is None:
        raise Refused(("what", unknown))
    return row


def _opened(text: str) -> Opened:
    """The first reading that is a certificate."""
    faults = []
    for one in rules.readings(text):
        try:
            return envelope.unpack(one)
        except Fault as fault:
            faults.append(fault.reason)
    raise Refused(("what", faults[0]))


def why_again(certificate: Certificate) -> str:
    """The code of the reason for which it was issued in the place of one that was ended by hand;
    "" when it was not."""
    if certificate.replaces_id is None:
        return ""
    mine = AuditEntry.noun == "certificate", AuditEntry.noun_id == certificate.id
    row = AuditEntry.get_or_none(*mine, AuditEntry.action == "issue")
    return str(row.detail.get("again", "")) if row else ""
