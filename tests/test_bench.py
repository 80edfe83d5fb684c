"""The programs that measure: what they count must be so. Nothing here is timed."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.certificates import envelope
from app.db import db, is_postgres
from app.people import rules
from app.people.models import Document, Person
from app.registrations.models import Registration
from app.stock.models import Holding
from app.verification.verifier import Verdict
from app.visits.models import Dose
from bench import certificates, checks, client, keys, load, slow, weigh, wishes
from bench.calling import gather
from bench.client import Answer, Sent
from bench.day import ACTS, make_day_here, step
from bench.forms import Work
from bench.parts import environ
from bench.scales import Scales, Weight, Wire
from bench.seed import PROVINCES, seed


@pytest.fixture
def nation(app: Flask) -> Work:
    """A small nation on PostgreSQL, and the requests that come from it."""
    if not is_postgres():
        pytest.skip("the seed is written by PostgreSQL itself")
    return Work(app, seed(people=600, sites=4))


def test_seeded_people_are_as_the_rules_make_them(nation: Work) -> None:
    numbers = {row.person_id: row.number for row in Document.select()}
    assert len(set(numbers.values())) == len(numbers) == 600
    for person in Person.select():
        name = person.name
        made = (rules.fold(name), rules.sound(name), rules.sort_key(name))
        assert (person.folded, person.sound, person.sort_key) == made
        assert rules.normal("CCCD", numbers[person.id]) == numbers[person.id]
        assert not rules.disagreements(numbers[person.id], person.dob, person.sex)
    wrong, counts = checks.check(checks.start(), [])
    assert not wrong and counts["chains_broken"] == 0
    assert Dose.select().count() > 200


def send(app: Flask, sent: Sent) -> Answer:
    status: list[str] = []
    heads: list[tuple[str, str]] = []

    def start(line: str, headers: list[tuple[str, str]]) -> None:
        status.append(line)
        heads.extend(headers)

    with app.app_context():
        body = b"".join(app.wsgi_app(environ(sent), start))
    head = "\r\n".join(": ".join(pair) for pair in heads).encode()
    return Answer(sent.kind, sent.ref, int(status[0][:3]), 0, 0, head, body)


def test_what_the_answers_say_is_what_is_stored(nation: Work) -> None:
    before = checks.start()
    answers = [send(nation.app, sent) for sent in nation.ahead(50, 20)]
    assert [one.kind for one in answers].count("dose") == 10
    assert {one.status for one in answers} == {200}
    saved = [one.ref for one in answers if load.saved(one)]
    assert saved == [one.ref for one in answers if one.kind == "dose"]
    lookups = [one for one in answers if one.kind == "lookup"]
    assert all(load.found(one) for one in lookups)
    assert not load.found(lookups[0]._replace(ref=lookups[0].ref + 1))
    wrong, counts = checks.check(before, saved)
    assert wrong == []
    assert {counts[name] for name in ("acknowledged", "doses", "units_taken", "audited")} == {10}
    assert "not those of the people" in " ".join(checks.check(before, [*saved[1:], 10**6])[0])
    Holding.update(balance=Holding.balance - 1).where(Holding.id == 1).execute()
    wrong = " ".join(checks.check(before, saved)[0])
    assert "should be one number" in wrong and "not the sum of its ledger" in wrong


def test_a_refused_dose_is_not_counted_as_saved(nation: Work) -> None:
    first = next(sent for sent in nation.ahead(100, 1))
    assert load.saved(send(nation.app, first))
    again = Sent(first.kind, first.data.replace(b"table_no=1", b"table_no=0"), first.ref)
    assert again.data != first.data
    answer = send(nation.app, again)
    assert answer.status != 200 and not load.saved(answer)


def test_doses_that_were_not_sent_come_again(nation: Work) -> None:
    unsent = nation.ahead(100, 5)
    first = next(unsent)
    assert first.ref not in [sent.ref for sent in nation.ahead(100, 5)]
    assert len({sent.ref for sent in nation.ahead(100, 50)}) == 50


@pytest.fixture
def server() -> Iterator[Callable[[list[bytes]], tuple[str, int]]]:
    """Serves one connection for each list of pieces, then closes it."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve(pieces: list[bytes]) -> None:
        line, _ = listener.accept()
        with line:
            for piece in pieces:
                line.recv(65536)
                for part in (piece[:7], piece[7:]):
                    line.sendall(part)

    def begin(*connections: list[bytes]) -> tuple[str, int]:
        def run() -> None:
            for pieces in connections:
                serve(pieces)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return listener.getsockname()

    yield begin
    for thread in threads:
        thread.join()
    listener.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CLOSE = b"HTTP/1.1 422 X\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"
REQUEST = b"GET / HTTP/1.1\r\n\r\n"


def test_each_answer_belongs_to_its_request(server) -> None:
    address = server([OK, CLOSE], [OK])
    sent = [Sent("dose", REQUEST, 1), Sent("lookup", REQUEST, 2), Sent("dose", REQUEST, 3)]
    answers = client.run(address, iter(sent), 60, connections=1)
    assert [(one.kind, one.ref, one.status, one.body) for one in answers] == [
        ("dose", 1, 200, b"ok"), ("lookup", 2, 422, b"no"), ("dose", 3, 200, b"ok"),
    ]  # fmt: skip


def test_an_answer_that_is_cut_off_is_none(server) -> None:
    address = server([OK[:-1]], [OK])
    answers = client.run(address, iter([Sent("dose", REQUEST, n) for n in (1, 2)]), 60, 1)
    assert [one.status for one in answers] == [0, 200]


def phase(seconds: float, **numbers: int) -> load.Phase:
    answers = [
        Answer(kind, n, 200, 0, n / 1000, b"", b"")
        for kind, number in numbers.items()
        for n in range(number)
    ]
    return load.Phase(answers, answers, seconds, {"app": 1.0, "postgres": 2.0, "client": 0.5}, 0.25)


def test_figures_are_medians_and_ratios_of_the_same_run() -> None:
    found = load.figures({
        "hello": [phase(1, hello=100), phase(1, hello=400), phase(1, hello=200)],
        "lookup": [phase(1, lookup=50), phase(1, lookup=50), phase(1, lookup=50)],
        "dose": [phase(1, dose=50), phase(1, dose=100), phase(1, dose=100)],
        "mix": [phase(2, dose=40, lookup=60)] * 3,
    })  # fmt: skip
    assert (found["doses_per_s"], found["lookups_per_s"], found["hello_rps"]) == (20, 30, 200)
    assert (found["dose_to_hello"], found["lookup_to_hello"]) == (0.5, 0.25)
    assert (found["p50_ms"], found["p99_ms"]) == (25, 59)
    assert found["spread"]["hello_rps"] == [100, 400] and found["errors"] == 0
    assert found["taken_by_others"] == 0.25 and found["dose_to_hello_by_cpu"] == 1
    assert found["cpu_ms_per_dose"] == {"app": 1.0, "postgres": 2.0, "client": 0.5}


def weight(**given: object) -> Weight:
    values = {"name": "/x", "page": 10, "cold": 20, "warm": 10, "deferred": 0, "asks": 2,
              "asks_warm": 1, "elsewhere": ()} | given  # fmt: skip
    return Weight(**values)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, ""),
        ({"cold": 3001}, "cold 3,001 > 3,000"),
        ({"warm": 1201}, "warm 1,201 > 1,200"),
        ({"asks": 3}, "3/1 requests"),
        ({"asks_warm": 2}, "2/2 requests"),
        ({"elsewhere": ("https://fonts.example/x",)}, "other hosts: https://fonts.example/x"),
    ],
)
def test_a_page_is_held_against_its_budget(given: dict, fault: str) -> None:
    row = weigh.judged(weight(**given), "nobody", "/sign-in", "accounts.sign_in")
    assert row.faults == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("sent", "size", "status", "faults"),
    [(1400, 1400, 200, 0), (1401, 1400, 200, 1), (1400, 1401, 200, 1), (10, 10, 303, 1)],
)
def test_a_dose_is_one_packet_each_way(sent: int, size: int, status: int, faults: int) -> None:
    wire = Wire("POST", "/x", status, "text/html", sent, size, "")
    assert len(weigh.dose_path_faults(wire)) == faults


def test_addresses_are_made_for_all_known_arguments(app: Flask) -> None:
    rules_ = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    found = weigh.addresses(rules_["stock.move"], {"holding_id": [5]})
    assert {one["kind"] for one in found} >= {"waste", "return"}
    assert {one["holding_id"] for one in found} == {5}
    assert weigh.addresses(rules_["stock.move"], {}) is None


def test_scales_count_what_a_browser_fetches(app: Flask) -> None:
    scales = Scales(app)
    scales.open_page("/sign-in")
    plain = len(scales.wire[-1].text.encode())
    found = scales.weigh("sign-in")
    assert found.page < plain, "not packed"
    assert (found.asks, found.asks_warm) == (2, 1)
    assert found.warm == found.page < found.cold
    wire = scales.wire[-1]._replace(
        text=wire_text('<img src="https://elsewhere.example/a.png"><img src="data:,x">')
    )
    assert scales.weigh("x", wire).elsewhere == ("https://elsewhere.example/a.png",)


def wire_text(more: str) -> str:
    return f"<!doctype html><title>x</title>{more}"


def test_every_act_of_the_day_can_be_done(app: Flask) -> None:
    if is_postgres():
        pytest.skip("pages weigh the same on both databases")
    day = make_day_here()
    for name in ACTS:
        weighed, wire = step(app, day, name)
        assert wire.text and weighed.page == wire.bytes, name
        assert wire.status in (200, 403, 404, 422), name


def test_a_dose_costs_few_keys_and_no_mouse(app: Flask) -> None:
    """Goal A5."""
    if is_postgres():
        pytest.skip("pages want the same keys on both databases")
    told = keys.measure(app, make_day_here())
    assert {way: one["keys_per_dose"] for way, one in told.items()} == {
        "scanner": 1, "typed number": 14, "batch": 0.3,
    }  # fmt: skip
    assert {way: one["requests"] for way, one in told.items()} == {
        "scanner": 10, "typed number": 10, "batch": 3,
    }  # fmt: skip


def test_curl_sends_what_a_browser_sends(tmp_path) -> None:
    data = b"POST /x HTTP/1.1\r\nHost: h\r\nCookie: s=1\r\nContent-Length: 3\r\n\r\na=b"
    words = slow._curl_words(Sent("dose", data, 1), 7, tmp_path)
    assert (tmp_path / "7.body").read_bytes() == b"a=b"
    assert 'header = "Cookie: s=1"' in words and f":{slow.PORT}/x" in words
    assert "Host" not in words and "Content-Length" not in words


def test_nobody_but_root_is_told_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "root" in slow.missing()


def test_the_database_is_left_as_it_was(nation: Work) -> None:
    left = db.execute_sql(
        "select count(*) from pg_class where relname like 'seed%%' union all"
        " select count(*) from pg_proc where proname = 'pick'"
    ).fetchall()
    assert left == [(0,), (0,)]
    unlike = db.execute_sql("show session_replication_role").fetchone()
    assert unlike == ("origin",)


def test_certificates_that_are_measured_are_real(tmp_path: Path) -> None:
    """Every one verifies, says who it is for, and its rate counts the work that was done."""
    assert {"sign_per_s", "verify_per_s", "sign_ps256_per_s", "qr_ms", "pdf_per_s"} <= set(
        figures := certificates.figures(8, 1)
    )
    assert all(value > 0 for value in figures.values())
    people, key = certificates.facts(5), certificates.signer(tmp_path, envelope.ES256)
    texts = {certificates.sign(key, one) for one in people}
    names = {envelope.unpack(text).claims[-260][1]["nam"]["fn"] for text in texts}
    assert len(texts) == 5 and names == {one.surname for one in people}
    with pytest.raises(ValueError):
        certificates.sign(key, people[0]._replace(dose_number=0))


def test_a_certificate_that_does_not_verify_ends_the_measurement(monkeypatch) -> None:
    monkeypatch.setattr(certificates.verifier, "verify", lambda *_: Verdict(False))
    with pytest.raises(AssertionError):
        certificates.by(envelope.ES256, certificates.facts(1), 1)


def test_pages_of_wishes_show_what_is_there(app: Flask) -> None:
    if not is_postgres():
        pytest.skip("the seed is written by PostgreSQL itself")
    small = seed(people=900, sites=3 * PROVINCES)
    wishes.register(small, 4000)
    crowds = wishes.had_doses(small)
    gather(small, crowds)
    rows = {name: found[2] for name, found in wishes.measure(app, small, 4000, 1).items()}
    mine = Registration.select().where(Registration.unit == 1 + wishes.BIG)
    elsewhere = Registration.select().where(Registration.unit == 1 + wishes.SMALL)
    assert mine.count() > 800 and 50 < elsewhere.count() < 200
    assert rows["big province: sent, first page"] == rows["big province: sent, last page"] == 50
    assert 0 < rows["big province: sent, commune of before"] < 50
    for nothing in ("until today - 6", "commune elsewhere"):
        assert rows[f"big province: sent, {nothing}"] == 0
    for state in ("allocated", "rejected"):
        assert mine.where(Registration.state == state).count() > 2 * wishes.PER_PAGE
    for waits in wishes.crowds(4000):
        assert rows[f"{waits} wait at a site: calling, first page"] == 30
        assert 15 < rows[f"{waits} wait at a site: call 30"] <= 30
    for many in crowds.values():
        assert rows[f"{many} with doses at a site: due, first page"] == 30
        assert 0 < rows[f"{many} with doses at a site: call 30 who are due"] <= 30
