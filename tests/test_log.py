"""Logs are JSON lines and hold nothing of a person, whatever happens."""

import io
import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from app.db import db
from app.log import JsonFormatter
from app.visits.models import Dose
from bench.serve import ROOT, free_port
from tests import build

NAME, NUMBER, PHONE, WHERE = "HOÀNG THỊ MẬT", "001185009876", "0987654321", "Ngõ Bí Ẩn"
PASSWORD, USERNAME = "mật khẩu bị lộ", "tenbilo"
SECRETS = (
    NAME, "MẬT", "hoang thi mat", NUMBER, NUMBER[-6:], PHONE, WHERE, PASSWORD, USERNAME,
    "17/05/1985", "1985-05-17",
)  # fmt: skip


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict]]]:
    """What was logged since; also looks for secrets in it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)

    def read() -> list[dict]:
        text = stream.getvalue()
        for secret in SECRETS:
            assert secret.lower() not in text.lower(), f"{secret} is in the log"
        return [json.loads(line) for line in text.splitlines()]

    yield read
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def here(client):
    """A station with a session, one person known by the marked values, and staff signed in."""
    site = build.country()[2]
    person = build.person(
        site, NUMBER, name=NAME, sex="F", dob_year=1985, phone=PHONE, address=WHERE,
        guardian_name=NAME,
    )  # fmt: skip
    session = build.session(site)
    build.sign_in(client, build.user(site, build.EVERYTHING_AT_A_SITE + " reception auditor"))
    return SimpleNamespace(client=client, site=site, person=person, session=session)


def test_a_request_is_one_line(here, lines):
    here.client.get("/lots?number=AB")
    line = lines()[-1]
    assert line["message"] == "request" and line["endpoint"] == "stock.index"
    assert (line["method"], line["status"], line["unit_id"]) == ("GET", 200, here.site.id)
    assert line["ms"] > 0 and line["level"] == "INFO" and line["at"].endswith("+00:00")
    assert line.keys() == {"at", "level", "name", "message", "endpoint", "method", "status", "ms",
                           "user_id", "unit_id"}  # fmt: skip


def test_a_day_of_work_leaves_no_name(here, lines):
    client, board = here.client, f"/sessions/{here.session.id}/board"
    for typed in (NAME, NUMBER, PHONE, NUMBER[-6:], "hoang thi mat", f"{NUMBER}||{NAME}|17051985"):
        client.open_page("/people").submit(what=typed)
        client.open_page(board).submit(what=typed)
    client.open_page(f"/people/{here.person.id}", status=200)
    client.open_page(board).submit(what=NUMBER).form("Tiếp đón").submit(button=str(here.person.id))
    page = client.open_page(board).follow(NAME)
    page = page.form("agreed").submit(button="yes").follow("Làm tiếp")
    page = page.submit(temperature="36,6", note=WHERE).follow("Làm tiếp")
    page.submit("holding_id")
    assert Dose.select().count() == 1
    client.open_page("/reports").follow("Tiêm được")
    client.open_page(f"/audit?person={here.person.id}")
    assert len(lines()) > 25


def test_what_is_wrong_leaves_nothing_of_it(here, lines):
    page = here.client.open_page("/people/new")
    page.submit("name", name=NAME + " 9", number=NUMBER + "x", phone=PHONE + "0", address=WHERE)
    here.client.get(f"/people?q={NUMBER}&name=HOÀNG THỊ MẬT")
    here.client.get(f"/{NUMBER}/{PHONE}")
    here.client.post(f"/people?{PHONE}", data={"what": NAME})
    here.client.get(
        "/sign-in",
        headers={"Host": f"{USERNAME} x", "Referer": f"/{NAME}".encode().decode("latin-1")},
    )
    assert {line.get("status") for line in lines()} >= {200, 404, 400}


def test_signing_in_leaves_no_name_and_no_password(client, lines):
    build.user(build.country()[2], username=USERNAME)
    for username, password in ((USERNAME, PASSWORD), (USERNAME, build.PASSWORD), (PASSWORD, "x")):
        page = client.open_page("/sign-in")
        if page.css("[name=password]"):
            page.submit(username=username, password=password)
    assert {line["status"] for line in lines()} >= {200, 303, 422}
    assert build.PASSWORD not in str(lines())


def test_a_look_up_leaves_no_number(client, here, lines):
    page = client.application.test_client().open_page("/tra-cuu")
    page.submit(what=NUMBER, dob="17/05/1985", pin="123456")
    assert any((line["endpoint"] or "").startswith("portal") for line in lines())


class Trouble(Exception):
    """Says too much."""


FAULTS = {
    "message": lambda: (_ for _ in ()).throw(Trouble(f"{NAME} {NUMBER}")),
    "key": lambda: {}[NAME],
    "value": lambda: int(NAME),
    "sql": lambda: db.execute_sql(f"select * from nothing where name = '{NAME}'"),
    "unique": lambda: [build.person(None, NUMBER, name=NAME, dob_year=1985) for _ in range(2)],
    "cause": lambda: caused(),
}


def caused():
    try:
        raise Trouble(NAME)
    except Trouble as first:
        raise ValueError(NUMBER) from first


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_tells_where_but_not_what(here, lines, monkeypatch, kind):
    def view():
        name, number, typed = NAME, NUMBER, PHONE  # noqa: F841 (local values are not told either)
        FAULTS[kind]()

    view.access = "signed in"
    monkeypatch.setitem(here.client.application.view_functions, "stock.index", view)
    with db.atomic() as transaction:
        assert here.client.get(f"/lots?number={NUMBER}").status_code in (500, 503)
        transaction.rollback()
    fault = next(line for line in lines() if line["level"] == "ERROR")
    assert fault["error"] and fault["endpoint"] == "stock.index"
    assert any("test_log.py" in place and place.endswith(" view") for place in fault["trace"])
    assert lines()[-1]["status"] in (500, 503)


def test_every_line_stays_one_line():
    # Not through the log of the tests: what is kept of it has to be text that can be sent.
    said = {"name": "x", "msg": "two\nlines %s", "args": ("\u2028\x00\udcff",)}
    line = JsonFormatter().format(logging.makeLogRecord(said))
    assert len(line.splitlines()) == 1 and json.loads(line.encode())["name"] == "x"


def test_gunicorn_quotes_no_broken_request(tmp_path):
    """What comes broken to the server is refused before the application sees it."""
    port = free_port()
    env = os.environ | {
        "SECRET_KEY": "s" * 40, "DATA_KEY": "d" * 40, "PORT": str(port), "HOST": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "WEB_CONCURRENCY": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        for request in (
            f"GET /x?{NUMBER} HTTP/9.9\r\n\r\n", f"{NUMBER} / HTTP/1.1\r\n\r\n",
            f"GET / HTTP/1.1\r\nbad header {NUMBER}\r\n\r\n",
            f"GET /{NUMBER * 1000} HTTP/1.1\r\n\r\n",
            f"POST /x?{NUMBER} HTTP/1.1\r\nHost: a\r\nContent-Length: {NUMBER}x\r\n\r\n",
            f"GET /healthz?{NUMBER} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        ):  # fmt: skip
            send(port, request.encode())
    finally:
        server.terminate()
        server.wait(60)
    text = (tmp_path / "log").read_text()
    assert NUMBER not in text
    told = [json.loads(line) for line in text.splitlines() if line.strip() and "→" not in line]
    assert sum("nvalid request" in line["message"] for line in told) >= 3


def send(port: int, request: bytes) -> bytes:
    """Send bytes and read what comes; waits for the server to begin."""
    for _ in range(300):
        try:
            line = socket.create_connection(("127.0.0.1", port), 20)
            break
        except OSError:
            time.sleep(0.1)
    with line:
        line.sendall(request)
        return line.recv(1000)
