"""Planning a session: its day, its tables and its lots."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import db, is_postgres
from app.sessions import rules
from app.sessions.actions.appointments import moved
from app.sessions.models import SessionLot, VaccinationSession
from app.stock.models import Holding, Lot
from app.units.models import Unit
from app.words import Refused


class Plan(NamedTuple):
    """lots: ids of holdings; default_lot: one of them, None for the first."""

    held_on: date
    half_day: str
    tables: int = 1
    capacity: int = 100
    note: str = ""
    lots: tuple[int, ...] = ()
    default_lot: int | None = None
    round: str = ""


def lots_for(units: Iterable[Unit], within: str) -> Any:
    """What may be planned for sessions of these sites: usable lots of their own, and of the units
    above them as far as `within` reaches (a mobile site takes the lots of its station)."""
    above = {int(part) for unit in units for part in unit.path.split("/") if part}
    return (
        Holding.usable(clock.today())
        .select(Holding, Lot, Unit)
        .join_from(Holding, Unit)
        .where(Unit.id.in_(sorted(above)), Unit.below(within))
    )


def locked(session_id: int) -> VaccinationSession:
    """The session's row, held until the transaction ends: of a closing and of whatever changes
    what was counted, one comes after the other and sees it. Lock the person first."""
    query = VaccinationSession.select().where(VaccinationSession.id == session_id)
    return (query.for_update() if is_postgres() else query).get()


def still_open(session_id: int) -> VaccinationSession:
    """The locked row of a session that is not closed. Raises Refused session_closed,
    session_off."""
    session = locked(session_id)
    if session.closed_at:
        raise Refused(("", "session_off" if session.off_reason else "session_closed"))
    return session


def plan(unit_id: int, what: Plan, by: SignedIn) -> int:
    """Plan a session of a site; returns its id. Raises Refused."""
    with db.atomic():
        _refuse(Unit.get_by_id(unit_id), None, what, by)
        session_id = VaccinationSession.insert(
            unit=unit_id, created_by=by.id, created_at=clock.now(), **_columns(what)
        ).execute()
        _write_lots(session_id, what)
        audit.record("create", "session", session_id)
        return session_id


def change(session: VaccinationSession, what: Plan, by: SignedIn) -> int:
    """Change the plan of a session that is not over; its day only until somebody was received.
    Returns its id. Raises Refused."""
    with db.atomic():
        was = still_open(session.id)
        _refuse(session.unit, session, what, by)
        VaccinationSession.update(**_columns(what)).where(
            VaccinationSession.id == session.id
        ).execute()
        _write_lots(session.id, what)
        audit.record("change", "session", session.id)
        moved(VaccinationSession.get_by_id(session.id), was)
        return session.id


def _columns(what: Plan) -> dict[str, Any]:
    default = what.default_lot or next(iter(what.lots), None)
    kept = what._asdict() | {"default_lot": default}
    del kept["lots"]
    return kept


def _refuse(unit: Unit, session: VaccinationSession | None, what: Plan, by: SignedIn) -> None:
    received = session.last_queue_no if session else 0
    was = session.held_on if session else None
    codes = rules.date_problems(what.held_on, was, received > 0, clock.today())
    reasons: list[Any] = [("held_on", code) for code in codes]
    reasons += rules.size_problems(what.tables, what.capacity, received)
    if what.half_day not in rules.HALF_DAYS:
        reasons.append(("half_day", "not_a_choice"))
    reasons += _lot_problems(unit, session, what, by)
    if reasons:
        raise Refused(*reasons)


def _lot_problems(
    unit: Unit, session: VaccinationSession | None, what: Plan, by: SignedIn
) -> list[Any]:
    offered = {row.id: row.lot for row in lots_for([unit], by.unit_path)}
    if session:
        offered |= {row.id: row.lot for row in session.planned_lots()}
    if not set(what.lots) <= set(offered):
        return [("lots", "not_a_choice")]
    old = rules.lots_too_old(
        ((offered[key].number, offered[key].expires_on) for key in what.lots), what.held_on
    )
    found: list[Any] = [("lots", "lot_too_old", {"lots": ", ".join(old)})] if old else []
    if what.default_lot and what.default_lot not in what.lots:
        found.append(("default_lot", "default_not_planned"))
    return found


def _write_lots(session_id: int, what: Plan) -> None:
    # A lot that was brought to the tables stays: its doses are accounted for at the closing.
    unused = (SessionLot.taken == 0) & (SessionLot.returned == 0)
    mine = (SessionLot.session == session_id) & unused
    SessionLot.delete().where(mine, SessionLot.holding.not_in(list(what.lots))).execute()
    for holding_id in what.lots:
        SessionLot.insert(session=session_id, holding=holding_id).on_conflict_ignore().execute()
