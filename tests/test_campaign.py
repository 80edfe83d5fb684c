"""The simulated campaign (goal C3) in small: it holds, and it notices when the service does not."""

import pytest
from flask import Flask

from app.closing import rules
from bench import campaign
from bench.campaign import Campaign, Wrong


def test_every_dose_comes_to_light(app: Flask) -> None:
    counts = Campaign(sites=2, days=2, people=12, seed=3).run()
    assert counts["sessions"] == 4 and counts["people received"] == 48
    assert 0 < counts["forgotten"] == counts["entered late"]
    assert counts["gaps on a first page"] >= 1 and counts["closings refused"] >= 1


def hidden(monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """Single doses, many forgotten, many counts that are one too low: in one session these two
    are equal and opposite."""
    monkeypatch.setattr(campaign, "PEOPLE", {"dose": 900, "forget": 100})
    monkeypatch.setattr(campaign, "CLERK", {"right": 800, "types too little": 200})
    monkeypatch.setattr(campaign, "BREAKS", 0)
    monkeypatch.setattr(campaign, "VIAL", 1)
    return Campaign(sites=1, days=3, people=10, seed=1)


def test_a_dose_that_a_wrong_count_hides_is_missing_in_the_store(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = hidden(monkeypatch).run()
    assert counts["hidden by a wrong count"] == counts["opened again"] == 1
    assert counts["forgotten"] == counts["entered late"] == 3


def test_a_session_that_closes_with_a_gap_is_noticed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "differences", lambda lots: [])
    with pytest.raises(Wrong, match="missing"):
        Campaign(sites=2, days=2, people=12, seed=3).run()


def test_a_gap_that_nobody_is_shown_is_noticed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "open_sessions", lambda *_asked: [])
    with pytest.raises(Wrong, match="first page"):
        Campaign(sites=2, days=2, people=12, seed=3).run()
