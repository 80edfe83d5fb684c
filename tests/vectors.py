"""Test data from outside: where it lies, and skipping where it does not."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FOLDER = Path(os.environ.get("VECTORS_DIR") or ROOT.parent / "shared" / "vectors")


def read(name: str) -> Any:
    """A JSON file of the vectors; skips the test with the reason where there are none."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"no test vectors: {path} (set VECTORS_DIR)")
    return json.loads(path.read_text())
