"""Who saw, searched, changed or printed what: append-only, one sealed chain for each unit."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app, g
from peewee import (
    BigAutoField,
    DateTimeField,
    IntegerField,
    JSONField,
    TextField,
    fn,
)  # fmt: skip

from app import clock
from app.db import BaseModel, batch, db, run

START = "0" * 64
BATCH = 2000
# What is done; the words stand in app/words.py as "act_…".
ACTIONS = (
    "view", "search", "look_up", "create", "change", "remove", "verify", "print", "export",
    "sign_in", "sign_out", "refuse", "issue", "revoke",
)  # fmt: skip


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
    who = g.get("user")
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
    order (person, visit, lot, chain), and a chain is held for a moment only. Inside another one:
    a part of the transaction, which takes its links with it when it is undone."""
    if "audit_waiting" in g:
        kept = len(g.audit_waiting)
        try:
            yield
        except BaseException:
            del g.audit_waiting[kept:]
            raise
        return
    g.audit_waiting = []
    try:
        yield
        write(g.audit_waiting)
    finally:
        del g.audit_waiting


def write(links: list[Link]) -> None:
    """Seal links and add them to their chains, in the order of chains."""
    for chain in sorted({link.chain for link in links}):
        with batch(), db.atomic():
            _extend(chain, [link for link in links if link.chain == chain])


def _extend(chain: int, links: list[Link]) -> None:
    seq, mark = _locked_head(chain)
    rows = []
    for link in links:
        seq += 1
        link = link._replace(seq=seq)
        mark = seal(chain_key(), mark, link)
        rows.append((*link[:-1], json.dumps(link.detail), mark))
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(some))
        run(ADD + places, *(value for row in some for value in row))
    run(MOVE_HEAD, seq, mark, chain)


ADD = """insert into audit_entry
(chain, seq, at, user_id, action, noun, noun_id, person_id, detail, seal) values """
MOVE_HEAD = "update audit_head set seq = ?, seal = ? where chain = ?"
# An update takes the lock and answers in one statement, in both databases.
LOCK_HEAD = "update audit_head set seq = seq where chain = ? returning seq, seal"
NEW_HEAD = "insert into audit_head (chain, seq, seal) values (?, 0, ?) on conflict do nothing"


def _locked_head(chain: int) -> tuple[int, str]:
    row = run(LOCK_HEAD, chain).fetchone()
    if row is None:
        run(NEW_HEAD, chain, START)
        row = run(LOCK_HEAD, chain).fetchone()
    return row


Points = Mapping[int, Mapping[int, str]]
"""Chain → seq → the seal that this link had when somebody wrote it down elsewhere."""


class Broken(NamedTuple):
    """The first link of a chain that does not hold, and why: it was "changed" (or slipped in),
    is "missing" before others, was "cut" off the end, is another than in a point kept elsewhere
    ("replaced"), or the "head" does not belong to it."""

    chain: int
    seq: int
    why: str


def anchor() -> str:
    """The ends of all chains as one line of JSON, to be kept where nobody who can write the
    database can write: only with it is it seen that a chain lost its last links, head and all."""
    heads = {str(h.chain): [h.seq, h.seal] for h in AuditHead.select().order_by(AuditHead.chain)}
    return json.dumps({"at": clock.now().isoformat(timespec="seconds") + "Z", "heads": heads})


def read_anchors(lines: Iterable[str]) -> Points:
    """The points in lines that `anchor` made. Raises ValueError for anything else."""
    points: dict[int, dict[int, str]] = {}
    for number, line in enumerate(lines, 1):
        try:
            for chain, (seq, mark) in json.loads(line)["heads"].items():
                points.setdefault(int(chain), {})[int(seq)] = str(mark)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(f"line {number} is no anchor") from None
    return points


def verify(key: bytes, points: Points | None = None) -> tuple[int, list[Broken]]:
    """Walk all chains while others write on; return the number of links that hold and the first
    broken link of each chain. Memory does not grow with the chains."""
    points, count, broken = points or {}, 0, []
    heads = {head.chain for head in AuditHead.select(AuditHead.chain)}
    for chain in sorted(heads | set(_chains()) | set(points)):
        length, fault = _walk(key, chain, points.get(chain, {}))
        count += length
        broken += [fault] if fault else []
    return count, broken


def _chains() -> Iterator[int]:
    """The chains that have links: one look into the index for each, whatever their length."""
    chain = -1
    while chain is not None:
        if chain >= 0:
            yield chain
        chain = AuditEntry.select(fn.MIN(AuditEntry.chain)).where(AuditEntry.chain > chain).scalar()


def _walk(key: bytes, chain: int, kept: Mapping[int, str]) -> tuple[int, Broken | None]:
    """(number of links that hold, the first that does not)."""
    seq, mark = 0, START
    while True:
        # The head is read before the links: it moves with them, so it is never ahead of them.
        head = AuditHead.get_or_none(AuditHead.chain == chain) or AuditHead(seq=0, seal=START)
        batch: list[Any] = list(_batch(chain, seq))
        for *values, stored in batch:
            link = Link(*values)
            if link.seq != seq + 1:
                return seq, Broken(chain, seq + 1, "missing")
            if seal(key, mark, link) != stored:
                return seq, Broken(chain, link.seq, "changed")
            if kept.get(link.seq, stored) != stored:
                return seq, Broken(chain, link.seq, "replaced")
            seq, mark = link.seq, stored
        if len(batch) < BATCH and (head.seq >= seq or not batch):
            return seq, _end(chain, seq, mark, head, max(kept, default=0))


def _batch(chain: int, after: int) -> Any:
    fields = [getattr(AuditEntry, name) for name in Link._fields]
    query = AuditEntry.select(*fields, AuditEntry.seal)
    here = AuditEntry.chain == chain, AuditEntry.seq > after
    return query.where(*here).order_by(AuditEntry.seq).limit(BATCH).tuples()


def _end(chain: int, seq: int, mark: str, head: AuditHead, kept: int) -> Broken | None:
    if max(head.seq, kept) > seq:
        return Broken(chain, seq + 1, "cut")
    return None if (head.seq, head.seal) == (seq, mark) else Broken(chain, seq, "head")
