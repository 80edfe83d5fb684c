"""What becomes of those who were called: moved, taken off the list, come, absent, vaccinated."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app import clock
from app.db import db
from app.outbox import emit_many
from app.registrations.actions import finish, finish_for, unlist
from app.sessions import rules
from app.sessions.models import Appointment, VaccinationSession

# Whoever is called or told of a change the day before is not reminded once more.
SOON = timedelta(days=1)
# People → the day on which the next dose of each is due, of those who need one.
NextDays = Callable[[list[int]], Mapping[int, date]]


def told_for(held_on: date) -> date | None:
    """What `reminded_for` is of somebody who is told of this day now."""
    return held_on if held_on <= clock.today() + SOON else None


def moved(session: VaccinationSession, was: VaccinationSession) -> None:
    """The session has another day or half-day: everybody is told, and has an hour of it."""
    if (session.held_on, session.half_day) == (was.held_on, was.half_day):
        return
    rows = list(Appointment.standing(session.id))
    _change(rows, reminded_for=told_for(session.held_on))
    if session.half_day != was.half_day:
        given = list(zip(rows, rules.spread(session.half_day, len(rows)), strict=True))
        for hour in rules.HOURS[session.half_day]:
            _change([row for row, at in given if at == hour], hour=hour)
    _tell("appointment.changed", rows)


def removed(session_id: int, person_ids: Iterable[int]) -> None:
    """They were taken off the list: their wishes wait again."""
    mine = Appointment.person.in_(list(person_ids))
    _remove(list(Appointment.standing(session_id).where(mine)), "appointment.removed")


def withdrawn(session_id: int, person_ids: Iterable[int]) -> None:
    """The same, because they do not wish it any more: nobody calls them again."""
    mine = Appointment.person.in_(list(person_ids))
    _remove(list(Appointment.standing(session_id).where(mine)), "appointment.withdrawn")


def called_off(session_id: int) -> None:
    """The session does not take place: all wishes that were called to it wait again."""
    _remove(list(Appointment.standing(session_id)), "appointment.called_off")


def _remove(rows: list[Appointment], event: str) -> None:
    _change(rows, ended="removed")
    unlist(_wishes(rows))
    _tell(event, rows)


def settle(session_id: int, doses: Mapping[int, bool]) -> None:
    """The session is over. doses: person who came → whether there was a dose. Without one the wish
    waits again, at its place."""
    rows = list(Appointment.standing(session_id))
    came = [row for row in rows if row.person_id in doses]
    absent = [row for row in rows if row.person_id not in doses]
    _change(came, ended="came")
    _change(absent, ended="absent")
    finish(_wishes(row for row in came if doses[row.person_id]))
    unlist(_wishes(row for row in rows if not doses.get(row.person_id)))
    _tell("appointment.absent", absent)


def vaccinated(given: Mapping[int, datetime], next_days: NextDays) -> None:
    """People (id → when) were vaccinated, wherever it was: what they wished before is done, and
    nobody is called any more because that dose was due. next_days: asked of those who were called
    after a dose that was entered late; who needs another one all the same stays called."""
    with db.atomic():
        wished = Appointment.registration.in_(finish_for(given))
        rows = list(Appointment.select().where(wished, Appointment.ended == ""))
        due = list(Appointment.because_due(given))
        late = [row for row in due if _had_before(given, row)]
        days = next_days(sorted({row.person_id for row in late})) if late else {}
        stay = [row for row in late if rules.is_due(days.get(row.person_id), row.session.held_on)]
        _change([row for row in rows + due if row not in stay], ended="came")


def _had_before(given: Mapping[int, datetime], row: Any) -> bool:
    """Whether the dose had been given when the person was called."""
    return row.called_at is None or given[row.person_id] < row.called_at


def remind() -> int:
    """Tell, once, those who are expected tomorrow; how many they are."""
    day = clock.today() + SOON
    sessions = VaccinationSession.select(VaccinationSession.id).where(
        VaccinationSession.held_on == day, VaccinationSession.closed_at.is_null()
    )
    told = Appointment.reminded_for.is_null() | (Appointment.reminded_for != day)
    due = Appointment.session.in_(sessions), Appointment.ended == "", told
    if not Appointment.select().where(*due).exists():
        return 0
    with db.atomic():
        # Of two workers the second one waits, and finds them told.
        query = Appointment.update(reminded_for=day).where(*due).returning(Appointment)
        rows = list(query.execute())
        _tell("appointment.tomorrow", rows)
    return len(rows)


def _wishes(rows: Iterable[Appointment]) -> list[int]:
    """Of those who were called by one."""
    return [row.registration_id for row in rows if row.registration_id]


def _change(rows: Iterable[Appointment], **values: Any) -> None:
    ids = [row.id for row in rows]
    if ids:
        Appointment.update(values).where(Appointment.id.in_(ids)).execute()


def _tell(event: str, rows: Iterable[Any]) -> None:
    emit_many(event, [{"appointment": row.id} for row in rows])
