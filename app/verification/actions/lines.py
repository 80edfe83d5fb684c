"""Codes line by line from another program, and the verdicts as JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app import audit, clock
from app.db import db
from app.verification.actions.check import as_on_record
from app.verification.actions.signers import signers
from app.verification.verifier import EPOCH, BadSigner, Trusted, Verdict, trusted_from, verify

LONGEST_LINE = 200_000  # twice what the verifier reads: what is longer is refused unread


def lines(file: BinaryIO) -> Iterator[str]:
    """The lines of a file without their ends, each cut at LONGEST_LINE: a file of one line
    without end takes no more memory than that."""
    while line := file.readline(LONGEST_LINE):
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        # Nothing but the end is taken off: a space is one of the 45 signs.
        yield line.rstrip(b"\r\n").decode("ascii", "replace")


def signers_in(pem: bytes) -> list[Trusted]:
    """The signers in a file of certificates, PEM or one DER. Raises BadSigner."""
    if b"-----BEGIN" not in pem:
        return [trusted_from(pem)]
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as wrong:
        raise BadSigner(f"no certificate in PEM: {wrong}") from wrong
    return [trusted_from(one.public_bytes(Encoding.DER)) for one in found]


def among(known: Sequence[Trusted]) -> Callable[[bytes], list[Trusted]]:
    """What the verifier asks for the signers with a kid, when these are all there are."""
    return lambda kid: [one for one in known if one.kid == kid]


def on_record(file: BinaryIO, at: datetime | None) -> Iterator[Verdict]:
    """The verdict on each line, by the signers and the certificates that are on record; at: now
    when None. All of it is one entry of the audit."""
    count = 0
    try:
        for line in lines(file):
            count += 1
            yield as_on_record(verify(line, signers, at or clock.now()))[0]
    finally:
        with db.atomic():
            audit.record("verify", "certificate", rows=count)


def told(verdict: Verdict) -> dict[str, Any]:
    """A verdict for JSON. The claims have the numbers of the standard as their names; bytes are
    hexadecimal digits. While `signer` is empty nobody vouches for them."""
    claims = verdict.claims
    return {
        "valid": verdict.valid, "reasons": verdict.reasons, "layer": verdict.layer,
        "signer": verdict.signer, "country": verdict.country,
        "issued_at": _moment(claims[6]) if claims else None,
        "expires_at": _moment(claims[4]) if claims else None,
        "claims": _plain(claims),
    }  # fmt: skip


def _moment(seconds: float) -> str | None:
    try:
        found: datetime = EPOCH + timedelta(seconds=seconds)
    except OverflowError:  # a number, but no day of any calendar
        return None
    return f"{found.isoformat(timespec='seconds')}Z"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_name(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


def _name(key: Any) -> str:
    return key.hex() if isinstance(key, bytes) else str(key)
