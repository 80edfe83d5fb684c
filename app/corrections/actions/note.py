"""A ticket comes in, through whatever channel."""

import logging
import re
import secrets
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.amendments.models import recorder
from app.certificates.rules import checked, signs
from app.corrections import rules
from app.corrections.models import Ticket, TicketEvent, carer, holidays, holidays_end, way_up
from app.db import db
from app.people.models import country
from app.people.rules import fold
from app.registrations.models import keeper
from app.units.models import Area, Unit
from app.visits.models import Dose
from app.words import Refused

log = logging.getLogger("app.corrections")
SCHEMES = ("vn34", "vn63")  # of areas, that of today first
SIGNS = 7  # random ones of a code; with the telephone it belongs to, nobody finds one by trying
SAME_WITHIN = timedelta(days=1)  # the same said again is the same ticket


class Said(NamedTuple):
    """What somebody says. unit_id: where to begin looking for who answers, when neither dose nor
    place nor person tell it."""

    kind: str
    channel: str
    phone: str
    person_id: int | None
    dose_id: int | None
    unit_id: int | None
    claim: dict[str, Any]


def file(said: Said, by: SignedIn | None = None) -> Ticket:
    """The ticket, new or the one that says the same already. A telephone proves nobody. Raises
    Refused."""
    problems = rules.claim_problems(said.kind, said.person_id, said.dose_id, said.claim)
    nationality = said.claim.get("nationality")
    if nationality and not country(nationality):
        problems.append(("nationality", "country_unknown"))
    if problems:
        raise Refused(*problems)
    with db.atomic():
        found = _same(said)
        if found is None:
            found = _new(said, by)
            TicketEvent.insert(ticket=found.id, act="file", at=found.asked_at,
                               by=by.id if by else None).execute()  # fmt: skip
            audit.record("create", "ticket", found.id, said.person_id, kind=said.kind)
            outbox.emit("correction.filed", ticket=found.id)
        return found


def _same(said: Said) -> Ticket | None:
    since = clock.now() - SAME_WITHIN
    rows = Ticket.select().where(
        Ticket.phone == said.phone, Ticket.kind == said.kind, Ticket.ended_at.is_null(),
        Ticket.asked_at >= since,
    )  # fmt: skip
    mine = (said.person_id, said.dose_id, said.claim)
    return next((row for row in rows if (row.person_id, row.dose_id, row.claim) == mine), None)


def _new(said: Said, by: SignedIn | None) -> Ticket:
    today, half = clock.today(), rules.HALVES[said.kind]
    due = rules.due(said.kind, today, holidays())
    if due.settle > holidays_end():
        _tell_missing(due.settle.year)
    return Ticket.create(
        code=_new_code(), kind=said.kind, half=half, channel=said.channel, phone=said.phone,
        unit=rules.route(half, way_up(_beginning(said, half), today)), person=said.person_id,
        dose=said.dose_id, proven=said.person_id is not None and said.channel != "sms",
        claim=said.claim,
        asked_at=clock.now(), noted_by=by.id if by else None,
        due_answer=due.answer, due_settle=due.settle,
    )  # fmt: skip


@cache  # once for each process
def _tell_missing(year: int) -> None:
    log.warning("corrections/data/holidays.tsv has no holidays of %s: due dates ignore them", year)


def _new_code() -> str:
    while True:
        code = checked(signs(secrets.randbits(5 * SIGNS), SIGNS))
        if not Ticket.select().where(Ticket.code == code).exists():
            return code


def _beginning(said: Said, half: str) -> Unit:
    """The unit that knows most about what is said: which recorded the dose, which is named, which
    has the person in its care."""
    if said.dose_id and half == rules.HEALTH:
        return recorder(Dose.get_by_id(said.dose_id))
    named = half == rules.HEALTH and Unit.get_or_none(Unit.code == said.claim.get("place", ""))
    known = named or (carer(said.person_id) if said.person_id else None)
    return known or Unit.get_or_none(Unit.id == said.unit_id) or Unit.get(Unit.parent.is_null())


def province_named(text: str) -> Unit | None:
    """The authority of the province with this name, of today or of before the merging, written
    with or without marks and without "tỉnh" or "thành phố"; the Ministry, where it has none."""
    wanted, today = _bare(text), clock.today()
    if not wanted:
        return None
    for unit in Unit.select().where(Unit.level == "province").order_by(Unit.id):
        if unit.open_on(today) and _bare(unit.name) == wanted:
            return unit
    for scheme in SCHEMES:
        for area in Area.provinces(scheme):
            if _bare(area.name) == wanted:
                return keeper(area.scheme, area.code)
    return None


def _bare(name: str) -> str:
    return re.sub(r"^(so y te )?(tinh |thanh pho |tp )?", "", fold(name))
