"""Messages leave: claimed by one worker for a while, sent, and settled."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from peewee import fn

from app import clock
from app.db import db, is_postgres
from app.i18n import show_date
from app.notices import gateways, rules
from app.notices.actions import invitations
from app.notices.models import Notice
from app.people.models import Person
from app.registrations.actions import code_of
from app.vaccines.models import product_name
from app.verification.models import Tally
from app.visits.actions import next_dose
from app.visits.models import Dose

AT_ONCE = 20
# Longer than all that a worker claims at once can take, so that nobody else begins meanwhile.
LEASE = timedelta(seconds=gateways.TIMEOUT * AT_ONCE + 60)


def send(by: Sequence[gateways.Gateway]) -> int:
    """Send what is due now; how many messages were claimed. In the quiet hours only what is
    urgent."""
    _give_up()
    until = clock.now() + LEASE - timedelta(seconds=gateways.TIMEOUT)
    claimed = _claim(Notice.kind == rules.URGENT)
    if not claimed and not rules.quiet(clock.local(clock.now())):
        claimed = _claim()
    for notice in claimed:
        if clock.now() > until:
            break  # the machine stood still; another one may have begun
        _send(notice, by)
    return len(claimed)


def _claim(*which: Any) -> list[Notice]:
    """Messages (of a kind) that nobody else sends until their lease is over."""
    now = clock.now()
    due = Notice.state == "waiting", Notice.next_try_at <= now, *which
    with db.atomic():
        query = Notice.select(Notice.id).where(*due).order_by(Notice.next_try_at).limit(AT_ONCE)
        if is_postgres():
            query = query.for_update(skip_locked=True)
        ids = [row.id for row in query]
        claim = Notice.update(next_try_at=now + LEASE, attempts=Notice.attempts + 1)
        return list(claim.where(Notice.id.in_(ids), *due).returning(Notice).execute())


def _give_up() -> None:
    """What was tried too often, or waits for too long, is not sent any more."""
    now = clock.now()
    old = Notice.created_at < now - rules.TOO_OLD
    Notice.update(
        state="given_up", last_error=fn.COALESCE(fn.NULLIF(Notice.last_error, ""), "late")
    ).where(
        Notice.state == "waiting",
        Notice.next_try_at <= now,
        (Notice.attempts >= rules.MOST_ATTEMPTS) | old,
    ).execute()


def _send(notice: Notice, by: Sequence[gateways.Gateway]) -> None:
    text = TEXTS[notice.kind](notice)
    if text is None:
        _settle(notice, state="given_up", last_error="no_longer_so")
        return
    gateway = by[rules.gateway(notice.kind, notice.refusals, len(by))]
    try:
        found = gateway.send(notice.reference, notice.phone, text)
    except gateways.Unfit as no:
        _settle(notice, state="failed", last_error=no.code, gateway=gateway.name)
    except gateways.NotSent as no:
        _settle(
            notice, next_try_at=clock.now() + rules.pause(notice.attempts), last_error=no.code,
            gateway=gateway.name, refusals=notice.refusals + isinstance(no, gateways.Refused),
        )  # fmt: skip
    else:
        _left(notice, gateway.name, found)
        Tally.note("left", notice.kind)


def _left(notice: Notice, gateway: str, found: str) -> None:
    """It left, whoever has claimed it since; a callback may have been quicker."""
    Notice.update(
        state="sent", sent_at=clock.now(), gateway=gateway, gateway_id=found, last_error=""
    ).where(Notice.id == notice.id, Notice.state == "waiting").execute()


def _settle(notice: Notice, **values: Any) -> None:
    """It did not leave. Not if somebody else claimed it since."""
    Notice.update(values).where(
        Notice.id == notice.id, Notice.state == "waiting", Notice.attempts == notice.attempts
    ).execute()


def _dose_recorded(notice: Notice) -> str | None:
    """None when the dose was undone."""
    mine = Dose.id == notice.about["dose"], Dose.voided_at.is_null()
    dose = Dose.select(Dose, Person).join(Person).where(*mine).first()
    if dose is None:
        return None
    values = {
        "name": dose.person.masked, "n": str(dose.overall), "day": show_date(dose.given_at),
        "product": product_name(dose.product).partition(" (")[0],
    }  # fmt: skip
    due = next_dose(dose.person, Dose.of(dose.person_id))
    number = current_app.extensions["config"].sms_number
    if due is None:
        return rules.text(notice.kind, notice.lang, values, number)
    values |= {"due": show_date(due.on)}
    return rules.text("dose_recorded_due", notice.lang, values, number)


def _phone_code(notice: Notice) -> str | None:
    """None when the code is not good any more."""
    code = code_of(notice.about["registration"])
    return rules.text(notice.kind, notice.lang, {"code": code}) if code else None


TEXTS: dict[str, Callable[[Notice], str | None]] = {
    "dose_recorded": _dose_recorded, "phone_code": _phone_code,
    **invitations.TEXTS,
}  # fmt: skip
