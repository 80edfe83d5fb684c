"""No fault of a real list passes in silence (each kind by itself and mixed, from a seed)."""

import pytest

from app.imports.kinds import lines, row
from bench.mess import run


@pytest.mark.parametrize("seed", [1, 2])
def test_no_fault_passes_in_silence(seed):
    found = run(600, seed)
    assert found["faults"] == 600 and found["kinds"] > 100
    assert found["files_wrong"] == 0, found["by_kind"]
    assert found["silent"] == found["wrong_value"] == found["false_alarms"] == 0, found["passed"]
    assert found["recovered"] > 150 and found["suggested"] > 150


def test_the_program_notices_when_a_rule_is_broken(monkeypatch):
    monkeypatch.setattr(row, "_no_value", lambda text: None)
    monkeypatch.setattr(lines, "_repeated", lambda cells, above: {})
    found = run(600, 1)
    assert found["silent"] > 0 and any("error" in fault for fault in found["passed"])
    assert found["files_wrong"] > 0
