"""The identifier of a certificate (UVCI): random, with a check sign. Pure."""

import re
import unicodedata
from typing import Any

UVCI_BYTES = 16
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_VALUES = {sign: value for value, sign in enumerate(_SIGNS)}
# What stands between the signs when it is typed or read aloud; none of it is a sign.
_BETWEEN = re.compile(r"[\s\-\u00ad\u2010-\u2015\u200b-\u200d\u2060\ufeff]")
_BEGINNING = re.compile(r"(?:(?:URN:)?UVCI:)?(?:\d\d:)?(?:([A-Z]{2}):)?")
_RANDOM = re.compile(r"[0-9A-F]{32}")
_MISREAD = str.maketrans("OIL", "011")
_OURS = re.compile(r"URN:UVCI:01:VN:[0-9A-F]{32}#[A-Z0-9/:]")


def uvci(chance: bytes) -> str:
    """A new identifier from 16 random bytes. Nothing of the person or of a row is in it."""
    text = f"URN:UVCI:01:VN:{chance.hex().upper()}"
    return f"{text}#{check_sign(text)}"


def check_sign(text: str) -> str:
    """Luhn modulo 38 over the whole text, "URN:UVCI:" included (eHealth Network, annex 2)."""
    values = [_VALUES[sign] for sign in reversed(text)]
    # Every second one is doubled, and the two digits of the product are added.
    doubled = sum(2 * value // 38 + 2 * value % 38 for value in values[::2])
    return _SIGNS[-(doubled + sum(values[1::2])) % 38]


def is_uvci(text: str) -> bool:
    """Whether this is an identifier as we make them. Others are never refused for their form."""
    return bool(_OURS.fullmatch(text)) and text[-1] == check_sign(text[:-2])


class NoUvci(Exception):
    """Why a text is no identifier of ours: a reason code and its values."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def typed_uvci(text: str) -> str:
    """What somebody typed as an identifier is printed: in small letters, with spaces, without
    "URN:UVCI:01:VN:", without the check sign; O read as 0, I and L as 1. Raises NoUvci."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    body, mark, sign = plain.partition("#")
    begun = _BEGINNING.match(body)
    if begun and begun[1] not in (None, "VN"):
        raise NoUvci("uvci_foreign", country=begun[1])
    body = body[begun.end() :] if begun else body
    if not mark and len(body) == 2 * UVCI_BYTES + 1:
        body, sign = body[:-1], body[-1]
    digits = body.translate(_MISREAD)
    if not _RANDOM.fullmatch(digits):
        raise NoUvci("uvci_form", n=len(body))
    whole = f"URN:UVCI:01:VN:{digits}"
    if sign and sign != check_sign(whole):
        raise NoUvci("uvci_check")
    return f"{whole}#{check_sign(whole)}"
