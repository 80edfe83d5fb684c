"""Counting the vials of a session, and its end. Each act locks the session first: of a closing
and of whatever changes what it counts, one comes after the other and sees it."""

from typing import Any

from app import audit, clock
from app.accounts.actions import SignedIn
from app.closing import rules
from app.closing.models import Closing, lots, pending
from app.db import db
from app.sessions.actions import locked, settle, still_open
from app.sessions.models import SessionLot, VaccinationSession
from app.stock import actions as stock
from app.stock.models import Holding, Lot, Movement
from app.visits.models import Dose, Visit
from app.words import Refused


def take(session_id: int, holding_id: int, doses: int, by: SignedIn) -> None:
    """Doses are brought out of the store to the tables. Raises Refused at "doses":
    taken_too_many, session_closed."""
    with db.atomic():
        still_open(session_id)
        lot = counted(session_id, holding_id)
        _write(session_id, lot, lot.taken + doses, lot.returned, "doses")


def give_back(session_id: int, holding_id: int, doses: int, by: SignedIn) -> None:
    """Unopened doses are brought back to the store. Raises Refused at "doses":
    returned_too_many, session_closed."""
    with db.atomic():
        still_open(session_id)
        lot = counted(session_id, holding_id)
        _write(session_id, lot, lot.taken, lot.returned + doses, "doses")


def correct(
    session_id: int, holding_id: int, shown: tuple[int, int], taken: int, returned: int, why: str
) -> None:
    """Write what was really taken and returned. shown: both as the page had them; a page that is
    older than the count is refused. Raises Refused: session_closed, lot_count_stale,
    lot_count_same, returned_too_many, taken_too_many."""
    with db.atomic():
        still_open(session_id)
        lot = counted(session_id, holding_id)
        now = {"taken": lot.taken, "returned": lot.returned}
        if shown != (lot.taken, lot.returned):
            raise Refused(("", "lot_count_stale", now))
        if (taken, returned) == (lot.taken, lot.returned):
            raise Refused(("taken", "lot_count_same"))
        _write(session_id, lot, taken, returned, why=why)


def counted(session_id: int, holding_id: int) -> rules.LotCount:
    """A lot of a session as it is counted now; one that nobody planned begins with nothing."""
    known = {lot.holding_id: lot for lot in lots(session_id)}
    if holding_id in known:
        return known[holding_id]
    row = Holding.select(Holding, Lot).join(Lot).where(Holding.id == holding_id).get()
    return rules.LotCount(row.id, row.lot.product, row.lot.number, row.balance)


def _write(
    session_id: int, lot: rules.LotCount, taken: int, returned: int, field: str = "", **more: Any
) -> None:
    """field: where the form asks for the number, if it asks for one only."""
    problems = rules.count_problems(lot, taken, returned)
    if problems:
        raise Refused(*((field or name, code, values) for name, code, values in problems))
    SessionLot.insert(
        session=session_id, holding=lot.holding_id, taken=taken, returned=returned
    ).on_conflict(
        conflict_target=[SessionLot.session, SessionLot.holding],
        update={SessionLot.taken: taken, SessionLot.returned: returned},
    ).execute()
    audit.record(
        "change", "session_lot", session_id, holding=lot.holding_id,
        taken=[lot.taken, taken], returned=[lot.returned, returned], **more,
    )  # fmt: skip


def waste(
    session_id: int, holding_id: int, doses: int, reason: str, note: str, by: SignedIn
) -> None:
    """Doses are thrown away at the tables: they count for this session and leave the store.
    Raises Refused: session_closed, and what stock.actions.waste refuses."""
    with db.atomic():
        still_open(session_id)
        stock.waste(holding_id, doses, reason, note, by, session_id)


def take_back_waste(session_id: int, line_id: int, by: SignedIn) -> None:
    """A line of waste was wrongly written. Raises Refused: session_closed, waste_taken_back."""
    with db.atomic():
        still_open(session_id)
        lines = {line.id: line for line in Movement.wasted_at(session_id)}
        if line_id not in lines:
            raise Refused(("", "waste_taken_back"))
        stock.take_back_waste(lines[line_id], by)


def close(session_id: int, by: SignedIn) -> int:
    """Close a session; returns its id. Raises Refused with whatever is missing: session_closed,
    session_to_come, doses_missing, doses_beyond, visits_waiting, requests_pending."""
    with db.atomic():
        session = still_open(session_id)
        # The visits before the doses: a visit without an end is the only one that gets a dose
        # without the lock of the session.
        going_on = Visit.without_end(session_id).count()
        asked, found = pending(session_id).count(), lots(session_id)
        problems = rules.problems(found, going_on, asked, session.held_on, clock.today())
        if problems:
            raise Refused(*(("", code, values) for code, values in problems))
        _close(session_id, by)
        settle(session_id, _came(session_id))
        audit.record("change", "session", session_id, closed=[lot[3:] for lot in found])
        return session_id


def _close(session_id: int, by: SignedIn) -> None:
    now = clock.now()
    Closing.insert(session=session_id, by=by.id, at=now).execute()
    VaccinationSession.update(closed_at=now, closed_by=by.id).where(
        VaccinationSession.id == session_id
    ).execute()


def _came(session_id: int) -> dict[int, bool]:
    """Who came → whether a dose of it stands."""
    came = Visit.select(Visit.person).where(Visit.session == session_id)
    given = Dose.select(Dose.person).where(Dose.session == session_id, Dose.voided_at.is_null())
    return dict.fromkeys((row.person_id for row in came), False) | dict.fromkeys(
        (row.person_id for row in given), True
    )


def reopen(session_id: int, why: str, by: SignedIn) -> int:
    """Open a closed session again; returns its id. Raises Refused: session_not_closed,
    session_off."""
    with db.atomic():
        session = locked(session_id)
        if session.off_reason or not session.closed_at:
            raise Refused(("", "session_off" if session.off_reason else "session_not_closed"))
        Closing.update(reopened_why=why, reopened_by=by.id, reopened_at=clock.now()).where(
            Closing.session == session_id, Closing.reopened_at.is_null()
        ).execute()
        VaccinationSession.update(closed_at=None, closed_by=None).where(
            VaccinationSession.id == session_id
        ).execute()
        audit.record("change", "session", session_id, reopened=True)
        return session_id
