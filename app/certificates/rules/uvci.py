"""The identifier of a certificate (UVCI): random, with a check sign. Pure."""

import re

UVCI_BYTES = 16
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_VALUES = {sign: value for value, sign in enumerate(_SIGNS)}
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
