"""One desk: a whole visit in one transaction, by the same steps as at the stations."""

from decimal import Decimal
from typing import NamedTuple

from app import clock
from app.accounts.actions import SignedIn
from app.db import db
from app.stock.models import Holding, Lot
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import rules
from app.visits.actions.dose import Injection, record_dose
from app.visits.actions.steps import (
    Consent,
    Screening,
    all_no,
    as_rules_see,
    check_in,
    consent,
    locked_person,
    screen,
    sheet_for,
)  # fmt: skip
from app.visits.models import Visit
from app.words import Refused


class AtDesk(NamedTuple):
    """All of a visit at one desk. wanted: "dose", "sheet" (something was answered with Có: the
    whole screening sheet is filled in next) or "no" (không đồng ý)."""

    session_id: int
    person_id: int
    wanted: str
    signer: str
    temperature: Decimal | None
    injection: Injection


def at_desk(asked: AtDesk, by: SignedIn) -> int:
    """Check-in, consent, a screening sheet whose answers are all Không, and the dose: one
    transaction, the same steps as at the stations. Returns the id of the visit."""
    with db.atomic():
        visit = _at_desk(asked, by)
        if visit.state == "arrived":
            visit = _consented(visit, asked, by)
        if visit.state == "consented" and asked.wanted == "dose":
            visit = _found_fit(visit, asked.temperature, by)
        if visit.state == "ready" and asked.wanted == "dose":
            record_dose(visit, visit.version, asked.injection, by)
        return visit.id


def fresh(visit_id: int) -> Visit:
    """A visit with its person, session and unit."""
    return Visit.within("/").where(Visit.id == visit_id).get()


def _at_desk(asked: AtDesk, by: SignedIn) -> Visit:
    """The visit of this session that waits for the person, or a new one."""
    locked_person(asked.person_id)
    waiting = ("arrived", "consented", "ready")
    known = (
        Visit.within("/")
        .where(Visit.session == asked.session_id, Visit.person == asked.person_id)
        .where(Visit.state.in_(waiting))
        .get_or_none()
    )
    return known or fresh(check_in(asked.session_id, asked.person_id, by))


def _consented(visit: Visit, asked: AtDesk, by: SignedIn) -> Visit:
    person, today = as_rules_see(visit.person), clock.today()
    sheet = vaccines.consent_for(person, catalogue_on(today))
    child = vaccines.age_range(person.birth, today)[0] < rules.ADULT
    if child and not asked.signer and asked.wanted != "no":
        raise Refused(("signer", "signer_needed"))
    given = Consent(
        asked.wanted != "no", asked.signer if child else "", "guardian" if child else "self",
        sheet.source.id if sheet else None,
    )  # fmt: skip
    consent(visit, visit.version, given, by)
    return fresh(visit.id)


def _found_fit(visit: Visit, temperature: Decimal | None, by: SignedIn) -> Visit:
    """Every question answered with Không. A temperature outside the limits needs the sheet."""
    person, today = as_rules_see(visit.person), clock.today()
    sheet = sheet_for(person)
    answers = all_no(sheet, person)
    signs = vaccines.Signs(temperature=temperature)
    problems = vaccines.answer_problems(sheet, answers, signs, person, today)
    # At the desk an empty field says "measured, normal"; what was typed must be possible.
    typed = [p for p in problems if p.field == "temperature" and temperature is not None]
    if typed:
        raise Refused(*((p.field, p.code, p.params) for p in typed))
    if vaccines.sign_problems(sheet, signs):
        return visit
    screen(visit, visit.version, Screening(sheet, answers, signs, vaccines.ELIGIBLE), by)
    return fresh(visit.id)


def product_of(holding_id: int) -> str:
    """The product code of a lot at a site."""
    return Lot.select(Lot.product).join(Holding).where(Holding.id == holding_id).scalar()
