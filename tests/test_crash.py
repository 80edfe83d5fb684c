"""Goal C2: a real server whose workers and database are killed loses no acknowledged dose."""

import json
import subprocess
import sys
from pathlib import Path

from tests.postgres import programs

HOUSE = Path(__file__).parent.parent


def test_no_acknowledged_dose_is_lost_or_doubled():
    assert programs(), "PostgreSQL was not tested"
    command = [sys.executable, "-m", "bench.crash", "--people", "3000", "--sites", "10"]
    done = subprocess.run(
        [*command, "--doses", "500"], cwd=HOUSE, capture_output=True, text=True, timeout=300
    )
    told = json.loads(done.stdout)
    assert told["wrong"] == [] and done.returncode == 0
    assert told["killed"]["worker"] > 1 and told["killed"]["database"] > 0
    assert told["checked"]["doses"] == told["sent"] == 500
