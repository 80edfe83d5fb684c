"""Who saw, searched, changed or printed what: append-only, one sealed chain for each unit."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app, g, has_request_context
from peewee import BigAutoField, DateTimeField, IntegerField, JSONField, TextField

from app import clock
from app.db import BaseModel, db, is_postgres, run

START = "0" * 64


class AuditHead(BaseModel):
    """The last link of each chain; locked while a link is added."""

    chain = IntegerField(primary_key=True)
    seq = IntegerField()
    seal = TextField()

    class Meta:
        table_name = "audit_head"


class AuditEntry(BaseModel):
    """One act. `chain` is the id of the unit where it was done (0: nobody signed in).

    `detail` holds ids, codes and counts, never names, numbers or birth dates.
    """

    id = BigAutoField()
    chain = IntegerField()
    seq = IntegerField()
    at = DateTimeField()
    user_id = IntegerField(null=True)
    action = TextField()
    noun = TextField()
    noun_id = IntegerField(null=True)
    person_id = IntegerField(null=True, index=True)
    detail = JSONField()
    seal = TextField()

    class Meta:
        table_name = "audit_entry"
        indexes = ((("chain", "seq"), True), (("noun", "noun_id"), False))


class Link(NamedTuple):
    """What is sealed of an entry, in this order."""

    chain: int
    seq: int
    at: datetime
    user_id: int | None
    action: str
    noun: str
    noun_id: int | None
    person_id: int | None
    detail: dict[str, Any]


def seal(key: bytes, before: str, link: Link) -> str:
    """The seal of `link` after the seal `before`: HMAC-SHA256 as 64 hexadecimal digits.

    The key lives outside the database, so nobody who only holds the database can mend a chain.
    """
    text = json.dumps(link._replace(at=link.at.isoformat()), sort_keys=True, ensure_ascii=False)  # type: ignore[arg-type]
    return hmac.new(key, (before + text).encode(), hashlib.sha256).hexdigest()


def chain_key() -> bytes:
    """The key of the chains (see Config.data_key)."""
    return current_app.extensions["config"].key("audit")


def record(
    action: str,
    noun: str,
    noun_id: int | None = None,
    person_id: int | None = None,
    **detail: Any,
) -> None:
    """Add a link for what the signed-in person does now. Call it inside the transaction."""
    who = g.get("user") if has_request_context() else None
    chain, user_id = (who.unit_id, who.id) if who else (0, None)
    link = Link(chain, 0, clock.now(), user_id, action, noun, noun_id, person_id, detail)
    waiting = g.get("audit_waiting")
    if waiting is None:
        write([link])
    else:
        waiting.append(link)


@contextmanager
def at_end() -> Iterator[None]:
    """Write all links of a transaction as its last act. So everybody takes the locks in one
    order (person, visit, lot, chain), and a chain is held for a moment only."""
    if "audit_waiting" in g:
        yield
        return
    g.audit_waiting = []
    try:
        yield
        write(g.audit_waiting)
    finally:
        del g.audit_waiting


def write(links: list[Link]) -> None:
    """Seal links of one chain and add them. Raises nothing of its own."""
    if not links:
        return
    with db.atomic():
        seq, mark = _locked_head(links[0].chain)
        rows = []
        for link in links:
            seq += 1
            link = link._replace(seq=seq)
            mark = seal(chain_key(), mark, link)
            rows.append((*link[:-1], json.dumps(link.detail), mark))
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(rows))
        run(ADD + places, *(value for row in rows for value in row))
        run(MOVE_HEAD, seq, mark, links[0].chain)


ADD = """insert into audit_entry
(chain, seq, at, user_id, action, noun, noun_id, person_id, detail, seal) values """
MOVE_HEAD = "update audit_head set seq = ?, seal = ? where chain = ?"
HEAD = "select seq, seal from audit_head where chain = ?"
NEW_HEAD = "insert into audit_head (chain, seq, seal) values (?, 0, ?) on conflict do nothing"


def _locked_head(chain: int) -> tuple[int, str]:
    lock = HEAD + (" for update" if is_postgres() else "")
    row = run(lock, chain).fetchone()
    if row is None:
        run(NEW_HEAD, chain, START)
        row = run(lock, chain).fetchone()
    return row


class Broken(NamedTuple):
    """The first link that does not hold, and why: "changed", "missing" or "cut"."""

    chain: int
    seq: int
    why: str


def verify(key: bytes) -> tuple[int, list[Broken]]:
    """Walk all chains; return the number of entries and the first broken link of each chain."""
    heads = {head.chain: head for head in AuditHead.select()}
    count, broken = 0, []
    for chain in sorted(set(heads) | {e.chain for e in AuditEntry.select(AuditEntry.chain).distinct()}):
        last, mark = 0, START
        for entry in _entries(chain):
            fault = _fault(key, last, mark, entry)
            if fault:
                broken.append(fault)
                break
            count, last, mark = count + 1, entry.seq, entry.seal
        else:
            head = heads.get(chain)
            if not head or (head.seq, head.seal) != (last, mark):
                broken.append(Broken(chain, last + 1, "cut"))
    return count, broken


def _entries(chain: int) -> Iterator[AuditEntry]:
    query = AuditEntry.select().where(AuditEntry.chain == chain).order_by(AuditEntry.seq)
    return query.iterator()


def _fault(key: bytes, last: int, mark: str, entry: AuditEntry) -> Broken | None:
    if entry.seq != last + 1:
        return Broken(entry.chain, last + 1, "missing")
    link = Link(*(getattr(entry, name) for name in Link._fields))
    if not hmac.compare_digest(seal(key, mark, link), entry.seal):
        return Broken(entry.chain, entry.seq, "changed")
    return None
