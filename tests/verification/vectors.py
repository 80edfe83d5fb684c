"""The public test data of the EU (shared/vectors/dcc), which the project did not write."""

import base64
import json
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.verification.verifier import Trusted, trusted_from
from tests.vectors import FOLDER


def files() -> list[Path]:
    """Every vector."""
    return sorted((FOLDER / "dcc").rglob("*.json"))


def name(path: Path) -> str:
    """ "AT/1", "common/CO13"."""
    parts = path.relative_to(FOLDER / "dcc").parts
    return f"{parts[0]}/{path.stem}"


def needed() -> None:
    """Skip, and say so, where the vectors are not."""
    if not files():
        pytest.skip(f"no test vectors in {FOLDER} (VECTORS_DIR says where they are)")


class Vector(NamedTuple):
    """A vector: expected is layer -> whether it passes, as far as the vector says."""

    text: str
    signer: Trusted
    at: datetime
    expected: dict[str, bool]
    content: Any


# The words of the vectors for the layers of the verifier: it must not fail before, and must fail
# at one of these when the word says so.
LAYERS = {
    "UNPREFIX": ("prefix",),
    "B45DECODE": ("base45",),
    "COMPRESSION": ("zlib",),
    "DECODE": ("cose", "cwt"),
    "VERIFY": ("cose", "signer", "signature"),
    "EXPIRATIONCHECK": ("time",),
    "KEYUSAGE": ("usage",),
    "SCHEMAVALIDATION": ("schema",),
}


def load(path: Path) -> Vector:
    """Read a vector."""
    told = json.loads(path.read_text())
    context = told["TESTCTX"]
    expected = {
        word.removeprefix("EXPECTED"): bool(value)
        for word, value in told["EXPECTEDRESULTS"].items()
    }
    signer = trusted_from(base64.b64decode(context["CERTIFICATE"]))
    return Vector(
        told["PREFIX"], signer, moment(context["VALIDATIONCLOCK"]), expected, told.get("JSON")
    )


def moment(text: str) -> datetime:
    """A time of any of the shapes that the vectors have, as naive UTC."""
    day, rest = text[:10], text[11:]
    clock, zone = re.fullmatch(r"(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)", rest).groups()
    found = datetime.fromisoformat(f"{day}T{clock}{zone.replace('Z', '+0000')}")
    return found.astimezone(timezone.utc).replace(tzinfo=None)
