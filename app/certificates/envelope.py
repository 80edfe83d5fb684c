"""The envelope of a certificate: "HC1:" + base45(zlib(COSE_Sign1(CWT))), packed and opened.

EU hcert-spec 1.0.8, RFC 9052 (COSE), RFC 8392 (CWT), RFC 9285 (base45). No file, no clock, no
key: what is opened here is not yet believed.
"""

import hashlib
import math
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

import cbor2

ES256, PS256 = -7, -37
DCC = 1
# WHO, digital ICVP. A negative number is "for development": it may change, and then only here.
ICVP = -6
PREFIX = "HC1:"

ISSUER, EXPIRES, ISSUED, CERTIFICATES = 1, 4, 6, -260
ALG, CRITICAL, KID = 1, 2, 4
SIGN1, CWT = 18, 61  # tags

LONGEST_TEXT = 100_000  # a QR holds 4,296 characters; this is what LARGEST needs when not packed
LARGEST = 64 * 1024  # bytes when inflated: 73 KB of text could become 50 MB
DEEPEST = 16

_SIGNS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = bytes(max(_SIGNS.find(sign), 0) for sign in range(256))
_PAIRS = [chr(_SIGNS[n % 45]) + chr(_SIGNS[n // 45]) for n in range(45 * 45)]
_BASE45 = re.compile(r"[0-9A-Z $%*+\-./:]+")


class Fault(Exception):
    """Why a text is no certificate: at which layer, and a reason code."""

    def __init__(self, layer: str, reason: str) -> None:
        super().__init__(f"{layer}: {reason}")
        self.layer, self.reason = layer, reason


class Opened(NamedTuple):
    """What a text holds. `alg`: None when it says none; `claims`: of dict, list, str, int, float,
    bool, bytes and None, with finite numbers."""

    alg: int | None
    kid: bytes
    protected: bytes
    payload: bytes
    signature: bytes
    claims: Mapping[Any, Any]


class Hashes(NamedTuple):
    """What revocation lists name a certificate by: 32 hexadecimal digits each."""

    uci: str
    country_uci: str
    signature: str


def protected(alg: int, kid: bytes) -> bytes:
    """The header that is signed."""
    return cbor2.dumps({ALG: alg, KID: kid}, canonical=True)


def claims(country: str, issued: int, expires: int, key: int, content: Mapping[str, Any]) -> bytes:
    """The CWT: always the same bytes for the same content. Times: seconds since 1970; `key`: DCC
    or ICVP."""
    told = {ISSUER: country, EXPIRES: expires, ISSUED: issued, CERTIFICATES: {key: content}}
    return cbor2.dumps(told, canonical=True)


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """The bytes that a signature is about (RFC 9052, 4.4)."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def pack(protected: bytes, payload: bytes, signature: bytes) -> str:
    """The text of the QR."""
    message = cbor2.CBORTag(SIGN1, [protected, {}, payload, signature])
    return PREFIX + base45(zlib.compress(cbor2.dumps(message), 9))


def base45(data: bytes) -> str:
    """RFC 9285, three times as fast as the package of that name: it is half of the work."""
    words = struct.unpack(f">{len(data) // 2}H", data[: len(data) & ~1])
    found = [_PAIRS[word % 2025] + chr(_SIGNS[word // 2025]) for word in words]
    return "".join(found) + (_PAIRS[data[-1]] if len(data) & 1 else "")


def from_base45(text: str) -> bytes:
    """The bytes that base45 wrote so. Raises ValueError."""
    if not _BASE45.fullmatch(text):
        raise ValueError("not of the 45 signs")
    values = text.encode().translate(_VALUES)
    words = [
        a + 45 * b + 2025 * c
        for a, b, c in zip(values[::3], values[1::3], values[2::3], strict=False)
    ]
    rest = values[len(values) // 3 * 3 :]
    try:
        found = struct.pack(f">{len(words)}H", *words)
    except struct.error:
        raise ValueError("three signs for more than two bytes") from None
    if not rest:
        return found
    if len(rest) == 1:
        raise ValueError("one sign too many")
    return found + bytes([rest[0] + 45 * rest[1]])  # ValueError when it is more than a byte


def hashes(uvci: str, country: str, alg: int, signature: bytes) -> Hashes:
    """The names in revocation lists. Of an ES256 signature (r, s) only r counts, because
    (r, n - s) is a signature as well."""
    half = signature[: len(signature) // 2] if alg == ES256 else signature
    return Hashes(*(_name(one) for one in (uvci.encode(), (country + uvci).encode(), half)))


def _name(data: bytes) -> str:
    return hashlib.sha256(data).digest()[:16].hex()


def unpack(text: str) -> Opened:
    """Open a text. Raises Fault and nothing else, whatever the text is."""
    header, unprotected, payload, signature = _message(_inflated(_decoded(text)))
    signed = _read(header, "cose", "bad_cose") if header else {}
    if not isinstance(signed, Mapping) or CRITICAL in signed:
        raise Fault("cose", "bad_cose")  # what is critical is to be understood (RFC 9052, 3.1)
    both = {**unprotected, **signed}
    alg, kid = both.get(ALG), both.get(KID, b"")
    if not (alg is None or _integer(alg)) or not isinstance(kid, bytes):
        raise Fault("cose", "bad_cose")
    return Opened(alg, kid, header, payload, signature, _claims(payload))


def _decoded(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise Fault("prefix", "bad_prefix")
    if len(text) > LONGEST_TEXT:
        raise Fault("base45", "too_large")
    body = text[len(PREFIX) :]
    try:
        return from_base45(body)
    except ValueError:
        raise Fault("base45", "bad_base45") from None


def _inflated(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(data, LARGEST + 1)
    except zlib.error:
        raise Fault("zlib", "bad_zlib") from None
    if len(found) > LARGEST:
        raise Fault("zlib", "too_large")
    if not stream.eof or stream.unused_data:
        raise Fault("zlib", "bad_zlib")
    return found


def _message(data: bytes) -> tuple[bytes, Mapping[Any, Any], bytes, bytes]:
    """The four parts of a COSE_Sign1: with its tag, without, or inside the tag of a CWT."""
    found = _cbor(data, "cose", "bad_cose")
    for tag in (CWT, SIGN1):
        if isinstance(found, cbor2.CBORTag) and found.tag == tag:
            found = found.value
    if not _is_list(found) or len(found) != 4:
        raise Fault("cose", "bad_cose")
    header, unprotected, payload, signature = found
    # Inside a tag cbor2 gives frozendict and tuple, so never ask for dict and list.
    if not isinstance(unprotected, Mapping) or not all(
        isinstance(part, bytes) for part in (header, payload, signature)
    ):
        raise Fault("cose", "bad_cose")
    return header, unprotected, payload, signature


def _claims(payload: bytes) -> Mapping[Any, Any]:
    found = _read(payload, "cwt", "bad_claims")
    if (
        not isinstance(found, Mapping)
        or not isinstance(found.get(ISSUER, ""), str)
        or not _number(found.get(EXPIRES))
        or not _number(found.get(ISSUED))
        or not isinstance(found.get(CERTIFICATES), Mapping)
        or not all(isinstance(one, Mapping) for one in found[CERTIFICATES].values())
    ):
        raise Fault("cwt", "bad_claims")
    return found


def _integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    return _integer(value) or isinstance(value, float)  # floats are real: Hungary, Spain


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _read(data: bytes, layer: str, reason: str) -> Any:
    try:
        return _plain(_cbor(data, layer, reason))
    except (TypeError, ValueError):  # a list as a key; not a plain value
        raise Fault(layer, reason) from None


def _text(value: object, _immutable: bool) -> object:
    return value


def _refused(_value: object, _immutable: bool) -> object:
    raise ValueError("no such tag is used here")


# Some countries tag their dates: they stay the text that they are. Every other tag that cbor2
# knows is refused: it makes regular expressions, huge numbers or lists that hold themselves.
_TAGS = dict.fromkeys((1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261,
                       43000, 55799), _refused) | {0: _text, 1004: _text}  # fmt: skip


def _cbor(data: bytes, layer: str, reason: str) -> Any:
    stream = BytesIO(data)
    decoder = cbor2.CBORDecoder(
        stream, semantic_decoders=_TAGS, max_depth=DEEPEST, allow_duplicate_keys=False
    )
    try:
        found = decoder.decode()
    except (cbor2.CBORDecodeError, TypeError, ValueError):
        raise Fault(layer, reason) from None
    if stream.read(1):
        raise Fault(layer, reason)
    return found


_SIMPLE = frozenset({str, int, bool, bytes, type(None)})


def _plain(value: Any) -> Any:
    """The value as dict, list and simple values. Raises ValueError for anything else, and for a
    number that is not finite: NaN is before and after every moment (a real certificate has it)."""
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, Mapping):
        return {_plain(key): _plain(one) for key, one in value.items()}
    if _is_list(value):
        return [_plain(one) for one in value]
    raise ValueError("not a plain value")
