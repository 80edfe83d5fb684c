"""Texts of certificates that are made wrong on purpose: any header, any payload, any coding."""

import zlib
from typing import Any

import base45
import cbor2

from app.certificates import envelope

KID = bytes.fromhex("0123456789abcdef")
CONTENT = {
    "ver": "1.3.0",
    "nam": {"fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Văn An", "gnt": "VAN<AN"},
    "dob": "1985-03-02",
    "v": [
        {
            "tg": "840539006",
            "vp": "1119349007",
            "mp": "EU/1/20/1528",
            "ma": "ORG-100030215",
            "dn": 2,
            "sd": 2,
            "dt": "2021-11-02",
            "co": "VN",
            "is": "Bộ Y tế",
            "ci": "URN:UVCI:01:VN:0123456789ABCDEF0123456789ABCDEF#B",
        }
    ],
}
ISSUED, EXPIRES = 1_640_000_000, 1_670_000_000


def coded(cose: bytes) -> str:
    """The text of any bytes."""
    return packed(zlib.compress(cose, 9))


def packed(data: bytes) -> str:
    """The text of bytes that are not to be compressed, or were already."""
    return envelope.PREFIX + base45.b45encode(data).decode()


def claims(**other: Any) -> dict[int, Any]:
    """The claims of a good certificate; iss, exp, iat, content or hcert to deviate."""
    return {
        1: other.get("iss", "VN"),
        4: other.get("exp", EXPIRES),
        6: other.get("iat", ISSUED),
        -260: other.get("hcert", {1: other.get("content", CONTENT)}),
    }


def message(
    protected: Any = None, unprotected: Any = None, payload: Any = None, signature: Any = b"s" * 64
) -> list[Any]:
    """The four parts of COSE; maps are coded, bytes and all else stay what they are."""
    header = {1: envelope.ES256, 4: KID} if protected is None else protected
    content = claims() if payload is None else payload
    return [
        cbor2.dumps(header) if isinstance(header, dict) else header,
        {} if unprotected is None else unprotected,
        cbor2.dumps(content) if isinstance(content, dict) else content,
        signature,
    ]


def text(*args: Any, **kwargs: Any) -> str:
    """A text with tag 18; see message."""
    return coded(cbor2.dumps(cbor2.CBORTag(18, message(*args, **kwargs))))


def cbor(value: Any) -> bytes:
    """As cbor2 writes it."""
    return cbor2.dumps(value)
