"""What is counted and listed. Each question of the count stands in a file of sql/ and is the same
for both databases; a day is the day of the session, so that a visit and its dose fall on one."""

import re
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from peewee import JOIN, Expression, ModelSelect, Tuple, fn

from app import clock
from app.accounts.models import User
from app.audit import AuditEntry
from app.db import db, is_postgres
from app.reactions.models import Reaction
from app.reports import rules
from app.sessions.models import VaccinationSession
from app.units.models import Unit
from app.visits.models import Dose, Visit

SQL = Path(__file__).parent.parent / "sql"


# What the two databases call the same thing.
SQLITE = {
    "{hours}": "(strftime('%s', dose.recorded_at) - strftime('%s', dose.given_at)) / 3600.0",
    "{together}": "group_concat",
    "{sent_on}": "date(registration.sent_at, '+7 hours')",
    "{moved_on}": "date(movement.at, '+7 hours')",
}
POSTGRES = {
    "{hours}": "extract(epoch from dose.recorded_at - dose.given_at) / 3600",
    "{together}": "string_agg",
    "{sent_on}": "cast(registration.sent_at + interval '7 hours' as date)",
    "{moved_on}": "cast(movement.at + interval '7 hours' as date)",
}


@cache
def _statement(name: str, by: str, postgres: bool) -> str:
    """The text of sql/<name>.sql with that of sql/<by>.sql before it; its :names are written as
    the driver wants them."""
    text = "".join((SQL / f"{part}.sql").read_text(encoding="utf-8") for part in (by, name))
    for word, said in (POSTGRES if postgres else SQLITE).items():
        text = text.replace(word, said)
    return re.sub(r":(\w+)", r"%(\1)s", text.replace("%", "%%")) if postgres else text


def ask(name: str, unit: Unit, day: date, by: str = "by_child") -> list[Any]:
    """The answer to a question of sql/ about the units at or below `unit` on a day."""
    start, end = clock.day_bounds(day)
    values = {
        "unit": unit.id, "below": unit.path + "%", "day": str(day),
        "start": str(start), "end": str(end),
    }  # fmt: skip
    return db.execute_sql(_statement(name, by, is_postgres()), values).fetchall()


def records(unit: Unit, day: date, by: str = "by_child") -> rules.Records:
    """All that is counted on a day, by rows of `by`. Four statements, whatever the size."""
    return rules.Records(*(ask(name, unit, day, by) for name in rules.Records._fields))


def counts(unit: Unit, day: date) -> dict[int, rules.Counts]:
    """The counts of a day: id of a child of `unit` → everything at or below it; id of `unit` →
    its own visits. Units without visits are left out. Three statements, whatever the size."""
    visits: dict[int, Counter[str]] = defaultdict(Counter)
    doses: dict[int, dict[tuple[str, int, str], int]] = defaultdict(dict)
    reactions: dict[int, Counter[int]] = defaultdict(Counter)
    for child, state, _planned, number in ask("visits", unit, day):
        visits[child][state] += number
    for child, kind, seq, product, number, _late, _hours in ask("doses", unit, day):
        doses[child][kind, seq, product] = number
    for child, _product, serious, _signs, people in ask("reactions", unit, day):
        reactions[child][serious] += people
    return {
        child: rules.counts(visits[child], doses[child], (reactions[child][0], reactions[child][1]))
        for child in visits.keys() | doses.keys()
    }


def around(unit: Unit, top: str) -> tuple[list[Unit], list[Unit]]:
    """(the units above `unit` as far up as the path `top`, its children): one statement."""
    above = [int(number) for number in unit.path.removeprefix(top).split("/") if number]
    above += [int(top.rstrip("/").rsplit("/", 1)[-1])]
    query = Unit.select().where((Unit.parent == unit.id) | Unit.id.in_(above)).order_by(Unit.path)
    found = list(query)
    return (
        [one for one in found if unit.path.startswith(one.path) and one.id != unit.id],
        [one for one in found if one.parent_id == unit.id],
    )


def visits_behind(
    unit: Unit, day: date, asked: rules.Asked, after: int | None
) -> "ModelSelect[Visit]":
    """The visits behind a count, by session and queue number, with site and person; those after
    the visit `after`."""
    # The few sessions first: the database does not know that a visit is where its session is.
    that_day = VaccinationSession.within(unit.path).where(VaccinationSession.held_on == day)
    here = Visit.session.in_(that_day.select(VaccinationSession.id))
    query = Visit.within(unit.path).where(here, *_wanted(asked))
    if asked.own:
        query = query.where(Visit.unit == unit.id)
    if after:
        last = Visit.alias()
        place = last.select(last.session, last.queue_no).where(last.id == after)
        query = query.where(Expression(Tuple(Visit.session, Visit.queue_no), ">", place))
    return query.order_by(Visit.session, Visit.queue_no)


def _wanted(asked: rules.Asked) -> list[Any]:
    dose = (Dose.visit == Visit.id) & Dose.voided_at.is_null()
    standing = Dose.select(Dose.id).where(dose)
    reaction = (Reaction.visit == Visit.id) & Reaction.dose.in_(standing)
    serious = fn.EXISTS(Reaction.select(Reaction.id).where(reaction, Reaction.serious))
    if asked.kind:
        dose = dose & (Dose.kind == asked.kind) & (Dose.seq == asked.seq)
    if asked.product:
        dose = dose & (Dose.product == asked.product)
    if asked.kind or asked.product or asked.what == "vaccinated":
        return [fn.EXISTS(Dose.select(Dose.id).where(dose))]
    if asked.what == "serious":
        return [serious]
    if asked.what == "ordinary":
        return [fn.EXISTS(Reaction.select(Reaction.id).where(reaction)), ~serious]
    states = rules.OUTCOMES.get(asked.what)
    return [Visit.state.in_(states) if states else Visit.state != rules.VOIDED]


def doses_of(visits: list[Visit]) -> dict[int, Dose]:
    """Visit id → its dose, of those that have one."""
    return {
        dose.visit_id: dose
        for dose in Dose.select().where(Dose.visit.in_(visits), Dose.voided_at.is_null())
    }


def entries(path: str, asked: rules.Traced) -> "ModelSelect[AuditEntry]":
    """What was done at the units at or below `path`, the newest first: rows of the audit with
    `who` and `unit`, the names of the person and of the unit. What nobody signed in did is seen
    at the root of the tree only."""
    here = Unit.below(path)
    if path.count("/") == 2:
        here = here | (AuditEntry.chain == 0)
    query = (
        AuditEntry.select(AuditEntry, User.name.alias("who"), Unit.name.alias("unit"))
        .join(Unit, JOIN.LEFT_OUTER, on=(Unit.id == AuditEntry.chain))
        .join(User, JOIN.LEFT_OUTER, on=(User.id == AuditEntry.user_id))
        .where(here)
    )
    for field in ("person_id", "user_id", "action"):
        value = getattr(asked, field)
        query = query.where(getattr(AuditEntry, field) == value) if value else query
    if asked.day:
        start, end = clock.day_bounds(asked.day)
        query = query.where(AuditEntry.at >= start, AuditEntry.at < end)
    query = query.where(AuditEntry.id < asked.before) if asked.before else query
    return query.order_by(AuditEntry.id.desc()).objects()
