"""Taking in the signers of other countries: certificates, trust lists (DSC-TL), DID documents."""

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app import audit, clock
from app.certificates.models import Signer
from app.db import db
from app.verification import trust
from app.verification.actions.lines import signers_in
from app.verification.trust import BadList, Row
from app.verification.verifier import BadSigner, Trusted, trusted_from

GONE = "no longer on its list"


class Taken(NamedTuple):
    """What came of a file: how many are new, how many were there, how many left their list, and
    the bad rows: (name, why)."""

    new: int
    known: int
    gone: int
    bad: list[tuple[str, str]]


class _Good(NamedTuple):
    row: Row
    der: bytes
    known: Trusted


def take_in(text: bytes, name: str, signer: bytes | None = None, country: str = "") -> Taken:
    """Trust the signers in a file. Bad rows are told and left out; the good ones come in
    together. A list or DID document is whole: who is no longer on it, is trusted no more.
    Raises BadList when the file as a whole must not be believed, BadSigner for `signer`."""
    rows, source, whole = _rows(text, name, signer)
    good, bad = [], []
    for row in rows:
        try:
            good.append(_checked(row, country))
        except BadSigner as wrong:
            bad.append((row.name, str(wrong)))
    if not good:
        raise BadList("; ".join(f"{row}: {why}" for row, why in bad) or "it names no signer")
    with db.atomic(), audit.at_end():
        new = sum(_added(one, source) for one in good)
        gone = _leave({_digest(one.der) for one in good}, source) if whole and not bad else 0
    return Taken(new, len(good) - new, gone, bad)


def _rows(text: bytes, name: str, signer: bytes | None) -> tuple[list[Row], str, bool]:
    """(rows, what they come from, whether these are all of it)."""
    plain = text.strip()
    if b"-----BEGIN" in plain:
        return list(_of_pem(plain)), name, False
    if plain.startswith(b"{"):
        try:
            document = json.loads(plain)
        except (ValueError, RecursionError):
            raise BadList("it is no JSON") from None
        rows = list(trust.rows_of_did(document))
        return rows, str(document.get("id") or name), True
    if plain.startswith(b"eyJ"):
        if signer is None:
            raise BadList("a signed list needs --signer, the certificate of who signed it")
        payload = trust.opened(plain, signers_in(signer)[0].key, clock.now())
        return list(trust.rows_of_list(payload)), str(payload.get("iss") or name), True
    return [Row(name, "", "", text)], name, False


def _of_pem(text: bytes) -> Iterator[Row]:
    begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    for number, part in enumerate(text.split(begin)[1:], 1):
        try:
            one = x509.load_pem_x509_certificate(begin + part.partition(end)[0] + end + b"\n")
            der = one.public_bytes(Encoding.DER)
        except ValueError:
            der = None
        yield Row(f"certificate {number}", "", "", der)


def _checked(row: Row, country: str) -> _Good:
    if row.certificate is None:
        raise BadSigner("there is no certificate")
    known = trusted_from(row.certificate, country or row.country)
    if len(known.country) != 2 or not known.country.isalpha():
        raise BadSigner("it names no country; say --country")
    if known.not_after <= clock.now():
        raise BadSigner("it has ended")
    return _Good(row, row.certificate, known)


def _digest(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


def _added(one: _Good, source: str) -> int:
    """1 when it is new. One that had only left its list is trusted again."""
    known, kid = one.known, one.row.kid or one.known.kid.hex()
    there = Signer.get_or_none(Signer.digest == _digest(one.der))
    if there is None:
        Signer.create(
            kid=kid, digest=_digest(one.der), country=known.country.upper(),
            certificate=base64.b64encode(one.der).decode(), usages=sorted(known.usages),
            not_before=known.not_before, not_after=known.not_after, source=source,
            added_at=clock.now(),
        )  # fmt: skip
    elif there.distrusted_why == GONE:
        there.distrusted_at, there.distrusted_why, there.added_at = None, "", clock.now()
        there.save()
    else:
        return 0
    audit.record("create", "signer", kid=kid)
    return 1


def _leave(kept: set[str], source: str) -> int:
    query = Signer.select().where(
        Signer.source == source, ~Signer.own, Signer.distrusted_at.is_null()
    )
    left = [row for row in query if row.digest not in kept]
    for row in left:
        row.distrusted_at, row.distrusted_why = clock.now(), GONE
        row.save()
        audit.record("remove", "signer", kid=row.kid)
    return len(left)
