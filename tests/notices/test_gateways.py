"""The folder, and a provider behind HTTP that answers anything."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.config import ConfigError, load
from app.notices import gateways
from bench.serve import free_port
from tests.test_config import GOOD


@contextmanager
def provider(status=200, body=b'{"id": "77"}', silent=0.0):
    """A provider that answers so; what it was sent."""
    seen, over = [], threading.Event()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((dict(self.headers), json.loads(text)))
            over.wait(silent)
            if status == 0:
                return  # the line is cut
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield gateways.at(f"http://127.0.0.1:{server.server_port}/sms", "key"), seen
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def test_a_provider_gets_our_reference():
    with provider() as (gateway, seen):
        assert gateway.send("ref1", "0912345678", "Xin chao") == "77"
    ((headers, body),) = seen
    assert body == {"reference": "ref1", "to": "+84912345678", "text": "Xin chao"}
    assert (headers["Idempotency-Key"], headers["Authorization"]) == ("ref1", "Bearer key")


@pytest.mark.parametrize("body", [b"", b"no json", b"[1]", b'{"name": 1}', b"\xff" * 99_999])
def test_a_strange_body_was_taken_all_the_same(body):
    with provider(202, body) as (gateway, _seen):
        assert gateway.send("ref1", "0912345678", "x") == ""


@pytest.mark.parametrize(("status", "meaning"), [
    (400, gateways.Unfit), (422, gateways.Unfit), (401, gateways.Refused),
    (429, gateways.Refused), (500, gateways.Refused), (503, gateways.Refused),
    (302, gateways.Refused), (502, gateways.Unsure), (504, gateways.Unsure), (0, gateways.Unsure),
])  # fmt: skip
def test_what_an_answer_means(status, meaning):
    with provider(status) as (gateway, seen), pytest.raises(meaning):
        gateway.send("ref1", "0912345678", "x")
    assert len(seen) == 1


def test_silence_may_mean_that_it_left(monkeypatch):
    monkeypatch.setattr("app.notices.gateways.TIMEOUT", 0.2)
    with provider(silent=5) as (gateway, _seen), pytest.raises(gateways.Unsure):
        gateway.send("ref1", "0912345678", "x")


def test_nobody_there_is_a_refusal():
    gateway = gateways.at(f"http://127.0.0.1:{free_port()}/", "key")
    with pytest.raises(gateways.Refused, match="no_connection"):
        gateway.send("ref1", "0912345678", "x")


def test_a_folder_knows_a_repeat_again(tmp_path):
    folder = gateways.at(f"file://{tmp_path}/out", "")
    for _ in range(2):
        assert folder.send("ref1", "0912345678", "Xin chao") == "ref1"
    (only,) = (tmp_path / "out").iterdir()
    assert only.name == "ref1.json"
    assert json.loads(only.read_text()) == {"to": "0912345678", "text": "Xin chao"}


def test_settings_name_the_gateways():
    two = {"SMS_GATEWAY": "https://a.vn/sms", "SMS_GATEWAY_KEY": "k",
           "SMS_GATEWAY_2": "file:///var/sms"}  # fmt: skip
    assert load(GOOD | two).sms == (("https://a.vn/sms", "k"), ("file:///var/sms", ""))
    assert load(GOOD).sms == ()


@pytest.mark.parametrize(("url", "key"), [
    ("http://a.vn/sms", "k"), ("https://a.vn/sms", ""), ("ftp://a.vn/", "k"), ("file://sms", ""),
    ("https:///sms", "k"), ("sms", "k"),
])  # fmt: skip
def test_a_wrong_gateway_is_named(url, key):
    with pytest.raises(ConfigError, match="SMS_GATEWAY"):
        load(GOOD | {"SMS_GATEWAY": url, "SMS_GATEWAY_KEY": key})
