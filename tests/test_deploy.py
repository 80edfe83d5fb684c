"""The files of deploy/ as they are run: nginx with TLS before gunicorn, and systemd's units."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.serve import ROOT, free_port
from tests.postgres import fresh_database

DEPLOY = ROOT / "deploy"
PYTHON = [sys.executable, "-m"]


def needed(*programs: str) -> None:
    for program in programs:
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin"):
            pytest.skip(f"not run: no {program} on this machine")


class Stack(NamedTuple):
    """nginx on two ports, and the gunicorn behind it."""

    home: Path
    plain: int
    tls: int
    gunicorn: subprocess.Popen

    def get(self, path: str, *options: str, scheme: str = "https") -> tuple[int, str, str]:
        """(status, headers, body) by curl."""
        port = self.tls if scheme == "https" else self.plain
        command = ["curl", "-sk", "-D", "-", "--max-time", "60", *options,
                   f"{scheme}://127.0.0.1:{port}{path}"]  # fmt: skip
        answer = subprocess.run(command, capture_output=True, check=True).stdout
        *_more, head, body = re.split(rb"\r\n\r\n", answer, maxsplit=answer.count(b"HTTP/"))
        status = int(re.findall(rb"HTTP/[\d.]+ (\d+)", head)[-1])
        return status, head.decode(), body.decode(errors="replace")


@pytest.fixture(params=["sqlite", "postgres"])
def stack(request, tmp_path) -> Iterator[Stack]:
    """The whole of docs/deploying.md on other ports and paths."""
    needed("nginx", "openssl", "curl")
    if request.param == "sqlite":
        yield from run_stack(tmp_path, f"sqlite:///{tmp_path}/served.db")
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as url:
        yield from run_stack(tmp_path, url)


def run_stack(home: Path, url: str) -> Iterator[Stack]:
    behind, plain, tls = free_port(), free_port(), free_port()
    env = os.environ | {
        "DATABASE_URL": url, "SECRET_KEY": "s" * 40, "DATA_KEY": "d" * 40, "PROXIES": "1",
        "PUBLIC_URL": "https://sotiem.example.vn", "WEB_CONCURRENCY": "2", "DB_CONNECTIONS": "4",
        "PORT": str(behind), "HOST": "127.0.0.1",
    }  # fmt: skip
    for words in (["migrate"], ["load-reference"]):
        command = [*PYTHON, "flask", "--app", "wsgi", *words]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    conf = write_conf(home, behind, plain, tls)
    with (home / "log").open("w") as log:
        gunicorn = subprocess.Popen(
            [*PYTHON, "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi"], cwd=ROOT, env=env,
            stdout=log, stderr=log,
        )  # fmt: skip
        nginx = subprocess.Popen(
            ["/usr/sbin/nginx", "-e", home / "early", "-c", conf], stderr=log, cwd=home
        )
    try:
        running = Stack(home, plain, tls, gunicorn)
        wait_for(running)
        yield running
    finally:
        for process in (nginx, gunicorn):
            process.terminate()
            process.wait(60)


def write_conf(home: Path, behind: int, plain: int, tls: int) -> Path:
    """deploy/nginx.conf on other ports and paths, inside what Debian's nginx.conf has around it."""
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x"
    files = ["-keyout", home / "key.pem", "-out", home / "cert.pem"]
    subprocess.run([*made.split(), *files], check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;"),
        ("listen [::]:443 ssl http2;", ""),
        ("/etc/ssl/so-tiem", str(home)),
        ("/var/cache/nginx/so-tiem", f"{home}/cache"),
        ("/var/log/nginx/so-tiem.log", f"{home}/nginx.log"),
        ("/opt/so-tiem/deploy", str(DEPLOY)),
    ):
        assert old in text, f"{old} is not in nginx.conf"
        text = text.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {home}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    root = "user root;" if os.geteuid() == 0 else ""
    (home / "nginx.conf").write_text(
        f"daemon off; {root} pid {home}/nginx.pid; error_log {home}/error.log;"
        f"events {{}} http {{ include /etc/nginx/mime.types; {temporary} {text} }}"
    )
    return home / "nginx.conf"


def wait_for(running: Stack) -> None:
    for _ in range(200):
        try:
            if running.get("/readyz")[0] == 200:
                time.sleep(1)  # until the second worker hears signals too
                return
        except subprocess.CalledProcessError:
            pass
        time.sleep(0.1)
    raise AssertionError((running.home / "log").read_text() + (running.home / "early").read_text())


def test_nginx_in_front(stack):
    status, head, body = stack.get("/sign-in", "--http2", "--compressed")
    assert status == 200 and "<h1>" in body
    assert head.startswith("HTTP/2 200")
    for line in ("content-encoding: gzip", "cache-control: no-store", "content-security-policy:",
                 "strict-transport-security: max-age=31536000"):  # fmt: skip
        assert line in head.lower(), line
    assert re.search(r"set-cookie: s=.*; secure", head, re.I)
    status, head, _body = stack.get("/sign-in?a=1", scheme="http")
    assert status == 301 and "https://127.0.0.1/sign-in?a=1" in head

    # What is for this machine is not for outside.
    assert stack.get("/metrics")[0] == 404
    assert stack.get("/metrics", "-H", "X-Forwarded-For: 127.0.0.1")[0] == 404
    assert stack.get("/healthz")[:3:2] == (200, "ok\n")

    # A large body: the application says so in Vietnamese; a huge one does not reach it.
    for size, says in ((10_700_000, "<h1>"), (12_000_000, "nginx")):
        (stack.home / "body").write_bytes(b"a=" + b"x" * size)
        status, _head, body = stack.get("/sign-in", "--data-binary", f"@{stack.home}/body")
        assert status == 413 and says in body
    # A photo is told about on its page, whatever it weighs.
    (stack.home / "body").write_bytes(bytes(20_000_000))
    status, _head, body = stack.get("/kiem-tra", "-F", f"picture=@{stack.home}/body")
    assert status == 413 and "quá 10 MB" in body

    # Static files stay with nginx, and a service that is away is a page that says so.
    sheet = re.search(r"/s/\w+/so\.css", stack.get("/sign-in")[2]).group()
    first = stack.get(sheet, "--compressed")
    assert first[0] == 200 and "immutable" in first[1]
    stack.gunicorn.send_signal(signal.SIGTERM)
    started = time.monotonic()
    stack.gunicorn.wait(60)
    assert time.monotonic() - started < 15, "idle connections of nginx hold the end up"
    again = stack.get(sheet, "--compressed")
    assert (again[0], again[2]) == (200, first[2])
    status, head, body = stack.get("/sign-in")
    assert status == 503 and "Hệ thống đang khởi động lại" in body
    assert "retry-after: 10" in head.lower() and "no-store" in head
    log = stack.home / "nginx.log"
    assert not log.exists() or not log.read_text(), "addresses in the log of nginx"


def test_systemd_takes_the_units(tmp_path):
    needed("systemd-analyze")
    names = ("so-tiem.service", "so-tiem.socket", "so-tiem-send@.service")
    for name in names:
        text = (DEPLOY / name).read_text()
        text = text.replace("/opt/so-tiem/.venv/bin/", f"{Path(sys.executable).parent}/")
        (tmp_path / name).write_text(text.replace("User=so-tiem", "User=root"))
    found = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no",
         *(str(tmp_path / name) for name in names)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")


def test_a_new_start_refuses_nobody(tmp_path):
    """With the socket unit connections wait while no gunicorn runs, and are served then."""
    needed("systemd-socket-activate", "curl")
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "SECRET_KEY": "s" * 40, "DATA_KEY": "d" * 40,
        "WEB_CONCURRENCY": "1", "PORT": "1",  # the socket counts, not this
    }  # fmt: skip
    given = [f"--setenv={name}" for name in env]
    command = ["systemd-socket-activate", "-l", f"127.0.0.1:{port}", *given, *PYTHON, "gunicorn",
               "-c", "deploy/gunicorn.conf.py", "wsgi"]  # fmt: skip
    with (tmp_path / "log").open("w") as log:
        listener = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        time.sleep(0.5)
        url = f"http://127.0.0.1:{port}/healthz"
        answer = subprocess.run(["curl", "-s", "--max-time", "60", url], capture_output=True)
        assert answer.stdout == b"ok\n", (tmp_path / "log").read_text()
    finally:
        listener.terminate()
        listener.wait(60)


def test_nginx_waits_as_long_as_gunicorn_does():
    nginx = (DEPLOY / "nginx.conf").read_text()
    gunicorn = (DEPLOY / "gunicorn.conf.py").read_text()
    unit = (DEPLOY / "so-tiem.service").read_text()

    def number(text: str, start: str) -> int:
        return int(re.search(rf"{start}\s*=?\s*(\d+)", text).group(1))

    assert number(nginx, "    keepalive_timeout") < number(gunicorn, "\nkeepalive")
    assert number(unit, "TimeoutStopSec") > number(gunicorn, "\ngraceful_timeout")
    assert number(gunicorn, "\ntimeout") >= number(gunicorn, "\ngraceful_timeout")
