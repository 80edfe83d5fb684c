"""What the machines ask: is the process alive, can it serve, what has it done."""

import bisect
import logging
import time
from collections.abc import Iterator
from functools import cache

import psycopg
from flask import Flask, Response, abort, g, request
from peewee import InterfaceError, OperationalError, PeeweeException
from playhouse.pool import MaxConnectionsExceeded

from app.cli import MIGRATIONS
from app.counters import Counters
from app.db import db
from app.web import no_database, page, public, unexpected

BOUNDS = (0.03, 0.1, 0.3, 1.0, 3.0)  # seconds; 0.3 is what 99 of 100 should stay below
CLASSES = ("2xx", "3xx", "4xx", "5xx")
WIDTH = len(CLASSES) + len(BOUNDS) + 2  # of a group: answers by class, by time, and the time
# Statements that are written in SQL raise the driver's own errors.
AWAY = (
    OperationalError, InterfaceError, MaxConnectionsExceeded, psycopg.OperationalError,
    psycopg.InterfaceError,
)  # fmt: skip
log = logging.getLogger("app.ops")
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")


@public
@no_database
def healthz() -> Response:
    """200 as long as the process answers."""
    return _plain("ok\n")


@public
@no_database
def readyz() -> Response:
    """200 when the database answers and has the shape that this program needs, 503 otherwise."""
    try:
        db.execute_sql("select 1")
    except Exception:
        return _plain("database\n", 503)
    try:
        applied = {row[0] for row in db.execute_sql("select name from schema_migration")}
    except PeeweeException:
        applied = set()
    return _plain("ok\n") if _needed() <= applied else _plain("migrations\n", 503)


@cache
def _needed() -> frozenset[str]:
    return frozenset(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status=status, mimetype="text/plain")


class Metrics:
    """Requests by group of pages (the blueprint) and database errors, of all processes."""

    def __init__(self, groups: list[str]) -> None:
        self.groups = groups
        self.errors = len(groups) * WIDTH
        self.counters = Counters(self.errors + 1)

    def count(self, response: Response) -> Response:
        """Called after each request."""
        seconds = time.perf_counter() - g.started if "started" in g else 0.0
        start = self.groups.index(_group()) * WIDTH
        status = min(max(response.status_code // 100, 2), 5) - 2
        slot = len(CLASSES) + bisect.bisect_left(BOUNDS, seconds)
        self.counters.add({start + status: 1, start + slot: 1, start + WIDTH - 1: seconds})
        return response

    def count_error(self) -> None:
        """The database refused or did not answer."""
        self.counters.add({self.errors: 1})

    def lines(self) -> Iterator[str]:
        """The text that Prometheus reads."""
        totals = self.counters.totals()
        yield "# TYPE http_requests_total counter"
        for group, numbers in self._by_group(totals):
            for name, number in zip(CLASSES, numbers, strict=False):
                yield f'http_requests_total{{group="{group}",status="{name}"}} {number:.0f}'
        yield "# TYPE http_request_seconds histogram"
        for group, numbers in self._by_group(totals):
            yield from self._histogram(group, numbers[len(CLASSES) :])
        yield "# TYPE database_errors_total counter"
        yield f"database_errors_total {totals[self.errors]:.0f}"

    def _by_group(self, totals: list[float]) -> Iterator[tuple[str, list[float]]]:
        for place, group in enumerate(self.groups):
            yield group, totals[place * WIDTH : (place + 1) * WIDTH]

    def _histogram(self, group: str, numbers: list[float]) -> Iterator[str]:
        *slots, seconds = numbers
        for place, bound in enumerate((*BOUNDS, "+Inf")):
            below = sum(slots[: place + 1])
            yield f'http_request_seconds_bucket{{group="{group}",le="{bound}"}} {below:.0f}'
        yield f'http_request_seconds_sum{{group="{group}"}} {seconds:.6f}'
        yield f'http_request_seconds_count{{group="{group}"}} {sum(slots):.0f}'


def _group() -> str:
    if request.endpoint is None:
        return "none"
    return request.blueprint or ("static" if request.endpoint == "asset" else "service")


def _show(metrics: Metrics) -> object:
    @public
    @no_database
    def show() -> Response:
        """For a collector on this machine only. Whatever came through a proxy came from outside,
        whoever its last sender is; so there is no token that could be lost."""
        if request.remote_addr not in ("127.0.0.1", "::1", "", None):
            abort(404)
        if any(name in request.headers for name in FORWARDED):
            abort(404)
        return _plain("\n".join(metrics.lines()) + "\n")

    return show


def init_app(app: Flask) -> None:
    """Add the addresses and begin to count. Call it after all blueprints and before any fork."""
    metrics = Metrics(["none", "service", "static", *app.blueprints])
    app.after_request(metrics.count)

    def failed(error: Exception) -> Response:
        """The database: counted; when it cannot be reached, that passes (503)."""
        metrics.count_error()
        if not isinstance(error, AWAY):
            return unexpected(error)
        log.exception("database", extra={"endpoint": request.endpoint})
        response = page("errors/503.html", status=503)
        response.headers["Retry-After"] = "10"
        return response

    for kind in (PeeweeException, psycopg.Error, MaxConnectionsExceeded):
        app.register_error_handler(kind, failed)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", _show(metrics))  # type: ignore[arg-type]
