"""Where the time of a dose and of a look-up goes: Python by function, PostgreSQL by statement.

    python -m bench.parts --people 100000 [--profile]

The same requests as in bench.load, one after another in this process, without server and sockets.
"""

import cProfile
import io
import os
import pstats
import sys
import time
from collections import Counter
from threading import Thread
from typing import Any

from flask import Flask

from app.db import db
from bench.client import Sent
from bench.forms import Work
from bench.load import arguments, made_nation, say

TIMED, WATCHED = 300, 40


def environ(sent: Sent) -> dict[str, Any]:
    """A request as the server hands it to the application."""
    head, _, body = sent.data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split()
    given = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for line in lines:
        name, _, value = line.partition(": ")
        key = name.upper().replace("-", "_")
        given[key if key.startswith("CONTENT") else f"HTTP_{key}"] = value
    return given


def call(app: Flask, sent: Sent) -> tuple[str, int]:
    """(status, bytes) of one request."""
    seen: list[str] = []
    answer = app.wsgi_app(environ(sent), lambda status, *_: seen.append(status))
    size = sum(len(piece) for piece in answer)
    answer.close()  # type: ignore[attr-defined]
    return seen[0], size


def look(app: Flask, kind: str, work: Work, profile: bool) -> None:
    """Print what one kind of request costs."""
    requests = work.ahead(100 if kind == "dose" else 0, 3 * TIMED + WATCHED)
    for _ in range(TIMED):
        call(app, next(requests))
    db.execute_sql("select pg_stat_statements_reset()")
    statuses: Counter[str] = Counter()
    before, wall = time.thread_time(), time.perf_counter()
    for _ in range(TIMED):
        statuses[call(app, next(requests))[0]] += 1
    spent, took = time.thread_time() - before, time.perf_counter() - wall
    python, whole = spent / TIMED * 1000, took / TIMED * 1000
    print(f"\n== {kind}: {python:.2f} ms of Python, {whole:.2f} ms in all; {dict(statuses)}")
    _statements(TIMED)
    size = call(app, next(requests))
    print(f"an answer: {size[1]} bytes packed")
    if profile:
        _functions(app, [next(requests) for _ in range(TIMED)])


def _statements(times: int) -> None:
    rows = db.execute_sql(
        "select calls, total_exec_time, total_plan_time, query from pg_stat_statements"
        " where query not like '%%pg_stat_statements%%' order by total_exec_time + total_plan_time"
        " desc"
    ).fetchall()
    number, done, planned = (sum(row[n] for row in rows) / times for n in range(3))
    print(f"{number:.1f} statements, {done:.3f} + {planned:.3f} ms of PostgreSQL to do and to plan")
    for calls, done, planned, query in rows:
        spent = f"{done / times:7.3f} + {planned / times:.3f} ms"
        print(f"  {calls / times:5.2f} x  {spent}  {' '.join(query.split())[:150]}")


def _functions(app: Flask, requests: list[Sent]) -> None:
    watch = cProfile.Profile()
    watch.enable()
    for request in requests:
        call(app, request)
    watch.disable()
    for order, lines in (("cumulative", 90), ("tottime", 30)):
        pstats.Stats(watch, stream=sys.stdout).strip_dirs().sort_stats(order).print_stats(lines)


def main() -> int:
    """Make a nation and look at both kinds of requests."""
    argv = sys.argv[1:]
    profile = "--profile" in argv
    given = arguments([word for word in argv if word != "--profile"])
    watched = {
        "shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track_planning": "on"
    }  # fmt: skip
    with made_nation(given.people, given.sites, **watched) as (_env, work):
        db.execute_sql("create extension if not exists pg_stat_statements")
        work.app.testing = False
        say(f"load average {os.getloadavg()[0]:.1f}")
        for kind in ("lookup", "dose"):
            # A thread has its own connection, as in the server, and gives it back each time.
            thread = Thread(target=look, args=(work.app, kind, work, profile))
            thread.start()
            thread.join()
    return 0


if __name__ == "__main__":
    sys.exit(main())
