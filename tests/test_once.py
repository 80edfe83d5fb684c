"""A form does its work once: at any number of sendings, at the same moment, by nobody else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from flask import g

from app.audit import AuditEntry, record
from app.db import db
from app.once import IGNORED, KeyReused, Submission, digest, new_key, once
from app.stock.models import Holding, Movement
from app.words import Refused
from tests import build

KEY = "k" * 22


def counting():
    """Work that says how often it was done."""
    done = []
    return done, lambda: done.append(1) or len(done)


def test_the_work_is_done_once_and_its_result_kept(app):
    done, work = counting()
    assert [once(KEY, "body", work) for _ in range(5)] == ["1"] * 5
    assert done == [1]
    assert once(new_key(), "body", work) == "2"


def test_another_body_is_refused(app):
    done, work = counting()
    once(KEY, "body", work)
    with pytest.raises(KeyReused):
        once(KEY, "another", work)
    assert done == [1]


@pytest.mark.parametrize(("first", "then"), [(1, 2), (1, None), (None, 1)])
def test_the_key_of_somebody_else_is_refused(app, first, then):
    done, work = counting()
    g.user = SimpleNamespace(id=first, unit_id=1) if first else None
    once(KEY, "body", work)
    g.user = SimpleNamespace(id=then, unit_id=1) if then else None
    with pytest.raises(KeyReused):
        once(KEY, "body", work)
    assert done == [1]


@pytest.mark.parametrize("error", [Refused(("", "stale")), RuntimeError("fault")])
def test_what_fails_leaves_nothing_and_frees_the_key(app, error):
    site = build.country()[2]
    lot = build.holding(site, doses=5)

    def work():
        Holding.update(balance=0).where(Holding.id == lot.id).execute()
        record("change", "lot", lot.id)
        raise error

    with pytest.raises(type(error)):
        once(KEY, "body", work)
    assert Holding.get_by_id(lot.id).balance == 5
    assert not Submission.select().count() and not AuditEntry.select().count()
    assert once(KEY, "body", lambda: 7) == "7"


def test_at_the_same_moment_one_works_and_all_get_its_result(app):
    at_once, done = 8, []
    gate, lock = threading.Barrier(at_once), threading.Lock()

    def work():
        with lock:
            done.append(1)
        return 42

    def send(_number):
        with app.app_context(), db.connection_context():
            gate.wait()
            return once(KEY, "body", work)

    with ThreadPoolExecutor(at_once) as pool:
        assert list(pool.map(send, range(at_once))) == ["42"] * at_once
    assert done == [1]


def test_a_digest_is_of_what_was_asked():
    form = {"a": ["1"], "b": ["2"]}
    assert digest(form) == digest(dict(reversed(form.items())))
    assert digest(form) != digest({"a": ["2"], "b": ["1"]})
    assert digest(form) != digest(form, "/elsewhere")
    assert digest(form) != digest({"a": ["1", "2"]})
    for name in IGNORED:
        assert digest(form | {name: ["x"]}) == digest(form), name
    assert digest(form | {"c": [""]}) != digest(form)


def receive(client, **changes):
    """The form that takes doses into the store, sent as the browser sends it."""
    form = client.open_page("/lots/receive").form("number")
    values = form.values | {
        "product": ["COMIRNATY"], "number": ["FC1234"], "expires_on": ["31/12/2027"],
        "doses": ["30"],
    }  # fmt: skip
    return values | changes


@pytest.fixture
def store(client):
    build.sign_in(client, build.user(build.country()[2], "storekeeper"))
    return client


def test_a_form_sent_again_answers_the_same(store):
    values = receive(store)
    answers = [store.post("/lots/receive", data=values) for _ in range(3)]
    assert {(a.status_code, a.location) for a in answers} == {(303, answers[0].location)}
    assert Movement.select().count() == 1


def test_its_key_with_other_content_is_a_conflict(store):
    values = receive(store)
    store.post("/lots/receive", data=values)
    page = store.send("/lots/receive", values | {"doses": ["31"]}, status=409)
    assert Holding.get().balance == 30 and page.css("main a[href]")


def test_its_key_in_another_form_is_a_conflict(store):
    values = receive(store)
    store.post("/lots/receive", data=values)
    lot = Holding.get()
    values = {name: values[name] for name in ("key", "csrf_token")} | {
        "doses": ["1"], "reason": ["waste_broken"], "note": [""]}  # fmt: skip
    assert store.post(f"/lots/{lot.id}/waste", data=values).status_code == 409
    assert Holding.get().balance == 30


@pytest.mark.parametrize("key", [None, "", "short", "x" * 1000, "\x00" * 20, "ạ" * 20, " " * 20])
def test_a_form_without_a_good_key_does_nothing(store, key):
    values = receive(store)
    values |= {"key": [key]} if key is not None else {}
    if key is None:
        del values["key"]
    answer = store.post("/lots/receive", data=values)
    assert answer.status_code == 422
    assert not Movement.select().count()


def test_a_wrong_form_may_be_sent_again_with_its_key(store):
    page = store.open_page("/lots/receive").submit("number", number="FC1", doses="-1")
    assert page.status == 422
    page = page.submit(
        "number", product="COMIRNATY", number="FC1", expires_on="31/12/2027", doses="5"
    )
    assert Holding.get().balance == 5
