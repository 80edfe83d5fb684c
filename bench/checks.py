"""After the load: what was answered, what is stored, what was taken and what was sealed agree."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app import audit
from app.db import db


class Start(NamedTuple):
    """The newest rows before the load."""

    dose: int
    movement: int
    entry: int
    balance: int


def start() -> Start:
    """Look before the load begins."""
    newest = (
        f"(select coalesce(max(id), 0) from {t})" for t in ("dose", "movement", "audit_entry")
    )
    return Start(*_row(f"select {', '.join(newest)}, (select sum(balance) from holding)"))


def check(before: Start, saved: Sequence[int]) -> tuple[list[str], dict[str, Any]]:
    """(what is wrong, the counts). saved: the people whose dose an answer said was saved."""
    counts = {
        "acknowledged": len(saved),
        "doses": _row("select count(*) from dose where id > %s", before.dose)[0],
        "units_taken": _row(
            "select coalesce(-sum(doses), 0) from movement where id > %s and kind = 'dose'",
            before.movement,
        )[0],
        "balance_fell_by": before.balance - _row("select sum(balance) from holding")[0],
        "audited": _row(
            "select count(*) from audit_entry where id > %s and noun = 'dose'"
            " and action = 'create'",
            before.entry,
        )[0],
    }
    wrong = []
    if len(set(counts.values())) != 1:
        wrong.append(f"these should be one number: {counts}")
    rows = db.execute_sql("select person_id from dose where id > %s", (before.dose,)).fetchall()
    if sorted(saved) != sorted(person for (person,) in rows):
        wrong.append("the doses are not those of the people whom the answers named")
    wrong += [text for text, sql in NEVER.items() if _row(sql)[0]]
    links, broken = audit.verify(audit.chain_key())
    wrong += [f"the chain of unit {one.chain} is broken at {one.seq}: {one.why}" for one in broken]
    return wrong, counts | {"audit_links": links, "chains_broken": len(broken)}


NEVER = {
    "a lot is below zero": "select count(*) from holding where balance < 0",
    "a balance is not the sum of its ledger": "select count(*) from holding h where balance <>"
    " (select coalesce(sum(doses), 0) from movement m where m.holding_id = h.id)",
    "a visit has two doses": "select count(*) - count(distinct visit_id) from dose",
    "a visit moved on without a dose": "select count(*) from visit v where state in"
    " ('observing', 'done') and not exists (select from dose where visit_id = v.id)",
    "two people have one queue number": "select count(*) - count(distinct (session_id, queue_no))"
    " from visit",
}


def _row(sql: str, *values: Any) -> tuple[Any, ...]:
    return db.execute_sql(sql, values).fetchone()
