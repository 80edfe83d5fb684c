"""What a desk has at hand when somebody stands before it: short statements, read a thousand times
an hour, so they are written in SQL and their rows are plain tuples."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from app.accounts.roles import verbs
from app.db import is_postgres, run
from app.registrations.models import TOLD, TOLD_BY, said


class Seat(NamedTuple):
    """The session that a desk works at; `above`: ids of its unit and of all units above."""

    session_id: int
    unit_id: int
    above: tuple[int, ...]


class Met(NamedTuple):
    """A person as a desk sees one; has what vaccines.rules and the templates ask for."""

    id: int
    name: str
    sex: str
    dob_year: int
    dob_month: int | None
    dob_day: int | None
    immunosuppressed: bool
    deceased_on: date | None
    guardian_name: str | None


class PastDose(NamedTuple):
    """A dose given before."""

    product: str
    kind: str
    seq: int
    given_at: datetime
    lot_number: str
    unit_name: str


class PastAlert(NamedTuple):
    """A contraindication or reaction met before."""

    kind: str
    text: str
    serious: bool
    at: datetime


class Wish(NamedTuple):
    """What was told at home when the person was registered, and is not plainly no: question →
    answer, with what was written; who agreed there, and to which paper."""

    told_at: datetime
    said: dict[str, str]
    allergen: str
    agreed_at: datetime
    agreed_by: str
    paper: str


class UsableLot(NamedTuple):
    """A lot that may be injected here and now."""

    id: int
    product: str
    number: str
    balance: int


SEAT = """select s.id, s.unit_id, u.path from vaccination_session s join unit u on u.id = s.unit_id
where s.id = ? and u.path like ?"""
MET = """select p.id, p.name, p.sex, p.dob_year, p.dob_month, p.dob_day, p.immunosuppressed,
p.deceased_on, p.guardian_name from person p """
BY_NUMBER = MET + "join document d on d.person_id = p.id where d.number = ? and d.active limit 2"
BY_ID = MET + "where p.id = ?"
ALERTS = "select kind, text, serious, at from alert where person_id = ? order by at desc"
# One statement instead of five: each costs more on its way than in itself. {all} and {row} are
# what the two databases call the same functions; rows are put in order here.
TABLE = """select
(select {all}({row}(d.given_at, d.id, d.product, d.kind, d.seq, d.lot_number,
  coalesce(u.name, d.place)))
 from dose d left join unit u on u.id = d.unit_id
 where d.person_id = ? and d.voided_at is null),
(select {all}({row}(at, kind, text, serious)) from alert where person_id = ?),
(select {all}({row}(l.expires_on, h.id, l.product, l.number, h.balance))
 from holding h join lot l on l.id = h.lot_id
 where (h.unit_id = ? or h.id in (select holding_id from session_lot where session_id = ?))
 and h.balance > 0 and l.expires_on >= ? and l.suspended_at is null),
(select {all}({row}(a.name, a.id, m.roles)) from membership m join account a on a.id = m.user_id
 where a.active and m.unit_id in ({above})),
{wish}"""
STAFF = """select a.name, a.id, m.roles from membership m join account a on a.id = m.user_id
where a.active and m.unit_id in (%s) order by a.name, a.id"""


def seat(session_id: int, path: str) -> Seat | None:
    """The session, if it is at or below `path`."""
    row = run(SEAT, session_id, f"{path}%").fetchone()
    if row is None:
        return None
    return Seat(row[0], row[1], tuple(int(part) for part in row[2].split("/") if part))


def by_number(number: str) -> Met | None:
    """Who has this number in force, anywhere in the nation; None when two people share it."""
    rows = {Met(*row) for row in run(BY_NUMBER, number).fetchall()}
    return rows.pop() if len(rows) == 1 else None


def by_id(person_id: int) -> Met | None:
    """One person; the caller has made sure that this desk may see them."""
    row = run(BY_ID, person_id).fetchone()
    return Met(*row) if row else None


def alerts(person_id: int) -> list[PastAlert]:
    """The alerts of a person, newest first."""
    rows = run(ALERTS, person_id).fetchall()
    return [PastAlert(kind, text, bad, moment(at)) for kind, text, bad, at in rows]


class Table(NamedTuple):
    """All that lies on the table when a person stands before it. lots: those that may be injected
    here, planned for the session or held by its site; staff: id → name of those who inject; wish:
    what was told at home."""

    doses: list[PastDose]
    alerts: list[PastAlert]
    lots: list[UsableLot]
    staff: dict[int, str]
    wish: Wish | None


def table(here: Seat, person_id: int, on: date) -> Table:
    """What is known of a person, oldest dose and newest alert first, and what may be given."""
    values = (person_id, person_id, here.unit_id, here.session_id, on, *here.above, person_id)
    doses, alerts, lots, staff, wishes = map(
        _sorted, run(_table_sql(len(here.above), is_postgres()), *values).fetchone()
    )
    return Table(
        [PastDose(p, k, s, moment(at), lot, unit) for at, _id, p, k, s, lot, unit in doses],
        [PastAlert(kind, text, bool(bad), moment(at)) for at, kind, text, bad in reversed(alerts)],
        [UsableLot(*lot[1:]) for lot in lots],
        _injecting(staff),
        _wish(wishes),
    )


@cache
def _table_sql(units: int, postgres: bool) -> str:
    names, above = _names(postgres), ", ".join("?" * units)
    return TABLE.format(above=above, wish=TOLD.format(**names), **names)


def _names(postgres: bool) -> dict[str, str]:
    every, row = ("agg", "build_array") if postgres else ("group_array", "array")
    return {"all": f"json_{every}", "row": f"json_{row}"}


def wish(person_id: int) -> Wish | None:
    """What was told at home when this person was registered."""
    sql = "select " + TOLD.format(**_names(is_postgres()))
    return _wish(_sorted(run(sql, person_id).fetchone()[0]))


def wishes(person_ids: Sequence[int]) -> dict[int, Wish]:
    """The same of many people, of those who told something."""
    if not person_ids:
        return {}
    sql = TOLD_BY.format(people=", ".join("?" * len(person_ids)))
    return {key: _told(row) for key, *row in run(sql, *person_ids, prepare=False)}


def _wish(rows: list[Any]) -> Wish | None:
    return _told(rows[-1]) if rows else None


def _told(row: Sequence[Any]) -> Wish:
    at, _id, history, agreed_at, agreed_by, paper = row
    told = json.loads(history) if isinstance(history, str) else history
    return Wish(
        moment(at), said(told), told.get("allergen", ""), moment(agreed_at), agreed_by, paper
    )


def _sorted(rows: Any) -> list[Any]:
    """SQLite hands JSON back as text, PostgreSQL nothing at all for no rows."""
    return sorted(json.loads(rows) if isinstance(rows, str) else rows or [])


def vaccinators(above: tuple[int, ...]) -> dict[int, str]:
    """id → name of those who may inject at a site: its own people and those of the units above it
    (a mobile site has the people of its station)."""
    return _injecting(run(STAFF % ", ".join("?" * len(above)), *above).fetchall())


def _injecting(staff: list[Any]) -> dict[int, str]:
    return {row[1]: row[0] for row in staff if "dose.record" in verbs(tuple(row[2].split()))}


def moment(value: Any) -> datetime:
    """SQLite hands raw moments back as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
