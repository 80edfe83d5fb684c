"""What the tests of certificates share."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.certificates import signing
from tests import build


@pytest.fixture
def keys(app: Flask, tmp_path) -> Iterator[signing.Key]:
    """The key that the application signs with."""
    before = app.extensions["signing"]
    yield build.signing_keys(app, tmp_path)
    app.extensions["signing"] = before
