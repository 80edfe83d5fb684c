"""The identifier of a certificate (UVCI): random, with a check sign. Pure."""

import re

UVCI_BYTES = 16
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_OURS = re.compile(r"URN:UVCI:01:VN:[0-9A-F]{32}#[A-Z0-9/:]")


def uvci(chance: bytes) -> str:
    """A new identifier from 16 random bytes. Nothing of the person or of a row is in it."""
    text = f"URN:UVCI:01:VN:{chance.hex().upper()}"
    return f"{text}#{check_sign(text)}"


def check_sign(text: str) -> str:
    """Luhn modulo 38 over the whole text, "URN:UVCI:" included (eHealth Network, annex 2)."""
    total, factor = 0, 2
    for sign in reversed(text):
        product = factor * _SIGNS.index(sign)
        total += product // len(_SIGNS) + product % len(_SIGNS)
        factor = 3 - factor
    return _SIGNS[-total % len(_SIGNS)]


def is_uvci(text: str) -> bool:
    """Whether this is an identifier as we make them. Others are never refused for their form."""
    return bool(_OURS.fullmatch(text)) and text[-1] == check_sign(text[:-2])
