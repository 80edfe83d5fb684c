"""Sheets filled in on paper and typed in afterwards, many with one press. Only what is plain: grown
people who signed for themselves, and screening sheets on which all is Không. Each has a row of
their own; whatever is not plain is written on their own page."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from app import clock
from app.accounts.actions import SignedIn
from app.db import db
from app.people.models import Alert
from app.sessions.models import VaccinationSession
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import rules
from app.visits.actions.batch import Reasons, alone
from app.visits.actions.steps import (
    Consent,
    Screening,
    all_no,
    as_rules_see,
    consent,
    screen,
    sheet_for,
)  # fmt: skip
from app.visits.models import Visit
from app.words import Refused


class Row(NamedTuple):
    """Somebody on the page; against: why their sheet is written on a page of its own."""

    visit: Visit
    against: Reasons
    alerts: list[Alert]


class Paper(NamedTuple):
    """A screening sheet on which all questions were answered with Không."""

    version: int
    temperature: Decimal | None


def consent_rows(visits: Iterable[Visit]) -> list[Row]:
    """Who may be among those whose signed sheets were collected."""
    return [Row(visit, _signs_alone(visit), []) for visit in visits]


def _signs_alone(visit: Visit) -> Reasons:
    born = as_rules_see(visit.person).birth
    grown = vaccines.age_range(born, clock.today())[0] >= rules.ADULT
    return [] if grown else [("", "child_alone", {})]


def consent_all(
    session: VaccinationSession, chosen: Mapping[int, int], by: SignedIn
) -> dict[int, Reasons]:
    """The signed sheets of these visits (id → version) were collected. Visit id → why it was left
    as it was."""
    with db.atomic():
        rows = consent_rows(_visits(session, chosen))
        return {r.visit.id: alone(partial(_agree, r, chosen[r.visit.id], by)) for r in rows}


def _visits(session: VaccinationSession, ids: Iterable[int]) -> Any:
    """In one order everywhere, because each step holds the row of its visit."""
    query = Visit.within(session.unit.path).where(Visit.session == session.id)
    return query.where(Visit.id.in_(list(ids))).order_by(Visit.id)


def _agree(row: Row, version: int, by: SignedIn) -> int:
    if row.against:
        raise Refused(*row.against)
    sheet = vaccines.consent_for(as_rules_see(row.visit.person), catalogue_on(clock.today()))
    signed = Consent(True, text=sheet.source.id if sheet else None)
    return consent(row.visit, version, signed, by)


def screening_rows(visits: Iterable[Visit]) -> list[Row]:
    """Whose sheet may be typed in as a row: only the temperature has to be measured, and no grave
    alert is known."""
    visits = list(visits)
    alerts = Alert.select().where(Alert.person.in_([visit.person_id for visit in visits]))
    found = []
    for visit in visits:
        mine = [alert for alert in alerts if alert.person_id == visit.person_id]
        found.append(Row(visit, _screened_alone(visit, mine), mine))
    return found


def _screened_alone(visit: Visit, alerts: list[Alert]) -> Reasons:
    person, today = as_rules_see(visit.person), clock.today()
    sheet = vaccines.form_for(person, catalogue_on(today))
    if sheet is None:
        return [("", "no_sheet", {})]
    more = [v for v in sheet.vitals if v.code != "temperature"]
    found: Reasons = []
    if any(vaccines.needed(vital, person, today) for vital in more):
        found.append(("", "signs_alone", {}))
    if any(alert.serious or alert.kind == "contraindication" for alert in alerts):
        found.append(("", "alone_by_alert", {}))
    return found


def screen_all(
    session: VaccinationSession, papers: Mapping[int, Paper], by: SignedIn
) -> dict[int, Reasons]:
    """Type in these sheets (visit id → paper). Visit id → why it was left as it was. Raises Refused
    at "t" and the id where a temperature is missing or impossible; then nothing is written."""
    with db.atomic():
        rows = screening_rows(_visits(session, papers))
        wrong = [fault for row in rows for fault in _mistyped(row, papers[row.visit.id])]
        if wrong:
            raise Refused(*wrong)
        return {r.visit.id: alone(partial(_screen, r, papers[r.visit.id], by)) for r in rows}


def _sheet(visit: Visit, paper: Paper) -> tuple[vaccines.Person, Screening]:
    person = as_rules_see(visit.person)
    sheet, signs = sheet_for(person), vaccines.Signs(temperature=paper.temperature)
    return person, Screening(sheet, all_no(sheet, person), signs, vaccines.ELIGIBLE)


def _mistyped(row: Row, paper: Paper) -> Reasons:
    if row.against:
        return []
    person, s = _sheet(row.visit, paper)
    problems = vaccines.answer_problems(s.sheet, s.answers, s.signs, person, clock.today())
    return [(f"t{row.visit.id}", p.code, dict(p.params)) for p in problems]


def _screen(row: Row, paper: Paper, by: SignedIn) -> int:
    if row.against:
        raise Refused(*row.against)
    person, s = _sheet(row.visit, paper)
    computed = vaccines.conclude(s.sheet, s.answers, s.signs, person, clock.today())
    if row.visit.state == "consented" and computed.code != vaccines.ELIGIBLE:
        raise Refused(("", "sheet_not_plain", {"computed": computed.code}))
    return screen(row.visit, paper.version, s, by)
