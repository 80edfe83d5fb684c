"""Running it: health, counters, the database away, several real workers, a stop without loss."""

import contextlib
import http.client
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from lxml import html

from app import create_app
from app.config import Config
from app.counters import PROCESSES, Counters
from app.db import db, is_postgres, open_database
from app.ops import _needed
from app.web import _asset
from bench.serve import ROOT, Server, Settings, serving
from tests import build
from tests.postgres import fresh_database

KEYS = {"SECRET_KEY": "s" * 40, "DATA_KEY": "d" * 40, "PUBLIC_URL": "", "PROXIES": "0"}


# In this process


def test_the_process_is_alive(client):
    assert client.get("/healthz").get_data() == b"ok\n"


@pytest.fixture
def history(app) -> Iterator[Any]:
    """The table in which migrations are noted, as if all had run."""
    db.execute_sql("create table schema_migration (name text)")
    for name in _needed():
        db.execute_sql(f"insert into schema_migration values ('{name}')")
    yield
    db.execute_sql("drop table schema_migration")


def test_it_is_ready_when_the_database_has_its_shape(client, history):
    assert client.get("/readyz").status_code == 200
    db.execute_sql("insert into schema_migration values ('9999_of_a_newer_program')")
    assert client.get("/readyz").status_code == 200
    db.execute_sql("delete from schema_migration where name like '0001%%'" if is_postgres() else
                   "delete from schema_migration where name like '0001%'")  # fmt: skip
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_data()) == (503, b"migrations\n")


def test_it_is_not_ready_before_the_first_migration(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_data()) == (503, b"migrations\n")


def asset_digest(name: str) -> str:
    return _asset(name)[2]


@pytest.fixture(params=["postgresql://nobody@/none?host=/nowhere", "sqlite:////nowhere/none.db"])
def lost(request) -> Iterator[Any]:
    """The application whose database cannot be reached."""
    before = getattr(db, "obj", None)
    app = create_app(Config(request.param, "s" * 40, "d" * 40, "", False, 0, 2))
    yield app
    if before is not None:
        db.initialize(before)


def test_a_lost_database_is_said_calmly(lost):
    client = lost.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": "1.1", "unit": 1, "until": 2**33})
    for path in ("/", "/people", "/reports", "/sign-in"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert answer.headers["Retry-After"] == "10"
        page = html.fromstring(answer.get_data(as_text=True))
        assert page.cssselect("h1")[0].text and "Trace" not in page.text_content()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_data()) == (503, b"database\n")
    assert client.get(f"/s/{asset_digest('so.css')}/so.css").status_code == 200
    assert "database_errors_total" in client.get("/metrics").get_data(as_text=True)


def numbers(text: str) -> dict[str, float]:
    """The lines of /metrics: name with labels → value."""
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def test_requests_are_counted_by_group_and_outcome(client):
    def now() -> dict[str, float]:
        return numbers(client.get("/metrics").get_data(as_text=True))

    before = now()
    site = build.country()[2]
    client.get("/nothing/here")
    client.get("/lots")
    build.sign_in(client, build.user(site, "storekeeper"))
    client.get("/lots")
    client.get("/reports")
    after = now()
    grown = {name: value - before[name] for name, value in after.items() if value != before[name]}
    assert grown['http_requests_total{group="none",status="4xx"}'] == 1
    assert grown['http_requests_total{group="stock",status="2xx"}'] == 1
    assert grown['http_requests_total{group="stock",status="3xx"}'] == 1
    assert grown['http_requests_total{group="reports",status="4xx"}'] == 1
    assert grown['http_request_seconds_count{group="stock"}'] == 2
    assert grown['http_request_seconds_bucket{group="stock",le="+Inf"}'] == 2
    assert 0 < grown['http_request_seconds_sum{group="stock"}'] < 10


def test_buckets_only_grow(client):
    client.get("/metrics")
    text = client.get("/metrics").get_data(as_text=True)
    for group in set(re.findall(r'_bucket\{group="(\w+)"', text)):
        steps = [int(n) for n in re.findall(rf'_bucket{{group="{group}",le=".*"}} (\d+)', text)]
        assert len(steps) == 6 and steps == sorted(steps)
        assert f'_count{{group="{group}"}} {steps[-1]}\n' in text


@pytest.mark.parametrize(
    "sender",
    [
        {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"X-Real-IP": "203.0.113.9"}},
        {"headers": {"Forwarded": "for=203.0.113.9"}},
        {"headers": {"Via": "1.1 proxy"}},
    ],
    ids=lambda sender: "".join(next(iter(sender.values()))),
)
def test_the_counters_are_not_for_outside(client, sender):
    assert client.get("/metrics", **sender).status_code == 404


def test_the_counters_hold_nothing_personal(client):
    site = build.country()[2]
    person = build.person(site)
    build.sign_in(client, build.user(site)).get(f"/people/{person.id}?q=0123456789")
    text = client.get("/metrics").get_data(as_text=True)
    assert "0123456789" not in text and f"/{person.id}" not in text and person.name not in text


# Processes


@contextlib.contextmanager
def child(work: Callable[[], None]) -> Iterator[int]:
    """A forked process that runs `work` and lives to the end of the block, where it is killed."""
    ready, told = os.pipe()
    if not (pid := os.fork()):
        try:
            work()
        finally:
            os.write(told, b"x")
            time.sleep(60)
            os._exit(0)  # never back into the test
    os.read(ready, 1)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(ready)
        os.close(told)


def test_a_new_process_takes_the_place_of_one_that_is_gone():
    counters = Counters(3)
    for _ in range(PROCESSES + 5):  # more than there are rows, one after the other
        with child(lambda: counters.add({0: 1, 2: 0.5})):
            pass
    counters.add({0: 1})
    assert counters.totals() == [PROCESSES + 6, 0, (PROCESSES + 5) / 2]


def test_living_processes_never_share_a_row():
    counters = Counters(1)
    with contextlib.ExitStack() as alive:
        for number in range(6):
            alive.enter_context(child(lambda n=number: counters.add({0: 10.0**n})))
        assert [int(cell) for cell in counters._cells[:7]] == [1, 10, 100, 1000, 10**4, 10**5, 0]
        assert counters.totals() == [111111]


def test_a_killed_process_loses_nothing_and_blocks_nobody():
    counters = Counters(1)
    with child(lambda: counters.add({0: 7})) as pid:
        os.kill(pid, signal.SIGKILL)
    with child(lambda: counters.add({0: 1})):
        assert counters.totals() == [8]


# The real server


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/served.db"
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as address:
        yield address


@pytest.fixture
def server(url) -> Iterator[Server]:
    """gunicorn with two workers before a migrated database."""
    env = KEYS | {"DATABASE_URL": url}
    flask(env, "migrate")
    with serving("wsgi", Settings(2, 4), env) as running:
        # gunicorn loses a signal for a worker that has just been forked, and waits 30 s for it.
        time.sleep(1)
        yield running


def flask(env: dict[str, str], *words: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    subprocess.run(command, cwd=ROOT, env=os.environ | env, check=True, capture_output=True)


def ask(server: Server, path: str, body: str | None = None, **headers: str) -> tuple[int, str, Any]:
    """(status, text, headers) of one request with a connection of its own."""
    line = http.client.HTTPConnection(*server.address, timeout=60)
    with contextlib.closing(line):
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request("POST" if body is not None else "GET", path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode(), answer.headers


def workers(server: Server) -> list[int]:
    with open(f"/proc/{server.pid}/task/{server.pid}/children") as file:
        return [int(pid) for pid in file.read().split()]


def test_several_workers_count_as_one_also_after_a_kill(server):
    def answered() -> float:
        found = numbers(ask(server, "/metrics")[1])
        return found['http_requests_total{group="none",status="4xx"}']

    for _ in range(40):
        assert ask(server, "/nothing")[0] == 404
    assert [answered() for _ in range(6)] == [40] * 6
    old = workers(server)
    assert len(old) == 2
    os.kill(old[0], signal.SIGKILL)
    for _ in range(300):
        if len(workers(server)) == 2 and set(workers(server)) != set(old):
            break
        time.sleep(0.1)
    for _ in range(20):
        assert ask(server, "/nothing")[0] == 404
    assert [answered() for _ in range(6)] == [60] * 6


def test_it_says_when_it_can_serve(server):
    assert ask(server, "/healthz")[:2] == (200, "ok\n")
    assert ask(server, "/readyz")[:2] == (200, "ok\n")


@contextlib.contextmanager
def nobody_can_write(url: str) -> Iterator[None]:
    """Whoever wants to note a try to sign in has to wait."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
            other.execute("begin immediate")
            yield
            other.rollback()
    else:
        with psycopg.connect(url) as other:
            other.execute("lock table sign_in_try in access exclusive mode")
            yield
            other.rollback()


def sign_in_form(server: Server) -> tuple[str, str]:
    """(cookie, body) of the filled sign-in form."""
    _status, text, headers = ask(server, "/sign-in")
    hidden = html.fromstring(text).cssselect("[type=hidden]")
    fields = {item.get("name"): item.get("value") for item in hidden}
    typed = {"username": "nobody", "password": "not this one"}
    return headers["Set-Cookie"].split(";")[0], urlencode(fields | typed)


def test_what_was_begun_is_answered_before_the_end(server, url):
    cookie, body = sign_in_form(server)
    found: list[Any] = []
    sender = threading.Thread(
        target=lambda: found.append(ask(server, "/sign-in", body, Cookie=cookie))
    )
    with nobody_can_write(url):
        sender.start()
        time.sleep(1)
        os.kill(server.pid, signal.SIGTERM)
        time.sleep(1)
        assert sender.is_alive(), "answered too early: nothing was tried"
    sender.join(30)
    status, text, _headers = found[0]
    assert status == 422 and "không đúng" in text


def test_a_wrong_setting_is_said_in_one_line(tmp_path):
    env = os.environ | KEYS | {"DATABASE_URL": "mysql://x"}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi"]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert run.returncode != 0
    assert "DATABASE_URL must begin with" in run.stderr and "Traceback" not in run.stderr


def test_open_database_names_its_kind():
    before = getattr(db, "obj", None)
    open_database("sqlite:///:memory:")
    assert not is_postgres()
    if before is not None:
        db.initialize(before)
