"""Whether lists of a hundred thousand people stream in constant memory (goal B5).

    python -m bench.lists --people 100000

One site cares for all of them; one worker of the real server sends each list, as paper and as a
file. One JSON line for each list and size on standard output: rows, bytes, seconds until the first
and the last byte, and the memory of the worker. Exit code 1 when a list takes more than MOST_MB
over what the worker had before.
"""

import argparse
import http.client
import json
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.forms import Desk
from bench.load import made_nation, say
from bench.serve import Server, Settings, children, machine, serving

MOST_MB = 64
KINDS = ("due", "police")
FORMS = ("print", "xlsx", "csv")


def arguments() -> argparse.Namespace:
    """Parameters."""
    ask = argparse.ArgumentParser(prog="python -m bench.lists", description=__doc__)
    ask.add_argument("--people", type=int, nargs="+", default=[1_000, 100_000])
    return ask.parse_args()


def memory(pid: int, what: str) -> float:
    """VmRSS or VmHWM of a process, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


def forget_peak(pid: int) -> None:
    """Let VmHWM begin anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def fetch(server: Server, desk: Desk, path: str, form: dict[str, Any] | None = None) -> Any:
    """(answer, bytes, seconds to the first and to the last byte); nothing of it is kept."""
    line, start = http.client.HTTPConnection(*server.address, timeout=600), time.perf_counter()
    headers = {"Cookie": desk.cookie, "Accept-Encoding": "gzip"}
    body = None
    if form is not None:
        body = urlencode({**form, "csrf_token": desk.token, "key": secrets.token_urlsafe(16)})
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    line.request("POST" if body else "GET", path, body, headers)
    answer, size, first = line.getresponse(), 0, 0.0
    while piece := answer.read(65536):
        first = first or time.perf_counter() - start
        size += len(piece)
    line.close()
    return answer, size, round(first, 2), round(time.perf_counter() - start, 2)


def addresses(server: Server, desk: Desk) -> Iterator[tuple[str, str, str]]:
    """(kind, form, address) of each list."""
    answer, *_sizes = fetch(server, desk, "/lists/police", {})
    assert answer.status == 303, f"no list for the police: {answer.status}"
    run = answer.getheader("Location").rpartition("/")[0]
    for form in FORMS:
        yield "police", form, f"{run}/{form}"
        yield "due", form, f"/lists/due/{form}?on=31/12/2030"


def rows(desk: Desk) -> int:
    """What the audit says went out last."""
    from app.audit import AuditEntry

    query = AuditEntry.select().where(AuditEntry.action == "print", AuditEntry.noun == "list")
    return int(query.order_by(AuditEntry.id.desc()).get().detail["rows"])


def measure(people: int) -> Iterator[dict[str, Any]]:
    """Every list of a site that cares for so many people."""
    with made_nation(people, 1) as (env, work), serving("wsgi", Settings(1, 4), env) as server:
        desk, (worker,) = work.desks[0], children(server.pid)
        say(f"{people:,} people: {machine('')['cpu']}")
        fetch(server, desk, "/lists/due")  # what a worker loads at its first page is not the list's
        for kind, form, path in addresses(server, desk):
            forget_peak(worker)
            before = memory(worker, "VmRSS")
            answer, size, first, last = fetch(server, desk, path)
            assert answer.status == 200, f"{path}: {answer.status}"
            yield {
                "list": kind, "form": form, "people": people, "rows": rows(desk), "bytes": size,
                "first_byte_s": first, "last_byte_s": last, "before_mb": round(before, 1),
                "peak_mb": round(memory(worker, "VmHWM"), 1),
            }  # fmt: skip


def main() -> int:
    """Measure, print, judge."""
    faults = 0
    for people in arguments().people:
        for line in measure(people):
            print(json.dumps(line), flush=True)
            faults += line["peak_mb"] - line["before_mb"] > MOST_MB
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
