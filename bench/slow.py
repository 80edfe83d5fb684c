"""What a dose costs on a weak link (goal A4): GPRS between two network namespaces, TCP and TLS.

    python -m bench.slow [--doses 30] [--loss 2]          (root, ip, nginx, openssl, curl)

nginx speaks TLS in front of the real gunicorn, as in production; curl is the browser, once with
HTTP/1.1 and once with HTTP/2. One JSON line on standard output.
"""

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from bench.client import Sent
from bench.load import made_nation, say
from bench.serve import ROOT

NEEDED = ("ip", "nginx", "openssl", "curl")
ADDRESS, PORT = "10.98.0.1", 8443
GOALS = {  # seconds
    "cold_page": 3.0, "lookup": 0.9, "record": 0.95, "dose_http2": 1.8, "dose_http1.1": 2.4,
    "p95_with_loss": 4.0,
}  # fmt: skip
NGINX = """
daemon off; worker_processes 1; pid {home}/nginx.pid; error_log {home}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {home}/a; proxy_temp_path {home}/b;
  fastcgi_temp_path {home}/c; uwsgi_temp_path {home}/d; scgi_temp_path {home}/e;
  upstream app {{ server 127.0.0.1:8000; keepalive 8; }}
  server {{
    listen {address}:{port} ssl http2;
    ssl_certificate {home}/cert.pem; ssl_certificate_key {home}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3; keepalive_timeout 300s; keepalive_requests 10000;
    location / {{
      proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto https;
    }}
  }}
}}
"""


TOLD = (
    "time_total", "http_code", "size_request", "size_upload", "size_header", "size_download",
)  # fmt: skip


class Took(NamedTuple):
    """One request as curl saw it: seconds; bytes of heads and bodies both ways."""

    seconds: float
    status: int
    up: int
    down_head: int
    down: int


def missing() -> str:
    """Why this cannot run here; "" when it can."""
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    lacking = [name for name in NEEDED if not shutil.which(name)]
    return f"not installed: {', '.join(lacking)}" if lacking else ""


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[subprocess.Popen]:
    """A program until the end of the block."""
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@contextmanager
def link(down: float, up: float, one_way: float, loss: float) -> Iterator[tuple[str, str]]:
    """A slow link: the names of the namespaces of server and client."""
    ends = f"bench-srv-{os.getpid()}", f"bench-cli-{os.getpid()}"
    numbers = [str(number) for number in (down, up, one_way, loss)]
    try:
        with running([sys.executable, "-m", "bench.slow_link", *ends, *numbers], cwd=ROOT):
            for _ in range(100):
                if _inside(ends[1], ["ip", "-br", "address"]).count("10.98.0.2"):
                    break
                time.sleep(0.1)
            yield ends
    finally:
        for name in ends:
            subprocess.run(["ip", "netns", "del", name], check=False)


def _inside(namespace: str, command: list[str]) -> str:
    whole = ["ip", "netns", "exec", namespace, *command]
    return subprocess.run(whole, capture_output=True, text=True, check=False).stdout


@contextmanager
def stack(namespace: str, env: dict[str, str], home: Path) -> Iterator[None]:
    """nginx with TLS before gunicorn, inside the namespace of the server."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=sotiem", "-keyout", home / "key.pem",
         "-out", home / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    (home / "nginx.conf").write_text(NGINX.format(home=home, address=ADDRESS, port=PORT))
    inside, log = ["ip", "netns", "exec", namespace], (home / "gunicorn.log").open("w")
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi"]
    more = {"HOST": "127.0.0.1", "PORT": "8000", "WEB_CONCURRENCY": "1", "PROXIES": "1"}
    with (
        log,
        running(
            [*inside, *gunicorn], cwd=ROOT, env=os.environ | env | more, stdout=log, stderr=log
        ),
        running([*inside, "nginx", "-c", str(home / "nginx.conf")], stderr=subprocess.DEVNULL),
    ):
        for _ in range(100):
            said = _inside(namespace, ["curl", "-sk", f"https://{ADDRESS}:{PORT}/readyz"])
            if said == "ok\n":
                break
            time.sleep(0.2)
        yield


def ask(namespace: str, protocol: str, requests: list[Sent | str], home: Path) -> list[Took]:
    """One connection: each request as soon as the one before it is answered. A text is a GET."""
    parts = [_curl_words(request, n, home) for n, request in enumerate(requests)]
    (home / "curl.conf").write_text("\nnext\n".join(parts))
    said = _inside(namespace, ["curl", f"--{protocol}", "-K", str(home / "curl.conf")])
    found = []
    for line in said.splitlines():
        seconds, *numbers = line.split()
        status, head, body, back_head, back = (int(number) for number in numbers)
        found.append(Took(float(seconds), status, head + body, back_head, back))
    return found


def _curl_words(request: Sent | str, n: int, home: Path) -> str:
    told = " ".join(f"%{{{name}}}" for name in TOLD) + r"\n"
    words = [
        "silent",
        "insecure",
        'max-time = "60"',
        'output = "/dev/null"',
        f'write-out = "{told}"',
    ]
    if isinstance(request, str):
        lines, path = ["Accept: text/html", "Accept-Encoding: gzip, deflate"], request
    else:
        head, _, body = request.data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        path = first.split()[1]
        (home / f"{n}.body").write_bytes(body)
        words.append(f'data-binary = "@{home}/{n}.body"')
    skipped = ("Host", "Content-Length")
    words += [f'header = "{line}"' for line in lines if not line.startswith(skipped)]
    return "\n".join([*words, f'url = "https://{ADDRESS}:{PORT}{path}"'])


def cold(namespace: str, protocol: str, home: Path, times: int) -> dict[str, float]:
    """The sign-in page over a new connection (TCP, TLS, the page), and its style sheet."""
    css = style_sheet()
    seen = [ask(namespace, protocol, ["/sign-in", css], home) for _ in range(times)]
    return {
        "cold_page": middle(one[0].seconds for one in seen),
        "cold_page_and_css": middle(sum(part.seconds for part in one) for one in seen),
    }


def middle(seconds: Iterable[float]) -> float:
    """The median, to the millisecond."""
    return round(statistics.median(seconds), 3)


def style_sheet() -> str:
    """The address of the style sheet."""
    from flask import current_app

    from app.web import static_url

    with current_app.test_request_context():
        return static_url("so.css")


def doses(namespace: str, protocol: str, pairs: list[Sent], home: Path) -> dict[str, Any]:
    """Look-ups and doses in turn over one open connection."""
    lookup, *_ = pairs
    took = ask(namespace, protocol, [lookup, *pairs], home)[1:]
    finds, records = took[::2], took[1::2]
    wrong = [one.status for one in took if one.status != 200]
    whole = sorted(a.seconds + b.seconds for a, b in zip(finds, records, strict=False))
    return {
        "lookup": middle(one.seconds for one in finds),
        "record": middle(one.seconds for one in records),
        "dose": middle(whole),
        "dose_p95": round(whole[min(len(whole) - 1, len(whole) * 95 // 100)], 3),
        "doses": len(whole),
        "wrong": wrong,
        "bytes": {
            name: dict(zip(("up", "down_head", "down"), one[2:], strict=True))
            for name, one in (("lookup", finds[-1]), ("record", records[-1]))
        },
    }


def arguments() -> argparse.Namespace:
    """Parameters; the link is GPRS unless told otherwise."""
    ask_for = argparse.ArgumentParser(prog="python -m bench.slow", description=__doc__)
    ask_for.add_argument("--doses", type=int, default=30)
    ask_for.add_argument("--down", type=float, default=50, help="kbit/s")
    ask_for.add_argument("--up", type=float, default=20, help="kbit/s")
    ask_for.add_argument("--delay", type=float, default=250, help="ms one way")
    ask_for.add_argument("--loss", type=float, default=2, help="percent, in a second round")
    return ask_for.parse_args()


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Both protocols, on a clean link and on one that loses packets."""
    found: dict[str, Any] = {}
    with ExitStack() as opened, tempfile.TemporaryDirectory(prefix="bench-slow-") as folder:
        home = Path(folder)
        env, work = opened.enter_context(made_nation(5000, 10))
        for loss, protocol in product((0.0, given.loss), ("http1.1", "http2")):
            pairs = list(work.ahead(50, 2 * given.doses))
            with (
                link(given.down, given.up, given.delay, loss) as (server, client),
                stack(server, env, home),
            ):
                part = doses(client, protocol, pairs, home)
                if not loss:
                    part |= cold(client, protocol, home, 3)
            found[f"{protocol}, loss {loss:g} %"] = part
            say(f"{protocol}, loss {loss:g} %: {part}")
    return found


def main() -> int:
    """Measure and print."""
    given, why = arguments(), missing()
    if why:
        say(f"NOT RUN: {why}")
        return 1
    load, found = os.getloadavg()[0], measure(given)
    link_ = {"down_kbit": given.down, "up_kbit": given.up, "one_way_ms": given.delay}
    print(json.dumps({"link": link_, "load_before": load, **found, "goals": GOALS}))
    return int(any(part["wrong"] for part in found.values()))


if __name__ == "__main__":
    sys.exit(main())
