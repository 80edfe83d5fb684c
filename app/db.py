"""The database: SQLite embedded, PostgreSQL for real; one connection for each request."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from select import POLLIN, poll
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import peewee
import psycopg
from flask import Flask, request
from peewee import (
    Database,
    DatabaseProxy,
    Expression,
    Model,
    SqliteDatabase,
)
from playhouse.pool import PooledPostgresqlDatabase

db: Database = DatabaseProxy()  # type: ignore[assignment]


# Errors of the database become those that peewee's own queries raise.
AS_PEEWEE = peewee.__exception_wrapper__  # type: ignore[attr-defined]


class BaseModel(Model):
    """Every table of the service. Moments are stored as naive UTC (see clock.py)."""

    class Meta:
        database = db
        legacy_table_names = False


class Pool(PooledPostgresqlDatabase):
    """Connections are kept by each process. A kept one is known to be dead without asking the
    server: nobody has anything to say on an idle line but that it is closed."""

    def _is_closed(self, conn: Any) -> bool:
        if conn.closed:
            return True
        # Not select(): it fails on the 1025th socket of a process.
        line = poll()
        line.register(conn.pgconn.socket, POLLIN)
        return bool(line.poll(0))


def is_postgres() -> bool:
    """True on the real database, false on the embedded one."""
    return isinstance(db.obj, Pool)  # type: ignore[attr-defined]


def begins(column: Any, text: str) -> Any:
    """The condition that a column begins with `text`, which holds no % and no _. peewee's own
    startswith is ILIKE, which PostgreSQL takes ten times as long over."""
    # peewee calls by the name of ILIKE what is plain LIKE on SQLite.
    return Expression(column, "LIKE" if is_postgres() else "ILIKE", f"{text}%")


@cache
def _for_psycopg(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def run(sql: str, *values: Any, prepare: bool = True) -> Any:
    """Execute a hot statement that is written in SQL, with ? for values; returns the cursor.

    Building a query with peewee costs more than PostgreSQL needs to answer it, and so does
    planning it anew: here it is prepared. Where the best way depends on the values (one site or a
    whole nation), prepare=False has it planned for them.
    """
    if not is_postgres():
        return db.execute_sql(sql, [str(v) if isinstance(v, date) else v for v in values])
    return psycopg.Cursor(db.connection()).execute(_for_psycopg(sql), values, prepare=prepare)


def add_many(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows (all with the same fields) in one statement; the ids, in the order of the rows:
    they are given in the order of the values. Building such a query with peewee takes several
    times as long as the rest."""
    if not rows:
        return []
    meta = model._meta
    rows = [meta.get_default_dict() | dict(row) for row in rows]
    fields = [meta.fields[name] for name in rows[0]]
    one = f"({', '.join('?' * len(fields))})"
    sql = (
        f'insert into "{meta.table_name}" ({", ".join(field.column_name for field in fields)}) '
        f"values {', '.join([one] * len(rows))} returning id"
    )
    with AS_PEEWEE:
        return sorted(row[0] for row in run(sql, *(row[f.name] for row in rows for f in fields)))


@contextmanager
def batch() -> Iterator[None]:
    """Statements inside are sent to PostgreSQL without waiting for each other; reading a result
    waits. What fails, fails at the latest at the end, so end transactions inside."""
    if is_postgres():
        with db.connection().pipeline():
            yield
    else:
        yield


def open_database(url: str, connections: int = 8) -> Database:
    """Make the database object for `url` and make it the one all models use."""
    database = _sqlite(url) if url.startswith("sqlite:") else _postgres(url, connections)
    db.initialize(database)  # type: ignore[attr-defined]
    return database


def _sqlite(url: str) -> Database:
    return SqliteDatabase(
        url.removeprefix("sqlite:///"),
        # FULL: a dose answered as saved must outlive a power cut.
        pragmas={"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1},
        timeout=10,
        # A write transaction takes its lock at once instead of failing half-way.
        lock_type="IMMEDIATE",
    )


def _postgres(url: str, connections: int) -> Database:
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    for name, value in (
        ("host", parts.hostname),
        ("port", parts.port),
        ("user", parts.username),
        ("password", parts.password and unquote(parts.password)),
    ):
        if value:
            options[name] = value
    return Pool(
        parts.path.lstrip("/"),
        max_connections=connections,
        stale_timeout=300,
        timeout=5,
        prefer_psycopg3=True,
        # Values are bound by the client: server binding breaks GROUP BY and interval
        # expressions; hot statements ask for a prepared one themselves (None would forbid it).
        cursor_factory=psycopg.ClientCursor,
        prepare_threshold=2**30,
        **options,
    )


def init_app(app: Flask) -> None:
    """Open a connection when a request needs one and give it back at its end."""

    @app.before_request
    def connect() -> None:
        # Some answers (see web.no_database) must not depend on the database.
        view = app.view_functions.get(request.endpoint or "")
        if getattr(view, "database", True):
            db.connect(reuse_if_open=True)

    @app.teardown_request
    def disconnect(_error: BaseException | None) -> None:
        if not db.is_closed() and not app.testing:
            db.close()
