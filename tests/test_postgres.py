"""The test database must not outlive the tests, however these end."""

import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tests.postgres import programs


@pytest.mark.skipif(programs() is None, reason="not run: no PostgreSQL on this machine")
def test_server_ends_when_its_caller_is_killed() -> None:
    caller = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    url = caller.stdout.readline().decode().strip()
    home = Path(parse_qs(urlsplit(url).query)["host"][0])
    with psycopg.connect(url, autocommit=True) as connection:
        caller.kill()
        caller.wait()
        wait_until_gone(home)
        with pytest.raises(psycopg.errors.AdminShutdown):
            connection.execute("select 1")


def wait_until_gone(home: Path) -> None:
    end = time.monotonic() + 20
    while home.exists():
        assert time.monotonic() < end, f"{home} is still there"
        time.sleep(0.05)
