"""Step 1 of QĐ 5772/QĐ-BYT: the site confirms doses and people of whom nothing is missing."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from app import audit, clock
from app.accounts.actions import SignedIn
from app.certificates.actions.review import Line, Mark, lines
from app.certificates.models import Confirmation, doses_of, entered_by, unconfirmed
from app.db import db

BATCH, AT_ONCE = 200, 2000  # doses in a transaction, and in one request


def confirm(marks: Iterable[Mark], by: SignedIn) -> int:
    """Confirm those of these that are still as they were shown, and complete; returns how many.
    What was confirmed already is left alone."""
    shown = set(marks)
    with db.atomic():
        doses = doses_of(by.unit_path, (mark.dose_id for mark in shown))
        chosen = [line for line in lines(doses) if line.ready and line.mark in shown]
        return _write(chosen, by)


class Confirmed(NamedTuple):
    """What one go did: doses confirmed, doses left because something is missing, and the last
    dose it looked at (0: it came to the end)."""

    confirmed: int
    left: int
    last: int


def confirm_until(day: date, after: int, by: SignedIn) -> Confirmed:
    """Confirm what is complete of all days up to `day`, in transactions of their own, from the
    dose after `after` on."""
    until, confirmed, looked = clock.day_bounds(day)[1], 0, 0
    while looked < AT_ONCE:
        ids = unconfirmed(by.unit_path, until, after, BATCH)
        with db.atomic(), audit.at_end():
            chosen = [line for line in lines(doses_of(by.unit_path, ids)) if line.ready]
            confirmed += _write(chosen, by)
        looked += len(ids)
        if len(ids) < BATCH:
            return Confirmed(confirmed, looked - confirmed, 0)
        after = ids[-1]
    return Confirmed(confirmed, looked - confirmed, after)


def _write(chosen: list[Line], by: SignedIn) -> int:
    entered, written = entered_by(line.dose.id for line in chosen), 0
    for line in chosen:
        fresh = Confirmation.insert(**_row(line, entered, by)).on_conflict_ignore().as_rowcount()
        if fresh.execute():
            audit.record("create", "confirmation", line.dose.id, line.dose.person_id)
            written += 1
    return written


def _row(line: Line, entered: dict[int, int], by: SignedIn) -> dict[str, Any]:
    dose = line.dose
    return {
        "dose": dose.id, "dose_version": dose.version, "person": dose.person_id,
        "identity_seq": line.mark.identity_seq, "unit": entered.get(dose.id, dose.unit_id),
        "day": clock.local(dose.given_at).date(), "by": by.id, "at": clock.now(),
    }  # fmt: skip
