"""Checking the rows of an organisation's list, making wishes of them, and taking those back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from app import audit, clock
from app.db import batch, db, run
from app.imports import rules
from app.imports.actions.judge import lists
from app.imports.actions.sent import SECONDS, finish, lock, may_write, move, take_on, undone
from app.imports.actions.wishes import sender_of
from app.imports.kinds import wishes as kind
from app.imports.kinds.wishes import Reading
from app.imports.models import WishFile, WishRow
from app.people.rules import doubts
from app.registrations.actions import enter, take_back, take_turns
from app.registrations.models import Registration
from app.registrations.rules import same_listed
from app.words import Refused

BATCH = 100
WRITE = """update wish_row set state = ?, reasons = ?, fixes = ?, registration_id = ?
    where id = ?"""


class Found(NamedTuple):
    """What is found about a row: see rules.py; twin: another wish with its number."""

    state: str
    reasons: Sequence[Any] = ()
    fixes: Mapping[str, str] | None = None
    twin: int | None = None


def check_wishes(file: WishFile, seconds: float = SECONDS) -> int:
    """Check rows until time is up; returns how many are left. Twice at once does no harm."""
    left = take_on(file, lambda: _check_batch(file), ["unread"], seconds)
    if not left:
        move(file, "checking", "all_checked")
    return left


def _check_batch(file: WishFile) -> int:
    """Check the next rows in one transaction; returns how many there were."""
    with db.atomic(), audit.at_end():
        file = lock(file)
        rows = list(WishRow.in_states(file.id, ["unread"]).limit(BATCH))
        said = _read(rows, file)
        found = _judge(said)
        with batch():
            for row in rows:
                one = found[row.id]
                _write(row, _doubted(said[row.id]) if one.state == rules.WISH_READY else one)
        return len(rows)


def _read(rows: Iterable[WishRow], file: WishFile) -> dict[int, Reading]:
    known, sender = lists(), sender_of(file)
    return {row.id: kind.read(row.cells or {}, known, sender) for row in rows}


def _judge(said: Mapping[int, Reading]) -> dict[int, Found]:
    """Row → what its cells say, and whether this person registered already."""
    right = [one.wanted for one in said.values() if not one.problems]
    live = Registration.live_many(right)
    for wish in live:
        audit.record("search", "registration", wish.id, how="file")
    return {key: _judge_one(one, live) for key, one in said.items()}


def _judge_one(said: Reading, live: Sequence[Registration]) -> Found:
    if said.problems:
        can_mend = all(field in said.fixes for field, _code, _values in said.problems)
        return Found("row_fix" if can_mend else "row_wrong", said.problems, said.fixes)
    wanted = said.wanted
    if any(same_listed(wanted, wish.wanted) for wish in live):
        return Found(rules.WISH_THERE)
    same = (wish.id for wish in live if wanted.number and wish.number == wanted.number)
    return Found(rules.WISH_READY, twin=next(same, None))


def _doubted(said: Reading) -> Found:
    """What is found about a row that may be made a wish, while it is checked: who accepted it
    there is not asked again when it is written."""
    codes = doubts(said.identity, said.guardian, clock.today())
    reasons = [["", code, {}] for code in codes]
    return Found("row_doubt", reasons) if codes else Found(rules.WISH_READY)


def _write(row: WishRow, one: Found, registration: int | None = None) -> None:
    texts = json.dumps(list(one.reasons)), json.dumps(one.fixes) if one.fixes else None
    run(WRITE, one.state, *texts, registration, row.id)


def accept_wishes(file: WishFile, ids: Iterable[int]) -> int:
    """Take what is proposed for rows, or that they are right although they look strange; returns
    how many rows moved. What no longer fits the state of its row is passed over."""
    with db.atomic():
        lock(file)
        asking = WishRow.in_states(file.id, rules.WISH_ASK).where(WishRow.id.in_(list(ids)))
        rows = list(asking)
        for row in rows:
            fixed = (row.cells or {}) | (row.fixes or {})
            state = "unread" if row.state == "row_fix" else rules.WISH_READY
            row.cells = {field: text for field, text in fixed.items() if text}
            row.fixes, row.state = None, state
            row.reasons = [] if state == "unread" else row.reasons
            row.save()
        if rows:
            move(file, "checked", "decide")
        return len(rows)


def write_wishes(file: WishFile, seconds: float = SECONDS) -> int:
    """Make wishes of the rows that are ready until time is up; returns how many are left. Twice at
    once, or again after a lost answer, makes none twice. Raises Refused rows_unread."""
    may_write(file)
    move(file, "checked", "write")
    left = take_on(file, lambda: _write_batch(file), [rules.WISH_READY], seconds)
    if not left:
        finish(file, rules.WISH_WRONG, cells=None, fixes=None)
    return left


def _write_batch(file: WishFile) -> int:
    """Make wishes of the next rows in one transaction, all or none; returns how many rows there
    were. They are looked at once more: somebody may have registered since the check."""
    with db.atomic(), audit.at_end():
        file = lock(file)
        rows = list(WishRow.in_states(file.id, [rules.WISH_READY]).limit(BATCH))
        said = _read(rows, file)
        take_turns(one.wanted for one in said.values() if not one.problems)
        found = _judge(said)
        ready = [row.id for row in rows if found[row.id].state == rules.WISH_READY]
        # Whoever decides on them: the province of the unit that took the list.
        unit = file.unit.province().id
        made = enter([said[key].given | {"unit": unit, "twin": found[key].twin} for key in ready])
        wishes = dict(zip(ready, made, strict=True))
        with batch():
            for row in rows:
                one = found[row.id]
                state = rules.WISH_MADE if row.id in wishes else one.state
                _write(row, one._replace(state=state), wishes.get(row.id))
        return len(rows)


def undo_wishes(file: WishFile, seconds: float = SECONDS) -> int:
    """Withdraw the wishes of a list on which nobody decided yet, until time is up; returns how
    many are left. Doing it again does no harm. Raises Refused undo_not_now."""
    if file.state not in ("written", "undoing", "undone"):
        raise Refused(("", "undo_not_now"))
    move(file, "written", "undo")
    left = take_on(file, lambda: _undo_batch(file), [rules.WISH_MADE], seconds)
    if not left:
        undone(file)
    return left


def _undo_batch(file: WishFile) -> int:
    """Take the wishes of the next rows back; returns how many rows there were."""
    with db.atomic(), audit.at_end():
        lock(file)
        rows = list(WishRow.in_states(file.id, [rules.WISH_MADE]).limit(BATCH))
        gone = take_back(row.registration_id for row in rows)
        for row in rows:
            row.state = "row_undone" if row.registration_id in gone else "row_decided"
            row.save()
        return len(rows)
