"""No fault of a real list passes in silence (each kind by itself and mixed, from a seed)."""

import pytest

from bench.mess import run


@pytest.mark.parametrize("seed", [1, 2])
def test_no_fault_passes_in_silence(seed):
    found = run(600, seed)
    assert found["faults"] == 600 and found["kinds"] > 100
    assert found["silent"] == found["wrong_value"] == found["false_alarms"] == 0, found["passed"]
    assert found["recovered"] > 150 and found["suggested"] > 150
