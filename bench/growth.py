"""Whether a dose and a look-up cost more when the nation is larger (goal B3).

    python -m bench.growth --from 100000 --to 10000000

Both nations are there at once and are asked in turn by one client, so that a slow minute of the
machine meets both. One JSON line on standard output; exit code 1 when a ratio is over 1.3.
"""

import argparse
import itertools
import json
import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

from bench import client
from bench.client import Sent
from bench.load import made_nation, postmaster_pid, say
from bench.serve import Server, Settings, cpu_seconds, serving

MOST = 1.3
KINDS = {"lookup": 0, "dose": 100}
FASTEST = 500  # requests a second of one client


class Place(NamedTuple):
    """A nation that is being asked."""

    people: int
    server: Server
    postmaster: int
    requests: dict[str, Iterator[Sent]]


def arguments() -> argparse.Namespace:
    """Parameters."""
    ask = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    ask.add_argument("--from", type=int, default=100_000, dest="few")
    ask.add_argument("--to", type=int, default=10_000_000, dest="many")
    ask.add_argument("--sites", type=int, default=1000)
    ask.add_argument("--seconds", type=float, default=5, help="of each look")
    ask.add_argument("--runs", type=int, default=4)
    return ask.parse_args()


def place(stack: ExitStack, people: int, given: argparse.Namespace) -> Place:
    """Make a nation, its requests and its server, until the stack ends."""
    env, work = stack.enter_context(made_nation(people, given.sites))
    number = int(given.seconds * given.runs * FASTEST)
    requests = {
        kind: iter(list(itertools.islice(work.ahead(doses, number), number)))
        for kind, doses in KINDS.items()
    }
    server = stack.enter_context(serving("wsgi", Settings(1, 8), env))
    return Place(people, server, postmaster_pid(), requests)


def look(at: Place, kind: str, seconds: float) -> dict[str, float]:
    """Median time of an answer, and processor time of both parties for each, in ms."""
    before = cpu_seconds(at.server.pid), cpu_seconds(at.postmaster)
    answers = client.run(at.server.address, at.requests[kind], seconds, connections=1)
    assert answers and all(one.status == 200 for one in answers), f"{kind}: wrong answers"
    spent = cpu_seconds(at.server.pid) - before[0], cpu_seconds(at.postmaster) - before[1]
    each = len(answers) / 1000
    return {
        "ms": statistics.median(one.took for one in answers) * 1000,
        "app_cpu_ms": spent[0] / each,
        "postgres_cpu_ms": spent[1] / each,
    }


def compare(places: list[Place], given: argparse.Namespace) -> dict[str, Any]:
    """Medians over the runs, and large to small."""
    seen: dict[tuple[str, int], list[dict[str, float]]] = {}
    for at, kind in itertools.product(places, KINDS):
        look(at, kind, 1)  # warm
    for _ in range(given.runs):
        for kind, at in itertools.product(KINDS, places):
            seen.setdefault((kind, at.people), []).append(look(at, kind, given.seconds))
    found: dict[str, Any] = {}
    for kind in KINDS:
        for name in ("ms", "app_cpu_ms", "postgres_cpu_ms"):
            few, many = (
                statistics.median(one[name] for one in seen[kind, at.people]) for at in places
            )
            found[f"{kind}_{name}"] = [round(few, 2), round(many, 2)]
        found[f"{kind}_ratio"] = round(found[f"{kind}_ms"][1] / found[f"{kind}_ms"][0], 2)
    return found


def main() -> int:
    """Measure and print."""
    given = arguments()
    with ExitStack() as stack:
        places = [place(stack, people, given) for people in (given.few, given.many)]
        load = os.getloadavg()[0]
        say(f"load average {load:.1f}")
        found = compare(places, given)
    people = [given.few, given.many]
    print(json.dumps({"people": people, **found, "most": MOST, "load_before": load}))
    return int(any(found[f"{kind}_ratio"] > MOST for kind in KINDS))


if __name__ == "__main__":
    sys.exit(main())
