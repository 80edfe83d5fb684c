"""Messages leave exactly once although workers are killed: three workers empty a queue, two of them
are killed with SIGKILL on the way, and another one sends what these had claimed.

One JSON line on standard output; exit code 1 when a message was lost or left twice.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app import clock, create_app
from app.commands import send
from app.config import load
from app.db import add_many, db
from app.notices.models import Notice
from app.outbox import OutboxEvent, emit_many
from app.people.models import Person
from app.visits.models import Dose
from bench.load import POSTGRES, environment, say
from bench.seed import make_tables
from bench.serve import ROOT, machine
from tests import build
from tests.postgres import running_cluster

# Workers and the queue live at this hour, so that it is never night.
NOON = datetime(2021, 8, 12, 12)
KILLED_AT = (0.2, 0.4)  # parts of the queue that have left when a worker is killed
WORKERS = 3
ROWS = 500


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Parameters."""
    ask = argparse.ArgumentParser(prog="python -m bench.send", description=__doc__)
    ask.add_argument("--messages", type=int, default=10_000)
    ask.add_argument("--worker", action="store_true", help="be one of the workers")
    return ask.parse_args(argv)


def fill(messages: int) -> None:
    """So many people with a dose of half an hour ago, told to the outbox."""
    with clock.frozen(NOON - timedelta(minutes=30)):
        here = build.session(build.country()[2])
        lot, now = build.holding(here.unit), clock.now()
        for start in range(0, messages, ROWS):
            size = min(ROWS, messages - start)
            people = add_many(Person, [_person(start + n, now) for n in range(size)])
            doses = [_dose(person, here, lot, now) for person in people]
            emit_many("dose.recorded", [{"dose": key} for key in add_many(Dose, doses)])


def _person(n: int, now: datetime) -> dict[str, Any]:
    names = dict.fromkeys(("name", "folded", "sound", "sort_key"), f"N{n}")
    return names | {"sex": "F", "dob_year": 1980, "phone": f"09{n:08}", "created_at": now}


def _dose(person: int, here: Any, lot: Any, now: datetime) -> dict[str, Any]:
    return {
        "person": person, "unit": here.unit_id, "session": here.id, "holding": lot.id,
        "product": "COMIRNATY", "lot_number": "A", "kind": "CO_BAN", "seq": 1, "overall": 1,
        "body_part": "left_arm", "given_at": now, "recorded_by": here.created_by_id,
        "recorded_at": now, "warnings": "[]",
    }  # fmt: skip


def work() -> None:
    """Be a worker: `flask send --once` at noon."""
    with create_app(load()).app_context(), clock.frozen(NOON):
        send.command.callback(once=True)


class Crew:
    """Workers that empty the queue of a database into a folder."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.folder = folder
        self.env = os.environ | env | {"SMS_GATEWAY": f"file://{folder}"}

    def start(self) -> subprocess.Popen[bytes]:
        """One more worker."""
        command = [sys.executable, "-m", "bench.send", "--worker"]
        return subprocess.Popen(command, cwd=ROOT, env=self.env)

    def left(self) -> int:
        """How many messages have left."""
        names = os.listdir(self.folder) if self.folder.exists() else []
        return sum(not name.startswith(".") for name in names)

    def kill(self, worker: subprocess.Popen[bytes], at: float) -> bool:
        """Kill it when so many messages have left; false when it was done before."""
        while self.left() < at:
            if worker.poll() is not None:
                return False
            time.sleep(0.03)
        worker.send_signal(signal.SIGKILL)
        return worker.wait() == -signal.SIGKILL


def run(env: dict[str, str], messages: int, folder: Path) -> dict[str, Any]:
    """Send them all; what was seen, and under "wrong" what must not be."""
    crew, started = Crew(env, folder), time.perf_counter()
    workers = [crew.start() for _ in range(WORKERS)]
    killed = [
        crew.kill(worker, messages * part) for worker, part in zip(workers, KILLED_AT, strict=False)
    ]
    ended = [worker.wait() for worker in workers[len(killed) :]]
    seconds = time.perf_counter() - started
    # Nobody waits four minutes here: the leases of those who were killed end now.
    with clock.frozen(NOON):
        held = Notice.update(next_try_at=clock.now()).where(Notice.state == "waiting").execute()
    ended.append(crew.start().wait())
    return {
        "messages": messages, "workers": WORKERS, "killed": sum(killed), "held_by_killed": held,
        "claimed_twice": Notice.select().where(Notice.attempts > 1).count(),
        "seconds": round(seconds, 1), "per_second": round((messages - held) / seconds),
        "wrong": faults(crew, messages, ended),
    }  # fmt: skip


def faults(crew: Crew, messages: int, ended: list[int]) -> list[str]:
    """What is not as it must be."""
    states = Counter(row.state for row in Notice.select(Notice.state))
    references = {row.reference for row in Notice.select(Notice.reference)}
    files = list(crew.folder.glob("[!.]*"))
    phones = {json.loads(file.read_text())["to"] for file in files}
    waiting = OutboxEvent.select().where(OutboxEvent.done_at.is_null()).count()
    found = {
        f"states are {dict(states)}": states != {"sent": messages},
        f"{len(files)} messages left": {file.stem for file in files} != references,
        f"{len(phones)} telephones got one": len(phones) != messages,
        f"{waiting} events wait": waiting != 0,
        f"workers ended with {ended}": any(ended),
    }
    return [text for text, wrong in found.items() if wrong]


def main(argv: list[str] | None = None) -> int:
    """Measure, print, check."""
    given = arguments(argv)
    if given.worker:
        work()
        return 0
    with running_cluster(durable=True, **POSTGRES) as url, tempfile.TemporaryDirectory() as out:
        env = environment(url)
        app = create_app(load(env))
        with app.app_context(), db.connection_context():
            make_tables()
            fill(given.messages)
            say("sending")
            told = run(env, given.messages, Path(out))
            version = db.execute_sql("show server_version").fetchone()[0].split()[0]
        db.close()
    print(json.dumps(told | {"machine": machine(version)}), flush=True)
    return 1 if told["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
