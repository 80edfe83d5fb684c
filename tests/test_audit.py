"""The audit chain: what a superuser of the database does to it is seen, and the row is named."""

import ast
import json
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from app import audit, clock
from app.audit import START, AuditEntry, AuditHead, Broken, Link, chain_key, record, seal, verify
from app.db import db, is_postgres
from app.imports.models.sent import SentFile
from app.words import STATES
from tests import build

SOURCES = sorted(Path("app").rglob("*.py"))


@pytest.fixture
def chain(app):
    """A chain of ten links of nobody (chain 0)."""
    for number in range(1, 11):
        record("view", "person", number, number, hits=number, words=["á", "ạ"])
    return 0


def broken():
    return verify(chain_key())[1]


def test_an_untouched_chain_holds(chain):
    assert verify(chain_key()) == (10, [])


def test_each_link_counts_from_the_one_before(chain):
    links = list(AuditEntry.select().order_by(AuditEntry.seq))
    assert [link.seq for link in links] == list(range(1, 11))
    first = links[0]
    link = Link(0, 1, first.at, None, "view", "person", 1, 1, {"hits": 1, "words": ["á", "ạ"]})
    assert seal(chain_key(), START, link) == first.seal


CHANGES = {
    "at": datetime(2021, 1, 1), "user_id": 7, "action": "search", "noun": "lot", "noun_id": 99,
    "person_id": 99, "detail": {"hits": 0}, "seal": "0" * 64,
}  # fmt: skip


@pytest.mark.parametrize("field", CHANGES)
def test_an_edit_is_found_in_its_row(chain, field):
    AuditEntry.update({field: CHANGES[field]}).where(AuditEntry.seq == 4).execute()
    assert broken() == [Broken(0, 4, "changed")]


def test_an_edit_with_a_seal_of_another_key_is_found(chain):
    """As somebody does who holds the database and the program, but not the key."""
    mark = AuditEntry.get(seq=3).seal
    for row in AuditEntry.select().where(AuditEntry.seq >= 4).order_by(AuditEntry.seq):
        row.person_id = 99
        mark = row.seal = seal(b"x" * 32, mark, Link(*(getattr(row, f) for f in Link._fields)))
        row.save()
    AuditHead.update(seal=mark).execute()
    assert broken() == [Broken(0, 4, "changed")]


@pytest.mark.parametrize("gone", [1, 5, 9])
def test_a_deletion_before_others_is_found(chain, gone):
    AuditEntry.delete().where(AuditEntry.seq == gone).execute()
    assert broken() == [Broken(0, gone, "missing")]


def test_a_deletion_that_is_closed_up_is_found(chain):
    AuditEntry.delete().where(AuditEntry.seq == 5).execute()
    for seq in range(6, 11):
        AuditEntry.update(seq=seq - 1).where(AuditEntry.seq == seq).execute()
    assert broken() == [Broken(0, 5, "changed")]


def test_a_cut_end_is_found_by_the_head(chain):
    AuditEntry.delete().where(AuditEntry.seq > 7).execute()
    assert broken() == [Broken(0, 8, "cut")]


def test_all_links_gone_are_found_by_the_head(chain):
    AuditEntry.delete().execute()
    assert broken() == [Broken(0, 1, "cut")]


def swap(first, second):
    """Two rows change places."""
    for seq, to in ((first, -1), (second, first), (-1, second)):
        AuditEntry.update(seq=to).where(AuditEntry.seq == seq).execute()


def test_another_order_is_found(chain):
    swap(4, 6)
    assert broken() == [Broken(0, 4, "changed")]


def test_a_link_slipped_in_is_found(chain):
    for seq in range(10, 5, -1):
        AuditEntry.update(seq=seq + 1).where(AuditEntry.seq == seq).execute()
    AuditHead.update(seq=11).execute()
    copy = AuditEntry.get(seq=5)
    AuditEntry.create(**{name: getattr(copy, name) for name in Link._fields} | {
        "seq": 6, "seal": copy.seal})  # fmt: skip
    assert broken() == [Broken(0, 6, "changed")]


def test_a_link_put_on_the_end_is_found(chain):
    copy = AuditEntry.get(seq=10)
    AuditEntry.create(**{name: getattr(copy, name) for name in Link._fields} | {
        "seq": 11, "seal": copy.seal})  # fmt: skip
    assert broken() == [Broken(0, 11, "changed")]


@pytest.mark.parametrize(
    "harm",
    [
        lambda: AuditHead.update(seq=8, seal=AuditEntry.get(seq=8).seal).execute(),
        lambda: AuditHead.update(seal="0" * 64).execute(),
        lambda: AuditHead.delete().execute(),
    ],
    ids=["rolled back", "another seal", "gone"],
)
def test_a_head_that_does_not_belong_to_the_links_is_found(chain, harm):
    harm()
    assert broken() == [Broken(0, 10, "head")]


def test_each_chain_is_told_apart(chain, client):
    for _ in range(2):
        site = build.country()[2]
        build.sign_in(client, build.user(site)).open_page("/audit", status=200)
    AuditEntry.update(noun="lot").where(AuditEntry.chain == site.id).execute()
    assert broken() == [Broken(site.id, 1, "changed")]


def roll_back(seq):
    """Cut the end and move the head back: what a superuser does who knows how chains are made."""
    AuditEntry.delete().where(AuditEntry.seq > seq).execute()
    AuditHead.update(seq=seq, seal=AuditEntry.get(seq=seq).seal).execute()


def test_a_cut_end_with_its_head_is_found_by_an_anchor_alone(chain):
    points = audit.read_anchors([audit.anchor()])
    assert verify(chain_key(), points) == (10, [])
    roll_back(7)
    assert broken() == []
    assert verify(chain_key(), points) == (7, [Broken(0, 8, "cut")])


def test_an_end_that_grew_again_is_found_by_an_older_anchor(chain):
    points = audit.read_anchors([audit.anchor()])
    roll_back(7)
    for number in range(5):
        record("view", "person", number)
    assert broken() == []
    assert verify(chain_key(), points) == (9, [Broken(0, 10, "replaced")])
    both = audit.read_anchors([json.dumps({"heads": {"0": [10, "f" * 64]}}), audit.anchor()])
    assert verify(chain_key(), both)[1] == [Broken(0, 10, "replaced")]


def test_a_chain_that_is_gone_altogether_is_found_by_an_anchor(chain):
    points = audit.read_anchors([audit.anchor()])
    AuditEntry.delete().execute()
    AuditHead.delete().execute()
    assert broken() == []
    assert verify(chain_key(), points) == (0, [Broken(0, 1, "cut")])


@pytest.mark.parametrize("line", ["", "no", "[]", '{"heads": 1}', '{"heads": {"a": [1, ""]}}',
                                  '{"heads": {"1": 1}}'])  # fmt: skip
def test_what_is_no_anchor_is_said(line):
    with pytest.raises(ValueError, match="line 1 is no anchor"):
        audit.read_anchors([line])


def test_the_commands(app, chain, tmp_path):
    run = app.test_cli_runner().invoke
    anchor = tmp_path / "anchors"
    printed = run(args=["audit", "anchor"]).output
    assert len(printed.splitlines()) == 1
    anchor.write_text(printed)
    held = run(args=["audit", "verify", "--anchor", str(anchor)])
    assert (held.exit_code, held.output) == (0, "10 entries hold, 0 chains broken\n")
    roll_back(8)
    found = run(args=["audit", "verify", "--anchor", str(anchor)])
    assert found.exit_code == 1 and "broken: unit 0, entry 9: cut" in found.output
    anchor.write_text("nonsense")
    wrong = run(args=["audit", "verify", "--anchor", str(anchor)])
    assert wrong.exit_code == 1 and "line 1 is no anchor" in wrong.output


def test_links_are_written_in_the_order_of_a_transaction(app):
    with db.atomic(), audit.at_end():
        record("create", "person", 1)
        assert AuditEntry.select().count() == 0
        record("create", "visit", 2)
    assert [(e.seq, e.noun) for e in AuditEntry.select().order_by(AuditEntry.id)] == [
        (1, "person"), (2, "visit")
    ]  # fmt: skip
    assert broken() == []


def test_what_is_undone_leaves_no_link(app):
    with pytest.raises(ZeroDivisionError), db.atomic(), audit.at_end():
        record("create", "person", 1)
        1 / 0  # noqa: B018
    record("create", "person", 2)
    assert [e.noun_id for e in AuditEntry.select()] == [2]
    assert broken() == []


def test_a_part_that_is_undone_takes_only_its_own_links(app):
    with db.atomic(), audit.at_end():
        record("create", "person", 1)
        with pytest.raises(ZeroDivisionError), db.atomic(), audit.at_end():
            record("create", "person", 2)
            1 / 0  # noqa: B018
        with db.atomic(), audit.at_end():
            record("create", "person", 3)
    assert [e.noun_id for e in AuditEntry.select().order_by(AuditEntry.id)] == [1, 3]
    assert broken() == []


def test_links_of_several_chains_go_into_their_own(app):
    at = clock.now()
    audit.write([Link(c, 0, at, None, "view", "person", c, None, {}) for c in (5, 3, 5)])
    assert sorted((e.chain, e.seq) for e in AuditEntry.select()) == [(3, 1), (5, 1), (5, 2)]
    assert broken() == []


def test_eight_at_once_make_one_whole_chain(app):
    threads, each = 8, 25
    gate = threading.Barrier(threads)

    def work(number):
        with app.app_context(), db.connection_context():
            gate.wait()
            for turn in range(each):
                record("view", "person", number * 1000 + turn)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    assert verify(chain_key()) == (threads * each, [])
    assert AuditHead.get().seq == threads * each


def test_the_chain_is_verified_while_others_write(app, chain):
    stop = threading.Event()

    def write():
        with app.app_context(), db.connection_context():
            while not stop.is_set():
                record("view", "person", 1)

    with ThreadPoolExecutor(2) as pool:
        works = [pool.submit(write) for _ in range(2)]
        found = [verify(chain_key())[1] for _ in range(15)]
        stop.set()
        for work in works:
            work.result()
    assert found == [[]] * 15


def fill(count):
    """A chain of many links, written at once."""
    key, mark, rows = chain_key(), START, []
    at = datetime(2021, 8, 10)
    for seq in range(1, count + 1):
        link = Link(0, seq, at, 1, "view", "person", seq, seq, {"hits": 1})
        mark = seal(key, mark, link)
        rows.append((0, seq, str(at), 1, "view", "person", seq, seq, '{"hits": 1}', mark))
    columns = ", ".join((*Link._fields, "seal"))
    with db.atomic():
        if is_postgres():
            with db.cursor().copy(f"copy audit_entry ({columns}) from stdin") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join("?" * 10)
            add = f"insert into audit_entry ({columns}) values ({places})"
            db.cursor().executemany(add, rows)
        AuditHead.create(chain=0, seq=count, seal=mark)


def test_100_000_rows_take_seconds_and_no_memory(app):
    fill(100_000)
    started = time.process_time()
    assert verify(chain_key()) == (100_000, [])
    assert time.process_time() - started < 30  # of this process, about 4; a busy machine adds none
    AuditEntry.update(noun_id=1).where(AuditEntry.seq == 20_000).execute()
    tracemalloc.start()
    assert broken() == [Broken(0, 20_000, "changed")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def said():
    """(file, actions, nouns) of each call of audit.record in the sources."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                acts, nouns = (list(texts(arg)) for arg in node.args[:2])
                yield path, acts, nouns


def texts(arg):
    """What may stand in an argument: the texts in it, and what `.NOUN` is of the kinds of lists."""
    for one in ast.walk(arg):
        if isinstance(one, ast.Constant):
            yield one.value
        elif isinstance(one, ast.Attribute) and one.attr == "NOUN":
            yield from (kind.NOUN for kind in SentFile.__subclasses__())


def test_every_act_and_thing_has_a_word():
    found = list(said())
    assert len(found) > 20
    for path, acts, nouns in found:
        assert acts and set(acts) <= set(audit.ACTIONS), f"{path}: {acts}"
        assert nouns and {f"on_{noun}" for noun in nouns} <= STATES.keys(), f"{path}: {nouns}"
    assert {f"act_{action}" for action in audit.ACTIONS} <= STATES.keys()


def test_a_seal_is_made_as_ever():
    """Another way of sealing would break every chain there is."""
    link = Link(1, 1, datetime(2021, 8, 10, 2, 3, 4), 5, "view", "person", 6, 7, {"b": 1, "a": "ạ"})
    assert seal(b"k" * 32, START, link) == (
        "6df4d58ba2fa12595eb50637aa022c6abf691e8a15d7b4d539e5b8cf1a78d060"
    )
