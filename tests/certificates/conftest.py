"""What the tests of certificates share."""

import pytest
from flask import Flask

from app.certificates import signing
from tests import build


@pytest.fixture
def keys(app: Flask, tmp_path, monkeypatch: pytest.MonkeyPatch) -> signing.Key:
    """The key that the application signs with."""
    # Noted by monkeypatch, so that whatever a test sets itself is undone before.
    monkeypatch.setitem(app.extensions, "signing", app.extensions["signing"])
    return build.signing_keys(app, tmp_path)
