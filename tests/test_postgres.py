"""The test database must not outlive the tests, however these end."""

import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.postgres import programs


@pytest.mark.skipif(programs() is None, reason="not run: no PostgreSQL on this machine")
def test_server_ends_when_its_caller_is_killed() -> None:
    caller = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    url = caller.stdout.readline().decode()
    home = Path(parse_qs(urlsplit(url).query)["host"][0])
    server = int((home / "data" / "postmaster.pid").read_text().split()[0])
    caller.kill()
    caller.wait()
    end = time.monotonic() + 20
    while home.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not home.exists()
    assert not Path(f"/proc/{server}").exists()
