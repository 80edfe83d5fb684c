"""The messages about appointments: called, changed, taken off, called off, absent, tomorrow."""

from collections.abc import Callable
from functools import partial
from typing import Any

from app import clock
from app.i18n import show_date
from app.notices import rules
from app.notices.models import Notice
from app.registrations.models import Registration
from app.sessions.models import Appointment, VaccinationSession
from app.units.models import Unit

# Event → what its message is called, and how the appointment must have ended for it.
KINDS = {
    "appointment.made": ("invited", ""),
    "appointment.changed": ("invited_anew", ""),
    "appointment.tomorrow": ("invited_tomorrow", ""),
    "appointment.removed": ("uninvited", "removed"),
    "appointment.called_off": ("called_off", "removed"),
    "appointment.absent": ("was_absent", "absent"),
}


def _found(appointment_id: int, ended: str) -> Any:
    """The appointment with wish, session and site, if it is still so."""
    query = (
        Appointment.select(Appointment, Registration, VaccinationSession, Unit)
        .join(Registration)
        .switch(Appointment)
        .join(VaccinationSession)
        .join(Unit)
    )
    return query.where(Appointment.id == appointment_id, Appointment.ended == ended).first()


def _row(kind: str, ended: str, payload: dict[str, Any]) -> dict[str, Any] | None:
    """To the telephone of the wish, or of whoever registered if that is a landline. `day`: of an
    appointment that stands or does not take place; nobody waits to hear of an absence."""
    called = _found(payload["appointment"], ended)
    if called is None:
        return None
    wish = called.registration
    phone = next((one for one in (wish.phone, wish.by_phone) if rules.mobile(one)), None)
    if phone is None:
        return None
    return {
        "kind": kind, "person": called.person_id, "unit": called.session.unit_id, "phone": phone,
        "lang": rules.language(wish.nationality), "about": {"appointment": called.id},
        "day": None if ended == "absent" else called.session.held_on,
    }  # fmt: skip


def _text(ended: str, notice: Notice) -> str | None:
    """None when it is not so any more, or the day is over. Of the code the last digits only: one
    telephone may have registered a family."""
    called = _found(notice.about["appointment"], ended)
    if called is None or (not ended and called.session.held_on < clock.today()):
        return None
    values = {
        "code": called.registration.code[-4:], "hour": f"{called.hour:%H:%M}",
        "day": show_date(called.session.held_on), "site": called.session.unit.name,
    }  # fmt: skip
    return rules.text(notice.kind, notice.lang, values)


MESSAGES: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
    event: partial(_row, kind, ended) for event, (kind, ended) in KINDS.items()
}
TEXTS: dict[str, Callable[[Notice], str | None]] = {
    kind: partial(_text, ended) for kind, ended in KINDS.values()
}
