"""The messages about appointments: called, changed, taken off, called off, absent, tomorrow."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from peewee import JOIN

from app import clock
from app.i18n import show_date
from app.notices import rules
from app.notices.models import Notice
from app.people.models import Person
from app.registrations.models import Registration
from app.sessions.models import Appointment, VaccinationSession
from app.units.models import Unit

# Event → what its message is called, and how the appointment must have ended for it.
KINDS = {
    "appointment.made": ("invited", ""),
    "appointment.changed": ("invited_anew", ""),
    "appointment.tomorrow": ("invited_tomorrow", ""),
    "appointment.removed": ("uninvited", "removed"),
    "appointment.withdrawn": ("withdrawn", "removed"),
    "appointment.called_off": ("called_off", "removed"),
    "appointment.absent": ("was_absent", "absent"),
}
MOST = 5  # whose codes find room in one message
Row = dict[str, Any]


def _found(appointment_id: int, ended: str) -> Any:
    """The appointment with its wish, if there is one, person, session and site, if it is still
    so."""
    query = (
        Appointment.select(Appointment, Registration, Person, VaccinationSession, Unit)
        .join(Registration, JOIN.LEFT_OUTER)
        .switch(Appointment)
        .join(Person)
        .switch(Appointment)
        .join(VaccinationSession)
        .join(Unit)
    )
    return query.where(Appointment.id == appointment_id, Appointment.ended == ended).first()


def _row(kind: str, ended: str, payload: Row) -> Row | None:
    """To the telephone of the wish, or of whoever registered if that is a landline; without a wish
    to that of the person. `day`: of an appointment that stands or does not take place; nobody
    waits to hear of an absence."""
    called = _found(payload["appointment"], ended)
    if called is None:
        return None
    wish, person = called.registration, called.person
    phones = (wish.phone, wish.by_phone) if wish else (person.phone,)
    phone = next((one for one in phones if rules.mobile(one)), None)
    if phone is None:
        return None
    return {
        "kind": kind, "person": called.person_id, "unit": called.session.unit_id, "phone": phone,
        "lang": rules.language((wish or person).nationality), "about": {"appointment": called.id},
        "day": None if ended == "absent" else called.session.held_on,
        "session": called.session_id,
    }  # fmt: skip


def together(rows: Iterable[Row]) -> list[Row]:
    """One message for those of one telephone who are told of one session by one press; it is made
    for the first of their events."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        session = row.pop("session", None)
        alone = row["event"] if f"{row['kind']}_many" not in rules.TEXTS else None
        # What was said to the outbox at one moment leaves at one moment.
        press = session, row["next_try_at"], row["kind"], row["phone"], row["lang"], alone
        groups.setdefault(press, []).append(row)
    return [
        _joined(some[start : start + MOST])
        for some in groups.values() for start in range(0, len(some), MOST)
    ]  # fmt: skip


def _joined(rows: list[Row]) -> Row:
    if len(rows) == 1:
        return rows[0]
    about = {"appointments": [row["about"]["appointment"] for row in rows]}
    return rows[0] | {"person": None, "about": about}


def _text(ended: str, notice: Notice) -> str | None:
    """None when it is not so any more of anybody, or the day is over."""
    ids = notice.about.get("appointments") or [notice.about["appointment"]]
    called = [one for one in (_found(key, ended) for key in ids) if one]
    if not called or (not ended and called[0].session.held_on < clock.today()):
        return None
    hours = sorted({f"{one.hour:%H:%M}" for one in called})
    values = {
        "whom": _whom(called, notice.lang), "n": str(len(called)),
        "hour": "-".join(dict.fromkeys((hours[0], hours[-1]))),
        "day": show_date(called[0].session.held_on), "site": called[0].session.unit.name,
    }  # fmt: skip
    kind = f"{notice.kind}_many" if called[1:] else notice.kind
    return rules.text(kind, notice.lang, values)


def _whom(called: list[Appointment], lang: str) -> str:
    """One telephone may belong to a family. Of a code the last digits only; a name without one."""
    codes = [one.registration.code for one in called if one.registration]
    return rules.coded(codes, lang) if codes else ", ".join(one.person.name for one in called)


MESSAGES: dict[str, Callable[[Row], Row | None]] = {
    event: partial(_row, kind, ended) for event, (kind, ended) in KINDS.items()
}
TEXTS: dict[str, Callable[[Notice], str | None]] = {
    kind: partial(_text, ended) for kind, ended in KINDS.values()
}
