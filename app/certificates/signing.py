"""The one file that opens a private key: it loads our signers and signs with the newest.

Only the issuing of certificates and the publishing of lists import it; no route and no command
hands it a payload (tests/certificates/test_signing.py).
"""

import hashlib
import os
import stat
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from flask import Flask, current_app

from app.certificates.envelope import ES256, PS256
from app.config import ConfigError
from app.words import Refused

LISTS = "lists"  # lists.crt and lists.key sign the lists, and no certificate
SHA256, HALF = hashes.SHA256(), 32
PSS = padding.PSS(padding.MGF1(SHA256), 32)
PSS_PKCS11 = (pkcs11.Mechanism.SHA256, pkcs11.MGF.SHA256, 32)
PROBE = b"does this key belong to this certificate?"

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Own:
    """A certificate of ours, with or without a key. `kid`: first 8 bytes of SHA-256 of the DER
    (hcert-spec 1.0.8); moments in UTC, without tzinfo."""

    name: str
    kid: bytes
    alg: int
    certificate: bytes
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class Key(Own):
    """One that can sign: ES256 gives r and s of 32 bytes each, PS256 the signature as it is."""

    sign: Sign = field(repr=False)


class Ring(NamedTuple):
    """What a folder holds: the keys, the newest first; all certificates; the key of the lists."""

    keys: tuple[Key, ...] = ()
    certificates: tuple[Own, ...] = ()
    lists: Key | None = None


def init_app(app: Flask) -> None:
    """Load the keys. Raises ConfigError when one cannot be used."""
    app.extensions["signing"] = load(app.extensions["config"].signing_keys)


def key(at: datetime, without: Collection[bytes] = ()) -> Key:
    """The newest key that is valid at `at`, and whose kid is not among `without` (lost ones).
    Raises Refused no_signing_key."""
    for one in _ring().keys:
        if one.not_before <= at < one.not_after and one.kid not in without:
            return one
    raise Refused(("", "no_signing_key"))


def certificates() -> list[Own]:
    """All certificates of our signers, also those whose key is gone."""
    return list(_ring().certificates)


def list_key() -> Key | None:
    """The key that signs the lists, which is none of those that sign certificates."""
    return _ring().lists


def _ring() -> Ring:
    ring: Ring = current_app.extensions["signing"]
    return ring


def load(folder: str) -> Ring:
    """The keys of a folder; none without one. Raises ConfigError that names the file."""
    if not folder:
        return Ring()
    place = Path(folder)
    if not (found := sorted(place.glob("*.crt"))):
        raise ConfigError(f"SIGNING_KEYS: there is no certificate (*.crt) in {place}.")
    _refuse_lonely(place)
    with TOKENS:
        loaded = [_load(path) for path in found]
    for one in loaded:
        if [other.kid for other in loaded].count(one.kid) > 1:
            raise ConfigError(f"{place / one.name}.crt stands there twice, under two names.")
    keys = [one for one in loaded if isinstance(one, Key)]
    keys.sort(key=lambda one: (one.not_before, one.name), reverse=True)
    lists = next((one for one in keys if one.name == LISTS), None)
    if lists is None and (place / f"{LISTS}.crt").exists():
        raise ConfigError(f"{place / LISTS}.crt has no key beside it.")
    signers = tuple(one for one in keys if one is not lists)
    return Ring(signers, tuple(one for one in loaded if one.name != LISTS), lists)


def _refuse_lonely(place: Path) -> None:
    """A key without its certificate is a slip, unless the authority was asked for one."""
    for path in (*place.glob("*.key"), *place.glob("*.p11")):
        if not any(path.with_suffix(end).exists() for end in (".crt", ".csr")):
            raise ConfigError(f"{path} has no certificate ({path.stem}.crt) beside it.")


def _load(path: Path) -> Own:
    own, public = read_certificate(path)
    ways = [way for way in (path.with_suffix(".key"), path.with_suffix(".p11")) if way.exists()]
    if len(ways) > 1:
        raise ConfigError(f"{path.stem} has two keys: {ways[0]} and {ways[1]}. Remove one.")
    if not ways:
        return own
    sign = _file(ways[0]) if ways[0].suffix == ".key" else _token(ways[0], own.alg)
    try:
        fits = verifies(public, PROBE, sign(PROBE))
    except pkcs11.PKCS11Error as wrong:
        raise ConfigError(f"{ways[0]} cannot be used: {type(wrong).__name__} {wrong}") from None
    if not fits:
        raise ConfigError(f"{ways[0]} is not the key of the certificate {path}.")
    return Key(**vars(own), sign=sign)


Public = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


def read_certificate(path: Path) -> tuple[Own, Public]:
    """A certificate that can sign. Raises ConfigError."""
    try:
        read = x509.load_pem_x509_certificate(path.read_bytes())
        public: Any = read.public_key()
    except (OSError, ValueError, UnsupportedAlgorithm) as wrong:
        raise ConfigError(f"{path} is no certificate that can be read: {wrong}") from None
    if _is_authority(read):
        raise ConfigError(f"{path} belongs to an authority; its key does not belong here.")
    der = read.public_bytes(Encoding.DER)
    life = (read.not_valid_before_utc, read.not_valid_after_utc)
    moments = (moment.replace(tzinfo=None) for moment in life)
    kid = hashlib.sha256(der).digest()[:8]
    return Own(path.stem, kid, _algorithm(public, path), der, *moments), public


def _is_authority(read: x509.Certificate) -> bool:
    try:
        return read.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _algorithm(public: Any, path: Path) -> int:
    """The key says which: nothing else does."""
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return ES256
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= 2048:
        return PS256
    raise ConfigError(f"{path}: the key must be P-256 or RSA of 2048 bits or more.")


def verifies(public: Public, signed: bytes, signature: bytes) -> bool:
    """Whether a signature as `Key.sign` makes it is good."""
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, signed, PSS, SHA256)
        else:
            halves = (int.from_bytes(half, "big") for half in (signature[:HALF], signature[HALF:]))
            public.verify(encode_dss_signature(*halves), signed, ec.ECDSA(SHA256))
    except InvalidSignature:
        return False
    return True


def tight(path: Path) -> bytes:
    """A file that holds a secret. Its owner and its group may read it (a mount of Kubernetes has
    0440), nobody else. Raises ConfigError."""
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXO | stat.S_IWGRP):
            raise ConfigError(f"{path} is open to others: chmod 600 {path}")
        return path.read_bytes()
    except OSError as wrong:
        raise ConfigError(f"{path} cannot be read: {wrong.strerror}") from None


def _file(path: Path) -> Sign:
    try:
        private: Any = load_pem_private_key(tight(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as wrong:
        raise ConfigError(f"{path} is no private key that can be read: {wrong}") from None
    if isinstance(private, rsa.RSAPrivateKey):
        return lambda signed: private.sign(signed, PSS, SHA256)
    if not (isinstance(private, ec.EllipticCurvePrivateKey) and private.key_size == 256):
        raise ConfigError(f"{path}: the key must be P-256 or RSA of 2048 bits or more.")
    return partial(_es256, private, ec.ECDSA(SHA256))


def _es256(private: ec.EllipticCurvePrivateKey, way: ec.ECDSA, signed: bytes) -> bytes:
    halves = decode_dss_signature(private.sign(signed, way))
    return b"".join(half.to_bytes(HALF, "big") for half in halves)


class Tokens:
    """The sessions with hardware tokens, one for each token and process. A PKCS#11 module must not
    be used by two threads (python-pkcs11 initialises it so) nor on both sides of a fork: all goes
    under one lock, what was opened while loading is closed at its end, and a process that finds
    the sessions of its parent begins anew."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.process = 0
        self.objects: dict[tuple[str, ...], Any] = {}
        self.sessions: dict[tuple[str, ...], Any] = {}

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self.forget()
        self.lock.release()

    def forget(self) -> None:
        """Let go of all sessions and modules."""
        self.objects.clear()
        self.sessions.clear()
        for module in pkcs11._loaded.values():
            module.finalize()

    def sign(self, where: "Where", alg: int, signed: bytes) -> bytes:
        """By the token. A session that was lost is opened once more."""
        with self.lock:
            if self.process != os.getpid():
                self.forget()
                self.process = os.getpid()
            try:
                return self._sign(where, alg, signed)
            except pkcs11.PKCS11Error:
                self.forget()
                return self._sign(where, alg, signed)

    def _sign(self, where: "Where", alg: int, signed: bytes) -> bytes:
        name = where.module, where.token, where.label
        private = self.objects.get(name) or self._find(where)
        self.objects[name] = private
        if alg == ES256:
            digest = hashlib.sha256(signed).digest()
            return bytes(private.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))
        way = pkcs11.Mechanism.SHA256_RSA_PKCS_PSS
        return bytes(private.sign(signed, mechanism=way, mechanism_param=PSS_PKCS11))

    def _find(self, where: "Where") -> Any:
        name = where.module, where.token
        if name not in self.sessions:
            token = pkcs11.lib(where.module).get_token(token_label=where.token)
            self.sessions[name] = token.open(user_pin=where.pin())
        kind = pkcs11.ObjectClass.PRIVATE_KEY
        return self.sessions[name].get_key(object_class=kind, label=where.label)


TOKENS = Tokens()


class Where(NamedTuple):
    """Where a key lies that never leaves its token: what a NAME.p11 says, as in RFC 7512:
    pkcs11:token=T;object=KEY?module-path=/usr/lib/….so&pin-source=file:/… (or env:NAME)."""

    module: str
    token: str
    label: str
    source: str

    def pin(self) -> str:
        """The PIN. Raises ConfigError."""
        how, _, name = self.source.partition(":")
        if how == "file":
            return tight(Path(name)).decode().strip()
        if how == "env" and os.environ.get(name):
            return os.environ[name]
        raise ConfigError(f"pin-source={self.source}: there is no PIN.")


def _token(path: Path, alg: int) -> Sign:
    uri = urlsplit(path.read_text().strip())
    said = {
        name: unquote(text) for name, _, text in (p.partition("=") for p in uri.path.split(";"))
    }
    said |= dict(parse_qsl(uri.query))
    try:
        names = ("module-path", "token", "object", "pin-source")
        where = Where(*(said[name] for name in names))
    except KeyError as missing:
        raise ConfigError(f"{path} does not say {missing}; see docs/deploying.md.") from None
    if uri.scheme != "pkcs11" or not Path(where.module).exists():
        raise ConfigError(f"{path}: there is no PKCS#11 module {where.module}.")
    return partial(TOKENS.sign, where, alg)
