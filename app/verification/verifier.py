"""Whether a certificate holds, layer by layer: the envelope, who signed it, when, for what, and
the shape of what it says. No database, no clock.

eu-dcc-hcert-spec 1.0.8 and WHO's GDHCN. The key alone decides the algorithm, the header has to
agree: what stands in a certificate must not choose how it is checked.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app.certificates import envelope
from app.certificates.envelope import DCC, ES256, ICVP, PS256, Fault, Opened
from app.verification import rules

SMALLEST_RSA = 2048
EPOCH = datetime(1970, 1, 1)
_SHA256 = hashes.SHA256()
_ECDSA = ec.ECDSA(_SHA256)
_PSS = padding.PSS(padding.MGF1(_SHA256), salt_length=32)

# What a signer may sign: 1.3.6.1.4.1.1847.2021.1.x, and the same with the 0 of old certificates.
# Looked for as bytes, because cryptography refuses to read the extensions of some real signers.
# Other usages do not restrict: Viet Nam's own signer has clientAuth and emailProtection only.
_ARCS = (bytes.fromhex("060b2b060104018e378f6501"), bytes.fromhex("060c2b06010401008e378f6501"))
_USAGES = {"t": b"\x01", "v": b"\x02", "r": b"\x03"}

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class BadSigner(ValueError):
    """A certificate that cannot be used to check signatures, and why."""


class Trusted(NamedTuple):
    """A signer whose signatures count. usages: what it may sign, of t, v and r; empty: all.
    own: this service's. Times are naive UTC."""

    kid: bytes
    country: str
    key: PublicKey
    usages: frozenset[str]
    not_before: datetime
    not_after: datetime
    own: bool = False


class Verdict(NamedTuple):
    """Whether a text is a certificate that holds. `layer`: of the first failure; `reasons`: all.
    `signer`: the kid of whoever really signed it, in hexadecimal digits, and `country` its own;
    while it is empty nothing in `claims` is to be believed."""

    valid: bool
    reasons: tuple[str, ...] = ()
    layer: str = ""
    signer: str = ""
    country: str = ""
    own: bool = False
    opened: Opened | None = None

    @property
    def claims(self) -> Mapping[Any, Any] | None:
        """The claims as they stand in the certificate; None when it could not be read."""
        return self.opened.claims if self.opened else None

    @property
    def kind(self) -> int | None:
        """DCC or ICVP; None when it is neither or both."""
        kinds = [
            one for one in (DCC, ICVP) if one in (self.claims or {}).get(envelope.CERTIFICATES, {})
        ]
        return kinds[0] if len(kinds) == 1 else None


def verify(text: str, trusted: Callable[[bytes], Sequence[Trusted]], at: datetime) -> Verdict:
    """The verdict at the moment `at` (naive UTC). `trusted`: the signers with a kid. Never
    raises, whatever the text is."""
    try:
        opened = envelope.unpack(text)
    except Fault as fault:
        return Verdict(False, (fault.reason,), fault.layer)
    signers = trusted(opened.kid) if opened.kid else ()
    if not signers:
        return Verdict(False, ("unknown_signer",), "signer", opened=opened)
    signer = next((one for one in signers if _signed(one.key, opened)), None)
    if signer is None:
        agreed = any(algorithm(one.key) == opened.alg for one in signers)
        reason = "bad_signature" if agreed else "wrong_algorithm"
        return Verdict(False, (reason,), "signature", opened=opened)
    found = list(_problems(opened, signer, at))
    return Verdict(
        not found, tuple(reason for _, reason in found), found[0][0] if found else "",
        signer.kid.hex(), signer.country, signer.own, opened,
    )  # fmt: skip


def algorithm(key: PublicKey) -> int | None:
    """The one algorithm that goes with a key; None: signatures of this key do not count."""
    if isinstance(key, rsa.RSAPublicKey):
        return PS256 if key.key_size >= SMALLEST_RSA else None
    return ES256 if isinstance(key.curve, ec.SECP256R1) else None


def holds(key: PublicKey, told: bytes, signature: bytes) -> bool:
    """Whether this key signed `told`: ES256 as r and s of 32 bytes each, or PS256."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, told, _PSS, _SHA256)
        elif len(signature) != 64:
            return False
        else:
            r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
            key.verify(encode_dss_signature(r, s), told, _ECDSA)
    except InvalidSignature:
        return False
    return True


def _signed(key: PublicKey, opened: Opened) -> bool:
    if opened.alg is None or opened.alg != algorithm(key):
        return False
    told = envelope.to_be_signed(opened.protected, opened.payload)
    return holds(key, told, opened.signature)


def _problems(opened: Opened, signer: Trusted, at: datetime) -> Iterator[tuple[str, str]]:
    """(layer, reason) of what speaks against a certificate that `signer` did sign."""
    seconds = (at - EPOCH).total_seconds()
    claims = opened.claims
    # At exp itself it still holds: Ireland's vectors end at their own clock.
    if claims[envelope.EXPIRES] < seconds or signer.not_after < at:
        yield "time", "expired"
    if claims[envelope.ISSUED] > seconds or signer.not_before > at:
        yield "time", "not_yet_valid"
    contents = claims[envelope.CERTIFICATES]
    # A certificate of WHO is one about a vaccination.
    asked = {one for one in "vtr" if (contents.get(DCC) or {}).get(one)} | (
        {"v"} if ICVP in contents else set()
    )
    if signer.usages and not asked <= signer.usages:
        yield "usage", "wrong_usage"
    if not _fits(contents):
        yield "schema", "bad_schema"


def _fits(contents: Mapping[Any, Any]) -> bool:
    """Exactly one certificate, of a shape that is known."""
    if (DCC in contents) == (ICVP in contents):
        return False
    return rules.dcc_fits(contents[DCC]) if DCC in contents else rules.icvp_fits(contents[ICVP])


def trusted_from(der: bytes, country: str = "", own: bool = False) -> Trusted:
    """The signer that a certificate (DER) describes; `country`: where it is not its own word.
    Raises BadSigner."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        dates = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        signed = certificate.tbs_certificate_bytes
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm) as wrong:
        raise BadSigner(f"the certificate cannot be read: {wrong}") from wrong
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey) or not algorithm(key):
        raise BadSigner("the key is neither P-256 nor RSA of 2048 bits or more")
    usages = frozenset(
        one for one, end in _USAGES.items() if any(arc + end in signed for arc in _ARCS)
    )
    start, end = (one.replace(tzinfo=None) for one in dates)
    kid = hashlib.sha256(der).digest()[:8]
    return Trusted(kid, country or _country(certificate), key, usages, start, end, own)


def _country(certificate: x509.Certificate) -> str:
    try:
        found = certificate.subject.get_attributes_for_oid(x509.NameOID.COUNTRY_NAME)
    except ValueError:
        return ""
    return str(found[0].value).upper() if found else ""
