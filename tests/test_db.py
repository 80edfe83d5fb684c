"""Connections that are kept: a dead one is not used again, also where there are many sockets."""

import resource
import socket
from contextlib import ExitStack

import psycopg
import pytest

from app.db import db, is_postgres


@pytest.fixture
def kept(app):
    """A new connection of this thread, given back to the pool; one that served tests for minutes
    is too old to be kept."""
    if not is_postgres():
        pytest.skip("PostgreSQL only")
    db.close_all()
    db.connect()
    connection = db.connection()
    db.close()
    yield connection
    db.connect(reuse_if_open=True)


def test_a_living_connection_is_used_again(kept):
    db.connect()
    assert db.connection() is kept


def test_a_dead_connection_is_not(kept, postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", (kept.info.backend_pid,))
        while other.execute(
            "select 1 from pg_stat_activity where pid = %s", (kept.info.backend_pid,)
        ).fetchone():
            pass
    db.connect()
    assert db.connection() is not kept
    assert db.execute_sql("select 1").fetchone() == (1,)


def test_a_server_with_a_thousand_clients_keeps_them_too(app):
    if not is_postgres():
        pytest.skip("PostgreSQL only")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 1200:
        pytest.skip("not run: this machine allows fewer than 1,200 open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1200), hard))
    db.close_all()
    with ExitStack() as clients:
        for _ in range(1100):
            clients.enter_context(socket.socket())
        db.connect()
        assert db.connection().pgconn.socket >= 1024
        db.close()
        db.connect()
        assert db.execute_sql("select 1").fetchone() == (1,)
        db.close_all()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    db.connect(reuse_if_open=True)


def test_hot_statements_are_prepared(app):
    if not is_postgres():
        pytest.skip("PostgreSQL only")
    from app.db import run

    for _ in range(2):
        run("select ?::int", 5)
    found = db.execute_sql("select count(*) from pg_prepared_statements where statement like %s",
                           ("select $1::int%",))  # fmt: skip
    assert found.fetchone() == (1,)
