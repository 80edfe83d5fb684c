"""From the outbox to messages: each event once, whoever takes it."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from app import clock
from app.db import db, is_postgres
from app.notices import rules
from app.notices.actions import invitations
from app.notices.models import Notice
from app.outbox import OutboxEvent
from app.people.models import Person
from app.registrations.actions import hold_of
from app.registrations.models import Registration
from app.sessions.actions import remind, vaccinated
from app.visits.actions import next_doses
from app.visits.models import Dose
from app.visits.rules import ADULT

AT_ONCE = 200
Row = dict[str, Any]


def take(most: int = AT_ONCE) -> int:
    """Make the messages of so many events and mark these done; how many events there were."""
    remind()
    with db.atomic():
        events = list(_waiting(most))
        _finish_wishes(events)
        rows = invitations.together(row for event in events if (row := _row(event)))
        if rows:
            Notice.insert_many(rows).on_conflict_ignore().execute()
        OutboxEvent.update(done_at=clock.now()).where(
            OutboxEvent.id.in_([event.id for event in events])
        ).execute()
    return len(events)


def _finish_wishes(events: list[OutboxEvent]) -> None:
    """Whoever was vaccinated, wherever it was, has what they wished."""
    ids = [event.payload["dose"] for event in events if event.event == "dose.recorded"]
    if not ids:
        return
    rows = Dose.select(Dose.person).where(Dose.id.in_(ids))
    hold_of([row.person_id for row in rows])
    doses = Dose.select().where(Dose.id.in_(ids), Dose.voided_at.is_null())
    if given := {dose.person_id: dose.given_at for dose in doses.order_by(Dose.given_at)}:
        vaccinated(given, _next_days)


def _next_days(person_ids: list[int]) -> dict[int, date]:
    return {key: due.on for key, due in next_doses(person_ids).items()}


def _waiting(most: int) -> Any:
    """The oldest events that nobody is about to take. (SQLite lets one writer in at a time.)"""
    query = OutboxEvent.select().where(OutboxEvent.done_at.is_null())
    query = query.order_by(OutboxEvent.id).limit(most)
    return query.for_update(skip_locked=True) if is_postgres() else query


def _row(event: OutboxEvent) -> Row | None:
    """The message for an event; None for what is told to nobody."""
    make = MESSAGES.get(event.event)
    found = make(event.payload) if make else None
    if found is None:
        return None
    today = found.pop("day", None) == clock.today()
    return found | {
        "event": event.id, "reference": secrets.token_hex(8), "created_at": clock.now(),
        "next_try_at": event.created_at + rules.first_after(found["kind"], today),
    }  # fmt: skip


def _dose_recorded(payload: Row) -> Row | None:
    """Only what was given at one of our sessions just now."""
    dose = Dose.select(Dose, Person).join(Person).where(Dose.id == payload["dose"]).first()
    if dose is None or dose.source != "session" or clock.now() - dose.given_at > rules.NEWS:
        return None
    phone = _phone(dose.person)
    if phone is None or dose.person.deceased_on:
        return None
    return {
        "kind": "dose_recorded", "person": dose.person_id, "unit": dose.unit_id, "phone": phone,
        "lang": rules.language(dose.person.nationality), "about": {"dose": dose.id},
    }  # fmt: skip


def _phone(person: Person) -> str | None:
    """The telephone that takes messages: of a child first the guardian's."""
    child = person.dob.age_range(clock.today())[0] < ADULT
    order = (person.guardian_phone, person.phone) if child else (person.phone,)
    return next((phone for phone in order if rules.mobile(phone)), None)


def _code_asked(payload: Row) -> Row | None:
    wish = Registration.get_or_none(Registration.id == payload["registration"])
    if wish is None or not rules.mobile(wish.phone):
        return None
    return {
        "kind": "phone_code", "person": wish.person_id, "unit": wish.unit_id, "phone": wish.phone,
        "lang": rules.language(wish.nationality), "about": {"registration": wish.id},
    }  # fmt: skip


MESSAGES: dict[str, Callable[[Row], Row | None]] = {
    "dose.recorded": _dose_recorded, "registration.code_asked": _code_asked,
    **invitations.MESSAGES,
}  # fmt: skip
