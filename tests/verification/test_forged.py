"""A hundred thousand forged certificates, and none is accepted."""

import pytest

from app.verification import verifier
from tests.verification.forging import TRICKS, WAYS, forge, mutants, originals

PART = 25_000  # in four tests, so that a failure names its seed


@pytest.mark.parametrize("seed", range(1, 5))
def test_no_forged_certificate_is_accepted(seed):
    found = forge(PART, seed)
    assert found["mutants"] == PART == found["same"] + sum(found["layers"].values())
    assert found["accepted"] == []
    assert set(found["layers"]) >= {
        "prefix",
        "base45",
        "zlib",
        "cose",
        "cwt",
        "signer",
        "signature",
    }
    # Few are the certificate itself in another envelope: the others are really forged.
    assert 0 < found["same"] < PART // 20


def test_a_verifier_that_believes_is_noticed(monkeypatch):
    """What is counted is counted: without the check of signatures forged ones pass."""
    monkeypatch.setattr(verifier, "_signed", lambda key, opened: True)
    assert len(forge(500, 1)["accepted"]) > 50


def test_every_way_is_gone():
    assert {how for how, _ in mutants(500, 1, originals())} == {way.__name__ for way, _ in WAYS}
    assert len(TRICKS) == 11
