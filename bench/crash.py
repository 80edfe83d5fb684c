"""Goal C2: doses are sent while workers and the database are killed with SIGKILL; whatever was not
answered is sent again, byte for byte, as a browser does. Every dose must be there exactly once.

One JSON line on standard output; exit code 1 when something was lost, doubled or torn.
"""

import argparse
import itertools
import json
import os
import signal
import sys
import threading
import time
from typing import Any

import psycopg

from app.db import db
from bench import checks, client
from bench.client import Answer, Sent
from bench.forms import Work
from bench.load import made_nation, saved, say
from bench.serve import Server, Settings, children, machine, serving

PAUSE = 0.7  # seconds between two kills
MOST_KILLS = 15
MOST_TRIES = 8


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Parameters."""
    ask = argparse.ArgumentParser(prog="python -m bench.crash", description=__doc__)
    ask.add_argument("--people", type=int, default=5000)
    ask.add_argument("--sites", type=int, default=20)
    ask.add_argument("--doses", type=int, default=2000)
    ask.add_argument("--connections", type=int, default=8)
    return ask.parse_args(argv)


class Killer(threading.Thread):
    """Kills a worker, and every third time a process of the database, which then recovers as
    after a power cut."""

    def __init__(self, server: Server, url: str) -> None:
        super().__init__(daemon=True)
        self.server, self.url, self.done = server, url, threading.Event()
        self.kills = {"worker": 0, "database": 0}

    def run(self) -> None:
        """Until all is sent, or until a slow machine could not get anything done in between."""
        for turn in range(1, MOST_KILLS + 1):
            if self.done.wait(PAUSE):
                return
            kind, pid = (
                ("database", self._backend()) if turn % 3 == 0 else ("worker", self._worker())
            )
            if pid:
                os.kill(pid, signal.SIGKILL)
                self.kills[kind] += 1

    def _worker(self) -> int:
        return max(children(self.server.pid), default=0)

    def _backend(self) -> int:
        """A process of the database that serves the application."""
        try:
            with psycopg.connect(self.url, autocommit=True) as line:
                row = line.execute(
                    "select pid from pg_stat_activity where backend_type = 'client backend'"
                    " and pid <> pg_backend_pid() limit 1"
                ).fetchone()
        except psycopg.OperationalError:
            return 0  # it is just recovering
        return row[0] if row else 0


def send(server: Server, doses: list[Sent], connections: int) -> dict[int, Answer]:
    """Send each dose until an answer says that it was saved; person → that answer."""
    answered: dict[int, Answer] = {}
    for attempt in range(MOST_TRIES):
        left = [one for one in doses if one.ref not in answered]
        if not left:
            break
        if attempt:
            say(f"{len(left)} sent again")
            time.sleep(1)
        for one in client.run(server.address, iter(left), 600, connections):
            if saved(one):
                answered[one.ref] = one
    return answered


def crash(work: Work, env: dict[str, str], given: argparse.Namespace) -> dict[str, Any]:
    """Run it; what was seen, and under "wrong" what must not be."""
    first = checks.start()
    doses = list(itertools.islice(work.doses, given.doses))
    db.close()  # the killer may choose any line that is open
    with serving("wsgi", Settings(2, 4), env) as server:
        killer = Killer(server, env["DATABASE_URL"])
        killer.start()
        answered = send(server, doses, given.connections)
        killer.done.set()
        killer.join()
    db.connect(reuse_if_open=True)
    faults, counts = checks.check(first, list(answered))
    if len(answered) != len(doses):
        faults.append(f"{len(doses) - len(answered)} doses were never answered")
    return {"sent": len(doses), "killed": killer.kills, "checked": counts, "wrong": faults}


def main(argv: list[str] | None = None) -> int:
    """Measure, print, check."""
    given = arguments(argv)
    with made_nation(given.people, given.sites) as (env, work):
        told = crash(work, env, given)
        version = db.execute_sql("show server_version").fetchone()[0].split()[0]
        print(json.dumps(told | {"machine": machine(version)}), flush=True)
    return 1 if told["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
