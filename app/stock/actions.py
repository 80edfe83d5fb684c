"""What happens to vaccine at a site; every act is a line of the ledger, and nothing falls below
zero."""

from datetime import date, datetime

from peewee import ModelSelect

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.db import db, is_postgres
from app.stock import rules
from app.stock.models import Holding, Lot, Movement, Suspension
from app.words import Refused


def receive(
    product: str, number: str, expires_on: date, doses: int, note: str, unit_id: int, by: SignedIn
) -> int:
    """Doses of a lot arrive at a unit; returns the id of the holding. `product` is a code of the
    catalogue, `number` as rules.lot_number makes it. Raises Refused: expiry_past, expiry_far,
    doses_range, lot_other_expiry."""
    problems = rules.receipt_problems(expires_on, doses, clock.today())
    if problems:
        raise Refused(*problems)
    with db.atomic():
        lot_id = _known_lot(product, number, expires_on)
        Holding.insert(lot=lot_id, unit=unit_id).on_conflict_ignore().execute()
        holding = Holding.get(Holding.lot == lot_id, Holding.unit == unit_id)
        _write(holding.id, "receipt", doses, by, note=note)
        return holding.id


def _known_lot(product: str, number: str, expires_on: date) -> int:
    Lot.insert(product=product, number=number, expires_on=expires_on).on_conflict_ignore().execute()
    lot = Lot.get(Lot.product == product, Lot.number == number)
    if lot.expires_on != expires_on:
        dates = {"known": lot.expires_on, "typed": expires_on}
        raise Refused(("expires_on", "lot_other_expiry", dates))
    return lot.id


def _write(
    holding_id: int, kind: str, doses: int, by: SignedIn, reason: str = "", note: str = "",
    **more: int | None,
) -> None:  # fmt: skip
    """Move the balance and add the line. Raises Refused doses_too_many, doses_range."""
    if not rules.allowed(kind, doses):
        raise Refused(("doses", "doses_range"))
    enough = Holding.update(balance=Holding.balance + doses).where(
        Holding.id == holding_id, Holding.balance + doses >= 0
    )
    if not enough.execute():
        left = Holding.get_by_id(holding_id).balance
        raise Refused(("doses", "doses_too_many", {"left": left}))
    line = Movement.insert(
        holding=holding_id, kind=kind, doses=doses, reason=reason, note=note, by=by.id,
        at=clock.now(), **more,
    ).execute()  # fmt: skip
    audit.record("create", "movement", line, kind=kind, doses=doses, holding=holding_id)


def take_dose(
    holding_id: int, dose_id: int, by: SignedIn, given_at: datetime | None = None
) -> None:
    """One unit of a lot goes into a person; call it inside the transaction of the dose. Two at
    once never take the same unit. given_at: when the injection was, if not now; the lot was to be
    in date and in use then. Raises Refused at "holding_id": lot_empty, lot_expired,
    lot_suspended."""
    at = given_at or clock.now()
    on = clock.local(at).date()
    in_use = Lot.suspended_at.is_null() | (Lot.suspended_at > at)
    usable = Lot.select(Lot.id).where(Lot.expires_on >= on, in_use)
    taken = (
        Holding.update(balance=Holding.balance - 1)
        .where(Holding.id == holding_id, Holding.balance > 0, Holding.lot.in_(usable))
        .execute()
    )
    if not taken:
        raise Refused(("holding_id", _why_not(holding_id, on)))
    Movement.insert(
        holding=holding_id, kind="dose", doses=-1, source_id=dose_id, by=by.id, at=clock.now()
    ).execute()


def _why_not(holding_id: int, today: date) -> str:
    lot = Lot.select().join(Holding).where(Holding.id == holding_id).get_or_none()
    if lot is None or (lot.suspended_at is None and lot.expires_on >= today):
        return "lot_empty"
    return "lot_suspended" if lot.suspended_at else "lot_expired"


def give_back(holding_id: int, dose_id: int, by: SignedIn) -> None:
    """The unit of a dose that is taken back was not used by it; call it inside the transaction
    that takes the dose back."""
    Holding.update(balance=Holding.balance + 1).where(Holding.id == holding_id).execute()
    Movement.insert(
        holding=holding_id, kind="undo", doses=1, source_id=dose_id, by=by.id, at=clock.now()
    ).execute()


def waste(
    holding_id: int, doses: int, reason: str, note: str, by: SignedIn, session_id: int | None = None
) -> None:
    """Doses are thrown away, at the tables of a session or in the store; `reason` is one of
    rules.WASTE, "waste_other" needs a note. Raises Refused: not_a_choice, note_needed,
    doses_too_many."""
    if reason not in rules.WASTE:
        raise Refused(("reason", "not_a_choice"))
    if reason == "waste_other" and not note:
        raise Refused(("note", "note_needed"))
    with db.atomic():
        _write(holding_id, "waste", -doses, by, reason, note, session_id=session_id)


def take_back_waste(line: Movement, by: SignedIn) -> None:
    """A line of waste was wrongly written: a line against it gives the doses back. Both stay. Ask
    Movement.wasted_at before, in the transaction that locks the session: it is done once."""
    _write(
        line.holding_id, "unwaste", -line.doses, by, line.reason,
        source_id=line.id, session_id=line.session_id,
    )  # fmt: skip


def send_back(holding_id: int, doses: int, note: str, by: SignedIn) -> None:
    """Doses go back to the store they came from. Raises Refused doses_too_many."""
    with db.atomic():
        _write(holding_id, "return", -doses, by, note=note)


def correct(holding_id: int, shown: int, counted: int, note: str, by: SignedIn) -> None:
    """Bring the books to what was counted. shown: the balance that the page showed; when doses
    moved since, the count says nothing any more. Raises Refused: note_needed, count_same,
    count_stale."""
    if not note:
        raise Refused(("note", "note_needed"))
    with db.atomic():
        left = _locked(holding_id).balance
        if left != shown:
            raise Refused(("counted", "count_stale", {"shown": shown, "left": left}))
        if counted == left:
            raise Refused(("counted", "count_same", {"left": left}))
        _write(holding_id, "correction", counted - left, by, note=note)


def _locked(holding_id: int) -> Holding:
    query = Holding.select().where(Holding.id == holding_id)
    return (query.for_update() if is_postgres() else query).get()


def suspend(lot_id: int, why: str, by: SignedIn) -> None:
    """Stop a lot at every site at once. Raises Refused lot_stopped_already when this unit did so
    before; several units may stop the same lot."""
    with db.atomic():
        _lock_lot(lot_id)
        if _open(lot_id).where(Suspension.unit == by.unit_id).exists():
            raise Refused(("", "lot_stopped_already"))
        Suspension.create(lot=lot_id, unit=by.unit_id, why=why, by=by.id, at=clock.now())
        _mark(lot_id, "lot.suspended")


def resume(lot_id: int, why: str, by: SignedIn) -> None:
    """Lift what this unit, or one below it, stopped; what others stopped stays so. A station
    cannot undo what the Ministry did. Raises Refused: lot_not_stopped, lot_stopped_elsewhere."""
    with db.atomic():
        _lock_lot(lot_id)
        others = {row.id: row.unit for row in _open(lot_id)}
        mine = [key for key, unit in others.items() if unit.path.startswith(by.unit_path)]
        if not others:
            raise Refused(("", "lot_not_stopped"))
        if not mine:
            names = ", ".join(unit.name for unit in others.values())
            raise Refused(("", "lot_stopped_elsewhere", {"units": names}))
        Suspension.update(lifted_why=why, lifted_by=by.id, lifted_at=clock.now()).where(
            Suspension.id.in_(mine)
        ).execute()
        _mark(lot_id, "lot.resumed")


def _lock_lot(lot_id: int) -> None:
    if is_postgres():
        Lot.select().where(Lot.id == lot_id).for_update().get()


def _open(lot_id: int) -> "ModelSelect[Suspension]":
    return Suspension.of(lot_id).where(Suspension.lifted_at.is_null())


def _mark(lot_id: int, event: str) -> None:
    """Keep beside the lot, where every dose looks, whether anybody stopped it."""
    since = min((row.at for row in _open(lot_id)), default=None)
    Lot.update(suspended_at=since).where(Lot.id == lot_id).execute()
    audit.record("change", "lot", lot_id, event=event)
    outbox.emit(event, lot=lot_id)
