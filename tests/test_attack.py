"""The attack program: what it says of answers, and a small run of it. Nothing here is timed."""

from datetime import datetime

import pytest
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import clock
from app.db import is_postgres
from app.verification import rules as limits
from bench import attack, siege, strangers
from bench.client import Answer, Sent
from bench.seed import seed
from tests.test_bench import send

KEY, MORNING = "k" * 32, datetime(2026, 11, 20, 8, 1)


def answers(sent: Sent, status: int = 200, body: bytes = b"none", took: float = 0.01) -> Answer:
    return Answer(sent.kind, sent.ref, status, 0, took, b"HTTP/1.1 200 OK\r\nX: y", body)


def about(ref: int) -> Sent:
    return Sent("/x", b"POST /x HTTP/1.1\r\n\r\nwhat=001080012345", ref)


def judged(**known) -> attack.Line:
    """Of an answer about somebody who is known, and another one about nobody."""

    def ask(requests, _lines):
        return [answers(sent, **(known if sent.ref == 0 else {})) for sent in requests]

    kinds = {"known": lambda _: about(0), "nobody": lambda _: about(1)}
    (line,) = attack.compared("/x", attack.alike(ask, kinds, 40))
    return line


@pytest.mark.parametrize(
    ("known", "alike"),
    [
        ({}, True), ({"body": b"none for 001080012345"}, False), ({"status": 404}, False),
        ({"took": 0.02}, False), ({"took": 0.0101}, True),
    ],
)  # fmt: skip
def test_what_tells_is_seen(known, alike):
    assert judged(**known).met == alike


def test_what_was_typed_is_not_looked_at():
    sent = about(0)
    one, other = (
        attack._bare(sent, answers(sent, body=body)) for body in (b"001080012345", b"...")
    )
    assert one == other


def test_ranks_are_those_of_mann_and_whitney():
    assert attack.rank_test([1, 2, 3], [4, 5, 6]) == pytest.approx(-1.964, abs=0.001)
    assert attack.rank_test([1, 4], [2, 3]) == attack.rank_test([5, 5], [5, 5]) == 0


def test_a_limit_that_stops_nobody_or_everybody_is_seen():
    guess = attack.Guess("x", limits.LOOK_UP[0], [Sent("x", b"", n) for n in range(9)])
    with clock.frozen(MORNING):
        for heard, met in {5: True, 6: False, 4: False}.items():
            line = attack.stopped(
                lambda requests, _, most=heard: [
                    answers(sent, 200 if sent.ref < most else 429) for sent in requests
                ], guess)  # fmt: skip
            assert line.met == met and line.figure.startswith(f"{heard} of 9")


@pytest.mark.parametrize(("statuses", "got", "met"), [
    ([422, 422, 429], 0, True), ([422, 200, 422], 0, False), ([422, 429, 429], 1, False),
    ([422, 429, 500], 0, False), ([422, 429, 0], 0, False), ([422, 429], 0, False),
])  # fmt: skip
def test_what_got_through_is_seen(statuses, got, met):
    requests = [Sent("x", b"", n) for n in range(3)]
    tried = siege.Siege("x", "", requests, 2, lambda: {"guessed": (got, 0)})

    def ask(requests, _lines):
        return [answers(sent, status) for sent, status in zip(requests, statuses, strict=False)]

    line = siege.held(ask, tried)
    assert line.met == met and line.figure.endswith(f"guessed {got}")


@pytest.mark.parametrize("name", siege.bombs())
def test_a_bomb_is_small(name):
    assert len(siege.bombs()[name]) < 100_000, "one send of the client would not take it"


def test_strangers_learn_nothing_and_the_honest_are_served(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goal C6."""
    if not is_postgres():
        pytest.skip("the seed is written by PostgreSQL itself")
    monkeypatch.setattr(limits, "REGISTER", tuple(
        limit._replace(most=most) for limit, most in zip(limits.REGISTER, (5, 12), strict=True)
    ))  # fmt: skip
    most = zip(limits.ASK_CODE, (3, 6, 20, 30), strict=True)
    monkeypatch.setattr(limits, "ASK_CODE", tuple(one._replace(most=n) for one, n in most))
    monkeypatch.setattr(siege, "MORE", 35)
    monkeypatch.setitem(app.extensions, "config", app.extensions["config"]._replace(
        sms_webhook_key=KEY, sms=(("file:///nowhere", ""),)
    ))  # fmt: skip
    monkeypatch.setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=1))
    given = attack.arguments(
        ["--samples", "3", "--honest", "10", "--tries", "105", "--flood", "15"]
    )
    with clock.frozen(MORNING):
        seed(people=200, sites=4)
        people = strangers.holders(given.samples + 1)
        lines = list(attack.attack(
            lambda requests, _: [send(app, sent) for sent in requests], people, KEY, given
        ))  # fmt: skip
    assert [line for line in lines if not line.met] == []
    figures = {line.what: line.figure for line in lines}
    assert figures["registrations from one address that names others"] == "12 of 15 heard"
    assert figures["honest people behind one address"].startswith("10 served")
    assert figures["codes from one address"].startswith("35 tries, 30 × 200, 5 × 429, ")
    assert figures["codes from one address"].endswith(" messages that cost 30")
    assert figures["the code of one telephone"] == "60 tries, 5 × 422, 55 × 429, guessed 0"
    assert figures["photos for one ticket"].startswith("60 tries, 2 × 200, ")
    assert len(lines) == 33
