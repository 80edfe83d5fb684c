"""Handing lists out on paper, and finding a row of one again by its code."""

from datetime import date
from typing import Any

from app import audit, clock
from app.accounts.actions import SignedIn
from app.certificates import rules as certificates
from app.db import db
from app.lists import models
from app.lists.models import PrintedRow, PrintRun
from app.people.models import Person
from app.sessions.models import VaccinationSession
from app.units.models import Unit
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits.actions import as_rules_see

ROW_SIGNS = 4  # a million rows


def for_police(unit: Unit, by: SignedIn) -> int:
    """Set down the list of those in a unit's care whose identity the police has to confirm;
    returns its id."""
    return _run("police", unit.id, models.unverified(unit.path), by)


def for_power_cut(session: VaccinationSession, blank: int, by: SignedIn) -> int:
    """Set down the list that a session goes on with on paper; returns its id."""
    people = models.expected(session.id)
    return _run("paper", session.unit_id, people, by, session=session.id, blank=blank)


def _run(kind: str, unit_id: int, people: Any, by: SignedIn, **more: Any) -> int:
    with db.atomic():
        run = PrintRun.create(kind=kind, unit=unit_id, at=clock.now(), by=by.id, **more)
        rows = run.fill(people)
        audit.record("create", "list", run.id, kind=kind, rows=rows)
        return int(run.id)


def run_code(run_id: int) -> str:
    """The code of a list on paper, at the top of each of its pages."""
    return certificates.checked(certificates.signs(run_id))


def row_code(run_id: int, row: int) -> str:
    """The code of a row: list, row and check sign, as "1J-003XQ"."""
    place = certificates.signs(row, ROW_SIGNS)
    code = certificates.checked(certificates.signs(run_id) + place)
    return f"{code[: -ROW_SIGNS - 1]}-{code[-ROW_SIGNS - 1 :]}"


def row_with(code: str, path: str) -> Person | None:
    """Who stands in the row of a list of a unit at or below `path`; None when nobody does."""
    signs = certificates.plain(code)
    if not signs or len(signs) < ROW_SIGNS + 2 or len(signs) > ROW_SIGNS + 7:
        return None
    run, row = signs[: -ROW_SIGNS - 1], signs[-ROW_SIGNS - 1 : -1]
    place = (PrintedRow.run == certificates.number(run)) & (
        PrintedRow.row == certificates.number(row)
    )
    found = PrintedRow.within(path).where(place).first()
    return found.person if found else None


def next_dose(person: Any, doses: list[Any], today: date) -> vaccines.Due | None:
    """The dose that the rules in force ask for next; doses: as models.doses_of gives them."""
    given = [
        vaccines.GivenDose(dose.product, dose.kind, dose.seq, clock.local(dose.given_at).date())
        for dose in doses
    ]
    return vaccines.due_on(as_rules_see(person), given, today, catalogue_on(today))
