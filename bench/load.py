"""How many doses and look-ups a second: the real server, PostgreSQL with fsync, concurrent desks.

One JSON line on standard output, progress on standard error. Afterwards the database must hold
exactly the doses that the answers told of; otherwise the exit code is 1.
"""

import argparse
import contextlib
import gzip
import itertools
import json
import logging
import os
import re
import secrets
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Flask

from app import create_app
from app.config import load
from app.db import db
from bench import checks, client
from bench.client import Answer, Sent
from bench.forms import Work
from bench.seed import make_tables, seed
from bench.serve import Server, Settings, busy_seconds, cpu_seconds, machine, serving
from tests.postgres import running_cluster

WARM_UP = 1.0  # seconds at the beginning of each phase that do not count
FASTEST = 3000  # requests a second that are prepared before a phase begins
POSTGRES = {
    "shared_buffers": "2GB", "max_wal_size": "16GB", "checkpoint_timeout": "15min",
    "maintenance_work_mem": "1GB", "max_connections": 100,
}  # fmt: skip
SHOWN = re.compile(rb"name=person value=\"?(\d+)")
SAVED = re.compile(rb"<p[^>]* role=status>[^<]*")


def say(text: str) -> None:
    """Progress, for people."""
    print(text, file=sys.stderr, flush=True)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Parameters; PEOPLE and SITES may come from the environment."""
    ask = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    env = os.environ
    ask.add_argument("--people", type=int, default=int(env.get("PEOPLE") or 100_000))
    ask.add_argument("--sites", type=int, default=int(env.get("SITES") or 1000))
    ask.add_argument("--seconds", type=float, default=10, help="of each phase")
    ask.add_argument("--runs", type=int, default=3)
    ask.add_argument("--doses", type=int, default=40, help="in a hundred requests of the mix")
    ask.add_argument("--connections", type=int, default=16)
    ask.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    ask.add_argument("--threads", type=int, default=4)
    ask.add_argument("--worker-class", help="sync, gthread; default: as the project ships")
    return ask.parse_args(argv)


def environment(url: str) -> dict[str, str]:
    """Settings of the application for a measurement."""
    return {
        "DATABASE_URL": url, "SECRET_KEY": secrets.token_hex(32), "DATA_KEY": secrets.token_hex(32),
    }  # fmt: skip


@contextlib.contextmanager
def made_nation(people: int, sites: int, **settings: str) -> Iterator[tuple[dict[str, str], Work]]:
    """A durable PostgreSQL with a nation in it: (settings of the application, its requests)."""
    with running_cluster(durable=True, **POSTGRES | settings) as url:
        env = environment(url)
        yield env, prepare(env, people, sites)
        db.close()


def prepare(env: dict[str, str], people: int, sites: int) -> Work:
    """Tables, reference data, a nation, and its requests."""
    os.environ.update(env)
    app = create_app(load())
    app.app_context().push()
    db.connect(reuse_if_open=True)
    make_tables()
    start = time.perf_counter()
    nation = seed(people, sites)
    say(f"{people:,} people at {sites:,} sites in {time.perf_counter() - start:.0f} s")
    return Work(_quiet(app), nation)


def _quiet(app: Flask) -> Flask:
    """The application in this process makes requests only; the log is for the real server."""
    logging.getLogger().handlers = []
    app.testing = True
    return app


class Phase(NamedTuple):
    """What one phase of a run showed; answers of the warm-up are not in `counted`. cpu_ms: of
    each party for an answer; by_others: the share of all processors that something else took."""

    counted: list[Answer]
    everything: list[Answer]
    seconds: float
    cpu_ms: dict[str, float]
    by_others: float

    def rate(self, kind: str) -> float:
        """Good answers of a kind in a second."""
        good = sum(1 for one in self.counted if one.kind == kind and one.status == 200)
        return good / self.seconds

    @property
    def cost(self) -> float:
        """Processor time of all parties for an answer, in ms."""
        return sum(self.cpu_ms.values())


def run_phase(
    server: Server, requests: Iterator[Sent], given: argparse.Namespace, postmaster: int
) -> Phase:
    """Drive the server for a while and look at the clocks of all three parties."""
    before, busy, start = _clocks(server, postmaster), busy_seconds(), time.perf_counter()
    answers = client.run(server.address, requests, WARM_UP + given.seconds, given.connections)
    spent = [b - a for a, b in zip(before, _clocks(server, postmaster), strict=True)]
    whole = (time.perf_counter() - start) * len(os.sched_getaffinity(0))
    by_others = max(0.0, (busy_seconds() - busy - sum(spent)) / whole)
    counted = [one for one in answers if WARM_UP <= one.at < WARM_UP + given.seconds]
    each = max(len(answers), 1) / 1000
    names = ("app", "postgres", "client")
    return Phase(
        counted, answers, given.seconds,
        {name: round(one / each, 3) for name, one in zip(names, spent, strict=True)}, by_others,
    )  # fmt: skip


def _clocks(server: Server, postmaster: int) -> tuple[float, float, float]:
    return cpu_seconds(server.pid), cpu_seconds(postmaster), time.process_time()


def hello_requests() -> Iterator[Sent]:
    """GET / for ever, with the headers of a browser."""
    lines = ("GET / HTTP/1.1", "Host: localhost", "Accept: text/html", "", "")
    return itertools.repeat(Sent("hello", "\r\n".join(lines).encode()))


def text_of(answer: Answer) -> bytes:
    """The page as a reader gets it."""
    packed = b"content-encoding: gzip" in answer.head.lower()
    return gzip.decompress(answer.body) if packed else answer.body


def saved(answer: Answer) -> bool:
    """Whether the answer says that a dose was saved: the line above the next person's field."""
    said = SAVED.search(text_of(answer))
    return bool(answer.status == 200 and said and re.search(rb"[CA]\d{4}", said[0]))


def found(answer: Answer) -> bool:
    """Whether the answer of a look-up shows the person whose number was asked for."""
    return answer.status == 200 and SHOWN.findall(text_of(answer)) == [str(answer.ref).encode()]


def postmaster_pid() -> int:
    """The server behind the present connection."""
    return int(db.execute_sql("select pg_read_file('postmaster.pid')").fetchone()[0].split()[0])


def measure(work: Work, given: argparse.Namespace, env: dict[str, str]) -> dict[str, list[Phase]]:
    """All phases of all runs, in turn, so that a slow minute of the machine meets them all."""
    settings = Settings(given.workers, given.threads, given.worker_class)
    postmaster = postmaster_pid()
    phases: dict[str, list[Phase]] = {"hello": [], "lookup": [], "dose": [], "mix": []}
    for run in range(given.runs):
        with serving("bench.hello", settings, env) as server:
            phases["hello"].append(run_phase(server, hello_requests(), given, postmaster))
        with serving("wsgi", settings, env) as server:
            for name, doses in (("lookup", 0), ("dose", 100), ("mix", given.doses)):
                requests = work.ahead(doses, int((given.seconds + WARM_UP) * FASTEST))
                phases[name].append(run_phase(server, requests, given, postmaster))
        say(
            f"run {run + 1}: " + ", ".join(_told(name, found[-1]) for name, found in phases.items())
        )
    return phases


def _told(name: str, phase: Phase) -> str:
    kinds = ("dose", "lookup") if name == "mix" else (name,)
    return f"{name} " + " + ".join(f"{phase.rate(kind):.0f}" for kind in kinds) + "/s"


def figures(phases: dict[str, list[Phase]]) -> dict[str, Any]:
    """Medians over the runs, with the least and the most."""
    rates = {
        "doses_per_s": [phase.rate("dose") for phase in phases["mix"]],
        "lookups_per_s": [phase.rate("lookup") for phase in phases["mix"]],
        "p50_ms": [_percentile(phase, 50) for phase in phases["mix"]],
        "p99_ms": [_percentile(phase, 99) for phase in phases["mix"]],
        "hello_rps": [phase.rate("hello") for phase in phases["hello"]],
        "dose_only_rps": [phase.rate("dose") for phase in phases["dose"]],
        "lookup_only_rps": [phase.rate("lookup") for phase in phases["lookup"]],
    }
    for name in ("dose", "lookup"):
        both = zip(phases[name], phases["hello"], strict=True)
        rates[f"{name}_to_hello"] = [a.rate(name) / b.rate("hello") for a, b in both]
        # The same by processor time: it holds better while others use the machine.
        both = zip(phases[name], phases["hello"], strict=True)
        rates[f"{name}_to_hello_by_cpu"] = [b.cost / a.cost for a, b in both]
    told = {name: _round(statistics.median(values)) for name, values in rates.items()}
    told["errors"] = sum(
        one.status != 200 for runs in phases.values() for phase in runs for one in phase.everything
    )
    for name in ("dose", "lookup", "hello"):
        told[f"cpu_ms_per_{name}"] = {
            part: round(statistics.median(phase.cpu_ms[part] for phase in phases[name]), 3)
            for part in phases[name][0].cpu_ms
        }
    told["taken_by_others"] = round(
        statistics.mean(phase.by_others for runs in phases.values() for phase in runs), 2
    )
    told["spread"] = {name: [_round(min(v)), _round(max(v))] for name, v in rates.items()}
    return told


def _percentile(phase: Phase, percent: int) -> float:
    took = sorted(one.took for one in phase.counted) or [0.0]
    return took[min(len(took) - 1, len(took) * percent // 100)] * 1000


def _round(value: float) -> float:
    return round(value, 3 if value < 10 else 0)


def complain(phases: dict[str, list[Phase]]) -> None:
    """Show the first answers that were not as they should be; all people are made up."""
    answers = (one for runs in phases.values() for phase in runs for one in phase.everything)
    for one in itertools.islice((one for one in answers if one.status != 200), 3):
        body = gzip.decompress(one.body) if one.body[:2] == b"\x1f\x8b" else one.body
        text = " ".join(re.sub(r"<[^>]*>", " ", body.decode(errors="replace")).split())
        say(f"{one.kind} {one.ref}: {one.status} after {one.at:.1f} s: {text[:400]}")


def main(argv: list[str] | None = None) -> int:
    """Measure, print, check."""
    given = arguments(argv)
    before = os.getloadavg()[0]
    with made_nation(given.people, given.sites) as (env, work):
        first = checks.start()
        phases = measure(work, given, env)
        complain(phases)
        answers = [one for runs in phases.values() for phase in runs for one in phase.everything]
        doses = [one.ref for one in answers if one.kind == "dose" and saved(one)]
        faults, counts = checks.check(first, doses)
        strange = [one.ref for one in answers if one.kind == "lookup" and not found(one)]
        if strange:
            faults.append(f"{len(strange)} look-ups did not show whom they asked for")
        version = db.execute_sql("show server_version").fetchone()[0].split()[0]
        line = figures(phases) | {
            "people": given.people, "sites": given.sites, "runs": given.runs,
            "seconds": given.seconds, "connections": given.connections,
            "workers": given.workers, "threads": given.threads,
            "worker_class": given.worker_class or "as shipped",
            "machine": machine(version) | {"load_before": before},
            "checked": counts,
        }  # fmt: skip
        print(json.dumps(line), flush=True)
    for fault in faults:
        say(f"WRONG: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
