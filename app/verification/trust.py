"""The lists that others check certificates by, as they are written and read. No database, no clock,
no private key.

Trust list: JWS in the shape of Sweden's DSC-TL. Revocation list: JWS with the batches of the EU's
gateway (eu-dcc-revocation). Checkpoint: both in little, for a page without a network.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import unquote

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.certificates.envelope import ES256, PS256
from app.verification.verifier import EPOCH, PublicKey, Trusted, algorithm, holds

NAMES = {ES256: "ES256", PS256: "PS256"}
BATCH = 1000  # entries in a batch of the gateway
PREFIX = 8  # bytes of a hash at a checkpoint: no false hit among 100,000 revoked
USAGES = {"t": 1, "v": 2, "r": 3}


class BadList(ValueError):
    """A list that must not be believed, and why."""


class Listed(NamedTuple):
    """A signer on a list: its certificate (DER), and what the list says of it."""

    certificate: bytes
    known: Trusted


class Revoked(NamedTuple):
    """A revoked certificate, as it is named on lists: the three hashes of 32 hexadecimal digits."""

    country: str
    kid: str
    expires_at: datetime
    uci: str
    country_uci: str
    signature: str


# Writing.


def jws(payload: bytes, alg: int, certificate: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """The payload, signed: RFC 7515 in compact form, with the certificate of who signed it."""
    kid = hashlib.sha256(certificate).digest()[:8]
    head = {"alg": NAMES[alg], "kid": b64(kid), "x5c": [b64(certificate)]}
    signed = _url(compact(head)) + b"." + _url(payload)
    return signed + b"." + _url(sign(signed))


def compact(value: Any) -> bytes:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def head(issuer: str, issued: datetime, expires: datetime) -> dict[str, Any]:
    """What every list begins with."""
    return {"iss": issuer, "iat": seconds(issued), "exp": seconds(expires)}


def trust_list(listed: Iterable[Listed]) -> dict[str, Any]:
    """Country → the keys of its signers, and what those may sign that may not sign everything."""
    found: dict[str, Any] = {}
    for certificate, known in listed:
        here = found.setdefault(known.country, {"keys": [], "eku": {}})
        here["keys"].append(jwk(certificate, known))
        if known.usages:
            here["eku"][b64(known.kid)] = [
                f"1.3.6.1.4.1.1847.2021.1.{USAGES[one]}" for one in sorted(known.usages)
            ]
    return {"dsc_trust_list": found}


def jwk(certificate: bytes, known: Trusted) -> dict[str, Any]:
    """A signer as a JSON Web Key (RFC 7517)."""
    shown: dict[str, Any] = {
        "kid": b64(known.kid), "x5c": [b64(certificate)],
        "x5t#S256": _url(hashlib.sha256(certificate).digest()).decode(), "use": "sig",
    }  # fmt: skip
    numbers: Any = known.key.public_numbers()
    if isinstance(known.key, rsa.RSAPublicKey):
        size = (numbers.n.bit_length() + 7) // 8
        return shown | {"kty": "RSA", "n": _number(numbers.n, size), "e": _number(numbers.e, 3)}
    points = {"x": _number(numbers.x, 32), "y": _number(numbers.y, 32)}
    return shown | {"kty": "EC", "crv": "P-256", **points}


def batches(revoked: Iterable[Revoked]) -> list[dict[str, Any]]:
    """The batches of the gateway: of one signer, one way of hashing, at most 1000 entries. One
    may be forgotten when the last of its certificates has ended."""
    found, ways = [], {"UCI": 3, "COUNTRYCODEUCI": 4, "SIGNATURE": 5}
    rows = sorted(revoked)
    for (country, kid), group in groupby(rows, lambda row: row[:2]):
        of_signer = list(group)
        for way, place in ways.items():
            for start in range(0, len(of_signer), BATCH):
                part = of_signer[start : start + BATCH]
                entries = sorted(b64(bytes.fromhex(row[place])) for row in part)  # type: ignore[arg-type]
                found.append({
                    "country": country, "kid": b64(bytes.fromhex(kid)) if kid else "UNKNOWN_KID",
                    "hashType": way,
                    "expires": max(row.expires_at for row in part).isoformat("T", "seconds") + "Z",
                    "entries": [{"hash": entry} for entry in entries],
                })  # fmt: skip
    return found


def checkpoint(listed: Iterable[Listed], names: Iterable[str]) -> dict[str, Any]:
    """What a page without a network needs. signers: their key as SPKI (what WebCrypto reads), and
    from when to when it counts; revoked: the first 8 bytes of each hash, sorted, so that one is
    found by halving."""
    prefixes = sorted(bytes.fromhex(one[: PREFIX * 2]) for one in names)
    return {
        "signers": [_signer(known) for _certificate, known in listed],
        "revoked": b64(b"".join(prefixes)),
    }


def _signer(known: Trusted) -> dict[str, Any]:
    spki = known.key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "kid": known.kid.hex(), "country": known.country, "key": b64(spki),
        "usages": sorted(known.usages), "not_before": seconds(known.not_before),
        "not_after": seconds(known.not_after),
    }  # fmt: skip


# Reading.


def opened(text: bytes, key: PublicKey, at: datetime) -> dict[str, Any]:
    """What a signed list says. Raises BadList when it is not signed by this key or has ended."""
    try:
        signed, _, signature = text.strip().rpartition(b".")
        first, payload = (json.loads(unb64(part)) for part in signed.split(b"."))
        told, said = unb64(signature), first["alg"]
        ends = payload["exp"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadList("it is no signed list (JWS)") from None
    # The key says which algorithm; the header has to agree.
    if said != NAMES.get(algorithm(key) or 0) or not holds(key, signed, told):
        raise BadList("its signature is not of the signer that was named")
    if not isinstance(ends, int | float) or not ends > seconds(at):
        raise BadList("it has ended; get a newer one")
    return payload


class Row(NamedTuple):
    """A certificate that a file names: what it is called there, its kid there ("": none), the
    country there, and the DER (None: what stands there is no certificate)."""

    name: str
    kid: str
    country: str
    certificate: bytes | None


def rows_of_list(payload: Any) -> Iterator[Row]:
    """The signers on a DSC-TL. Raises BadList."""
    countries = payload.get("dsc_trust_list")
    if not isinstance(countries, dict):
        raise BadList("it holds no dsc_trust_list")
    for country, here in countries.items():
        keys = here.get("keys") if isinstance(here, dict) else None
        for number, key in enumerate(keys if isinstance(keys, list) else [], 1):
            yield _row(f"{country} {number}", key, str(country))


def rows_of_did(document: Any) -> Iterator[Row]:
    """The signers in a DID document of WHO's network. The key is taken from x5c: x and y may have
    a zero too many there."""
    methods = document.get("verificationMethod") if isinstance(document, dict) else None
    if not isinstance(methods, list):
        raise BadList("it is no DID document")
    for number, method in enumerate(methods, 1):
        shown = method if isinstance(method, dict) else {}
        name = str(shown.get("id", number))
        yield _row(name, shown.get("publicKeyJwk"), "", name.rpartition("#")[2])


def _row(name: str, key: Any, country: str, kid: str = "") -> Row:
    key = key if isinstance(key, dict) else {}
    first = key.get("x5c") if isinstance(key.get("x5c"), list) else []
    try:
        der = base64.b64decode(str(first[0]), validate=True) if first else None
    except ValueError:
        der = None
    return Row(name, _kid(str(key.get("kid") or kid)), country, der)


def _kid(text: str) -> str:
    """The hexadecimal digits of a kid in base64; "" when it is none of 8 bytes."""
    try:
        found = unb64(unquote(text).encode())
    except ValueError:
        return ""
    return found.hex() if len(found) == 8 else ""


def seconds(moment: datetime) -> int:
    """As it stands in claims: since 1970, in UTC."""
    return int((moment - EPOCH).total_seconds())


def b64(value: bytes) -> str:
    """Base64 as usual."""
    return base64.b64encode(value).decode()


def unb64(text: bytes) -> bytes:
    """Base64 of either alphabet, with or without its end. Raises ValueError."""
    plain = text.translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)


def _url(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


def _number(number: int, size: int) -> str:
    return _url(number.to_bytes(size, "big")).decode()
