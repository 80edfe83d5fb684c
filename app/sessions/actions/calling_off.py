"""A session that does not take place is called off as one act; that can be taken back."""

from collections import Counter

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import db
from app.sessions import rules
from app.sessions.actions.appointments import called_off
from app.sessions.actions.planning import locked, still_open
from app.sessions.models import Expected, SessionLot, VaccinationSession
from app.stock.models import Holding, Movement
from app.words import Refused


def call_off(session_id: int, reason: str, note: str, by: SignedIn) -> int:
    """Close a session to which nobody came, and empty its list; returns its id. Wishes wait again
    at their place, and whoever was called by one is told once. Raises Refused: session_closed,
    session_off, and what rules.off_problems finds."""
    with db.atomic(), audit.at_end():
        session = still_open(session_id)
        shut, out = session.shut(clock.today()), _at_tables(session)
        problems = rules.off_problems(shut, session.last_queue_no, out, reason, note)
        if problems:
            raise Refused(*problems)
        VaccinationSession.update(
            closed_at=clock.now(), closed_by=by.id, off_reason=reason, off_note=note
        ).where(VaccinationSession.id == session_id).execute()
        audit.record("change", "session", session_id, called_off=reason)
        _empty(session_id)
        called_off(session_id)
        return session_id


def plan_again(session_id: int) -> int:
    """Open a session again that was called off, before its day is past; returns its id. Its list
    stays empty and nobody is called: they were told that it is off, and may have gone to another
    one. Raises Refused: session_not_off, session_over."""
    with db.atomic():
        session = locked(session_id)
        if not session.off_reason:
            raise Refused(("", "session_not_off"))
        if session.held_on < clock.today():
            raise Refused(("", "session_over"))
        VaccinationSession.update(closed_at=None, closed_by=None, off_reason="", off_note="").where(
            VaccinationSession.id == session_id
        ).execute()
        audit.record("change", "session", session_id, planned_again=session.off_reason)
        return session_id


def _at_tables(session: VaccinationSession) -> list[str]:
    """The lots of which doses were taken out, and neither brought back nor thrown away."""
    out: Counter[int] = Counter()
    for row in SessionLot.select().where(SessionLot.session == session.id):
        out[row.holding_id] += row.taken - row.returned
    for line in Movement.wasted_at(session.id):
        out[line.holding_id] += line.doses
    here = Holding.id.in_([holding_id for holding_id, doses in out.items() if doses])
    return [row.lot.number for row in Holding.within("/").where(here).order_by(Holding.id)]


def _empty(session_id: int) -> None:
    """Everybody is taken off the list: in one statement, whatever its length."""
    mine = Expected.session == session_id
    gone = Expected.delete().where(mine).returning(Expected.person).execute()
    for person_id in sorted(row.person_id for row in gone):
        audit.record("change", "expected", session_id, person_id, removed=True)
