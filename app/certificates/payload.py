"""What the QR on a slip holds: the one place that decides it."""

from typing import Protocol
from urllib.parse import urlsplit


class Coded(Protocol):
    """Whatever carries the code of a slip."""

    @property
    def code(self) -> str:
        """The code, in its normal form."""


def content(slip: Coded, public_url: str) -> str:
    """The address of the slip's verification page, below `public_url` ("https://host" or with a
    path). All in capitals where that means the same: such a QR is smaller and read from farther."""
    parts = urlsplit(public_url)
    origin = f"{parts.scheme}://{parts.netloc}".upper()
    return f"{origin}{parts.path.rstrip('/')}/X/{slip.code}"
