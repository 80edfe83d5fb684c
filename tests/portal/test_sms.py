"""The gateway tells us of messages that arrived, and brings those that people write."""

import json
from dataclasses import dataclass
from datetime import datetime

import pytest

from app import clock
from app.audit import AuditEntry
from app.config import Config
from app.notices import rules
from app.notices.models import Notice
from app.once import Submission
from app.verification.models import Tally
from tests import build
from tests.portal.conftest import wrong

KEY = "w" * 32


@dataclass
class Gateway:
    """Signs what it sends, unless told otherwise."""

    client: object

    def post(self, body, key=KEY, at=None, **heads):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = at or str(int((clock.now() - datetime(1970, 1, 1)).total_seconds()))
        heads = {"X-Time": at, "X-Signature": rules.signature(key, at, raw)} | heads
        return self.client.post("/sms", data=raw, headers=heads)

    def write(self, text, id="m1", phone="+84912345678"):
        answer = self.post({"kind": "message", "id": id, "from": phone, "text": text})
        assert answer.status_code == 200
        return answer.json["reply"]


@pytest.fixture
def gateway(app, client, monkeypatch):
    config: Config = app.extensions["config"]
    monkeypatch.setitem(app.extensions, "config", config._replace(sms_webhook_key=KEY))
    return Gateway(client)


def notice(**given):
    site = build.country()[2]
    values = {
        "event": 1, "kind": "dose_recorded", "person": build.person(site), "unit": site,
        "phone": "0912345678", "lang": "vi", "about": {}, "reference": "ref1", "state": "sent",
        "next_try_at": clock.now(), "created_at": clock.now(),
    }  # fmt: skip
    return Notice.create(**(values | given))


def test_a_message_that_arrived_is_noted(gateway):
    notice()
    told = {"kind": "delivery", "reference": "ref1", "status": "delivered"}
    assert gateway.post(told).json == {"known": True}
    first = Notice.get()
    assert first.state == "delivered" and first.delivered_at
    gateway.post(told | {"status": "failed"})
    assert Notice.get().state == "delivered", "a late callback took back what arrived"
    assert gateway.post(told | {"reference": "ref2"}).json == {"known": False}


def test_a_message_that_did_not_arrive_is_noted(gateway):
    notice(state="waiting")
    gateway.post({"kind": "delivery", "reference": "ref1", "status": "expired"})
    assert (Notice.get().state, Notice.get().last_error) == ("failed", "undelivered")


def test_a_look_up_by_message(gateway, holder):
    number, pin = holder.number, holder.pin
    for n, text in enumerate((
        f"TC {number} 1980 {pin}", f"tc  {number[:4]} {number[4:]} 1980 {pin} ",
        f"TC {holder.slip.code} 1980 {pin}",
    )):  # fmt: skip
        reply = gateway.write(text, id=f"m{n}")
        assert reply.startswith("So Tiem: da tiem 1 mui, mui gan nhat ngay "), text
        assert "Comirnaty" in reply and len(reply) <= 160
        assert holder.person.name.split()[-1] not in reply
    assert gateway.write(f"CHECK {number} 1980 {pin}", id="en").startswith("So Tiem: 1 doses")
    asked = AuditEntry.select().where(AuditEntry.action == "look_up")
    assert {row.person_id for row in asked} == {holder.person.id}


def test_wrong_and_unknown_have_one_answer(gateway, holder):
    number, pin = holder.number, holder.pin
    replies = {
        gateway.write(text, id=f"m{n}", phone=f"+8491234567{n}")
        for n, text in enumerate((
            f"TC {number} 1980 {wrong(pin)}", f"TC {number} 1981 {pin}",
            f"TC 001180123456 1980 {pin}", "TC", "TC 1", f"TC {number} {pin}",
            f"TC ' or 1=1 1980 {pin}",
        ))
    }  # fmt: skip
    assert len(replies) == 1 and "khong tim thay" in replies.pop()


def test_guessing_ends_by_number_and_by_telephone(gateway, holder):
    def guess(n, number, phone):
        return gateway.write(f"TC {number} 1980 {wrong(holder.pin)}", f"g{n}", phone)

    ends = [guess(n, holder.number, f"+84912{n:06}") for n in range(6)]
    assert ["qua nhieu" in reply for reply in ends] == [False] * 5 + [True]
    ends = [guess(n, f"0011801{n:05}", "+84987654321") for n in range(10, 21)]
    assert ["qua nhieu" in reply for reply in ends] == [False] * 10 + [True]
    right = gateway.write(f"TC {holder.number} 1980 {holder.pin}", "right", "+84912999999")
    assert "qua nhieu" in right, "the wait is for the right PIN too"


def test_look_ups_that_are_answered_are_limited_for_they_cost(gateway, holder):
    text = f"TC {holder.number} 1980 {holder.pin}"
    ends = [gateway.write(text, f"m{n}") for n in range(41)]
    assert ["qua nhieu" in reply for reply in ends] == [False] * 40 + [True]
    assert "da tiem" in gateway.write(text, "other", "+84987654321")


def test_a_message_that_comes_again_has_the_same_answer(gateway, holder):
    text = f"TC {holder.number} 1980 {holder.pin}"
    assert gateway.write(text) == gateway.write(text)
    assert AuditEntry.select().where(AuditEntry.action == "look_up").count() == 1
    other = {"kind": "message", "id": "m1", "from": "+84912345678", "text": "TC"}
    assert gateway.post(other).status_code == 409
    kept = " ".join(f"{row.key} {row.body} {row.result}" for row in Submission.select())
    assert holder.pin not in kept and holder.number not in kept


@pytest.mark.parametrize("text", ["xin chào", "😀", "tcx", " ", "\u0130" * 500])
def test_anything_else_is_answered_with_help(gateway, text):
    assert "soan TC" in gateway.write(text)


def test_what_is_forged_or_old_is_refused_without_a_word(gateway, client):
    notice()
    told = {"kind": "delivery", "reference": "ref1", "status": "delivered"}
    past = str(int((clock.now() - datetime(1970, 1, 1)).total_seconds()) - 301)
    answers = [
        gateway.post(told, key="x" * 32), gateway.post(told, at=past), gateway.post(told, at="-1"),
        gateway.post(told, **{"X-Signature": ""}), gateway.post(told, **{"X-Signature": "é"}),
        gateway.post(b"no json", key="x" * 32), client.post("/sms", json=told),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.data for answer in answers}) == 1
    assert Notice.get().state == "sent"


def test_without_a_key_nobody_is_believed(app, client):
    assert Gateway(client).post({"kind": "delivery"}, key="").status_code == 403


@pytest.mark.parametrize("body", [
    b"", b"no json", b"[]", b'{"kind": "else"}', b'{"kind": "message"}',
    b'{"kind": "message", "id": 1, "from": "a", "text": "b"}',
    b'{"kind": "message", "id": "a\\u0000", "from": "a", "text": "b"}',
    b'{"kind": "message", "id": "a\\ud800", "from": "a", "text": "b"}',
    b'{"kind": "delivery", "reference": null}', b"\xff\xfe",
])  # fmt: skip
def test_what_is_signed_and_strange_is_refused(gateway, body):
    assert gateway.post(body).status_code == 400


def test_a_long_message_is_not_read(gateway):
    assert gateway.post(b" " * 65_537).status_code == 413


def counted(what) -> dict[str, int]:
    return {kind: times for kind, (times,) in Tally.of(what, [clock.today()]).items()}


def test_every_message_is_counted_once_by_what_it_asked(gateway, holder, client):
    number, key = holder.number, {"kind": "message", "id": "m1", "from": "+84912345678"}
    gateway.write(f"TC {number} 1980 {holder.pin}")
    gateway.write(f"TC {number} 1980 {holder.pin}")
    gateway.post(key | {"text": "TC"})
    for n, text in enumerate(("SAI", "PU", "xin chào", "TC 1")):
        gateway.write(text, id=f"n{n}")
    gateway.post(b"no json")
    for _ in range(3):
        gateway.post(key, key="x" * 32)
    kept = [model.select().count() for model in (Submission, AuditEntry)]
    client.post("/sms", json=key)
    assert [model.select().count() for model in (Submission, AuditEntry)] == kept
    assert counted("inbound") == {
        "forged": 4, "look_up": 2, "strange": 2, "help": 1, "ill": 1, "repeated": 1, "wrong": 1,
    }  # fmt: skip


def test_who_is_over_a_limit_is_counted_as_that(gateway, holder):
    for n in range(7):
        gateway.write(f"TC {holder.number} 1980 {wrong(holder.pin)}", f"g{n}", f"+8491200000{n}")
    assert counted("inbound") == {"look_up": 5, "over": 2}
    assert counted("limit") == {"number": 1}, "once in each window"


def test_a_message_that_breaks_is_not_counted_as_heard(gateway, monkeypatch):
    monkeypatch.setattr("app.portal.views.sms.answer", lambda *_: 1 / 0)
    told = {"kind": "message", "id": "m1", "from": "+84912345678", "text": "TC"}
    assert gateway.post(told).status_code == 500
    assert counted("inbound") == {}


def test_a_telephone_that_answers_by_itself_ends(gateway):
    """Each answer costs a message, also the one that says to wait."""
    with clock.frozen(datetime(2026, 8, 12, 9)):
        replies = [gateway.write("Toi dang lai xe", id=f"m{n}") for n in range(103)]
        assert ["soan TC" in reply for reply in replies] == [True] * 100 + [False] * 3
        assert set(replies[100:]) == {""} and gateway.write("Toi dang lai xe", id="m102") == ""
        assert counted("inbound") == {"help": 100, "over": 3, "repeated": 1}
        assert counted("limit") == {"sms_answers": 1}
        assert "115" in gateway.write("PU khó thở", id="ill"), "danger was not heard"
        assert gateway.write("TC", id="other", phone="+84987654321")
