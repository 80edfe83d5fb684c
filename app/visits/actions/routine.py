"""The routine dose at one desk, written for PostgreSQL in few statements.

Nineteen of twenty doses are alike: a grown-up without a visit in this session, every answer
Không, nothing that speaks against the dose. These take this way; whatever is not plainly so goes
the long way (desk.py), which also finds the words for what is wrong. Both ask the same rules.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import namedtuple_row

from app import audit, clock
from app.accounts.actions import SignedIn
from app.accounts.roles import verbs
from app.db import db, is_postgres
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import rules
from app.visits.actions.dose import Planned, plan
from app.visits.actions.steps import as_rules_see

SQL = Path(__file__).parent.parent / "sql"
VERSION = 4  # of a visit after its three steps


class Routine(NamedTuple):
    """What a desk asks for when nothing is unusual; the numbers are row ids."""

    session: int
    person: int
    holding: int
    vaccinator: int
    table_no: int
    body_part: str


class Given(NamedTuple):
    """A dose that was given, as the desk shows it."""

    visit_id: int
    version: int
    queue_no: int
    name: str
    kind: str
    seq: int
    product: str
    lot_number: str
    observe_until: datetime


class _NotRoutine(Exception):
    """Something is unusual: nothing is kept, and the long way decides."""


def routine_dose(asked: Routine, key: str, body: str, by: SignedIn) -> Given | None:
    """Record the dose, or None when it is not routine and nothing was written. `key` and `body`
    are those of once.py: a repeated form is not routine."""
    if not is_postgres() or db.in_transaction():
        return None
    line = db.connection()
    now = clock.now()
    values = asked._asdict() | {
        "today": clock.today(), "now": now, "until": rules.observe_until(now), "key": key,
        "body": body, "by": by.id, "chain": by.unit_id, "scope": by.unit_path,
    }  # fmt: skip
    try:
        with line.pipeline():
            line.execute("begin")
            given = _give(line, asked, values)
            line.execute("commit")
        return given
    except BaseException as error:
        line.rollback()
        if isinstance(error, (_NotRoutine, psycopg.Error)):
            return None
        raise


def _give(line: Any, asked: Routine, values: dict[str, Any]) -> Given:
    locked, read = _ask(line, "routine_lock", values), _ask(line, "routine_read", values)
    held, known = _only(locked), _only(read)
    if rules.body_problems(asked.body_part, asked.table_no, held.tables):
        raise _NotRoutine
    if "dose.record" not in verbs(tuple((known.roles or "").split())):
        raise _NotRoutine
    person = as_rules_see(known)
    planned = plan(person, _history(known.history), known.product)
    consent, sheet, answers = _usual(person)
    if planned.problems or planned.volumes.default is None:
        raise _NotRoutine
    values |= _dose(known, held, planned) | {
        "consent_text": consent, "sheet": sheet, "answers": answers, "eligible": vaccines.ELIGIBLE,
        "version": VERSION,
    }  # fmt: skip
    values |= _sealed(held, values)
    _ask(line, "routine_write", values)
    return Given(
        values["visit"], VERSION, held.last_queue_no, known.name, planned.step.kind,
        planned.step.seq, known.product, known.number, values["until"],
    )  # fmt: skip


def _ask(line: Any, name: str, values: Mapping[str, Any]) -> Any:
    cursor = psycopg.Cursor(line, row_factory=namedtuple_row)
    return cursor.execute(_sql(name), values, prepare=True)


def _only(cursor: Any) -> Any:
    row = cursor.fetchone()
    if row is None:
        raise _NotRoutine
    return row


@cache
def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text("utf-8")


def _history(rows: list[Any] | None) -> list[vaccines.GivenDose]:
    return [
        vaccines.GivenDose(p, k, s, clock.local(datetime.fromisoformat(at)).date())
        for p, k, s, at in rows or ()
    ]


def _usual(person: vaccines.Person) -> tuple[int | None, int, str]:
    """(consent sheet, screening sheet, answers) of a grown-up who answers Không throughout."""
    today = clock.today()
    if vaccines.age_range(person.birth, today)[0] < rules.ADULT:
        raise _NotRoutine
    book = catalogue_on(today)
    consent, sheet = vaccines.consent_for(person, book), vaccines.form_for(person, book)
    if sheet is None:
        raise _NotRoutine
    asked = tuple(item.code for item in sheet.items if vaccines.asked(item, person))
    return consent.source.id if consent else None, sheet.source.id, _all_no(asked)


@lru_cache(maxsize=16)
def _all_no(codes: tuple[str, ...]) -> str:
    return json.dumps({code: vaccines.Answer(False)._asdict() for code in codes})


def _dose(known: Any, held: Any, planned: Planned) -> dict[str, Any]:
    visit, dose = known.visit, known.dose
    return {
        "visit": visit, "dose": dose, "unit": held.unit_id, "queue_no": held.last_queue_no,
        "product": known.product, "lot_number": known.number, "expires_on": known.expires_on,
        "kind": planned.step.kind, "seq": planned.step.seq, "overall": planned.step.overall,
        "volume_ml": planned.volumes.default, "rules_version": planned.version,
        "event": json.dumps({"dose": dose}), "result": str(visit),
    }  # fmt: skip


def _sealed(held: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    detail = {"visit": values["visit"], "product": values["product"]}
    link = audit.Link(
        values["chain"], held.link, values["now"], values["by"], "create", "dose", values["dose"],
        values["person"], detail,
    )  # fmt: skip
    mark = audit.seal(audit.chain_key(), held.seal, link)
    return {"link": held.link, "detail": json.dumps(detail), "seal": mark}
