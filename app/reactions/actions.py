"""Noting a reaction, and what people tell of themselves."""

from collections.abc import Collection
from typing import NamedTuple

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.db import db
from app.people.actions import add_alert
from app.people.rules import fold
from app.reactions import rules
from app.reactions.models import Reaction, SelfReport, phrases
from app.visits.actions import hold_person
from app.visits.models import Dose, Visit
from app.words import Refused, word


def note(visit: Visit, signs: list[str], serious: bool, text: str, by: SignedIn) -> int:
    """Write down a reaction after the dose of a visit; returns its id. The next screening of the
    person will see it. Raises Refused when there was no dose."""
    with db.atomic():
        hold_person(visit.person_id)
        dose = Dose.at_visit(visit.id)
        if dose is None:
            raise Refused(("", "no_dose_yet"))
        row = Reaction.insert(
            visit=visit.id, dose=dose.id, unit=visit.unit_id, signs=signs, serious=serious,
            note=text, noted_at=clock.now(), noted_by=by.id,
        ).execute()  # fmt: skip
        words = [word(sign) for sign in (["serious"] if serious else []) + signs]
        add_alert(
            visit.person_id, "reaction", "; ".join([*words, text] if text else words),
            product=dose.product, serious=serious, visit_id=visit.id,
        )  # fmt: skip
        audit.record("create", "reaction", row, visit.person_id, serious=serious)
        outbox.emit("reaction.serious" if serious else "reaction.noted", reaction=row)
        return row


class Told(NamedTuple):
    """What somebody says of themselves; see SelfReport."""

    dose_id: int
    channel: str
    phone: str
    signs: list[str]
    serious: bool
    note: str
    sure: bool = True


def read(said: str, chosen: Collection[str] = ()) -> tuple[list[str], bool]:
    """(signs, serious) of what somebody wrote, and of the signs they chose."""
    known = [(sign, fold(words)) for sign, words in phrases()]
    signs, serious = rules.read_words(fold(said), known)
    signs = list(dict.fromkeys([sign for sign in chosen if sign != rules.SERIOUS] + signs))
    serious = serious or rules.SERIOUS in chosen
    return signs or ([] if serious else ["other_sign"]), serious


def tell(told: Told) -> SelfReport | None:
    """Keep it for the site, once, and for the next screening; None for a dose that was taken back
    or is too long ago."""
    with db.atomic():
        hold_person(Dose.get_by_id(told.dose_id).person_id)
        dose = Dose.get_by_id(told.dose_id)
        given_on = clock.local(dose.given_at).date()
        if dose.voided_at or not dose.unit_id or not rules.may_tell(given_on, clock.today()):
            return None
        return _same(told) or _new(told, dose)


def _same(told: Told) -> SelfReport | None:
    """What waits already: one alarm for a dose is enough."""
    for row in SelfReport.select().where(
        SelfReport.dose == told.dose_id, SelfReport.seen_at.is_null(),
        SelfReport.serious == told.serious,
    ).order_by(SelfReport.id):  # fmt: skip
        if told.serious or (row.signs, row.note) == (told.signs, told.note):
            return row
    return None


def _new(told: Told, dose: Dose) -> SelfReport:
    row = SelfReport.create(
        dose=dose, unit=dose.unit_id, channel=told.channel, phone=told.phone, signs=told.signs,
        serious=told.serious, note=told.note, sure=told.sure, told_at=clock.now(),
    )  # fmt: skip
    if told.sure:
        words = [word(sign) for sign in (["serious"] if told.serious else []) + told.signs]
        add_alert(
            dose.person_id, "reaction", "; ".join([word("self_reported"), *words, told.note]),
            product=dose.product, serious=told.serious, visit_id=dose.visit_id,
        )  # fmt: skip
    audit.record("create", "self_report", row.id, dose.person_id, serious=told.serious)
    return row


def seen(report: SelfReport, by: SignedIn) -> int:
    """The site has spoken with who told; returns the id of the report."""
    with db.atomic():
        mine = SelfReport.id == report.id, SelfReport.seen_at.is_null()
        if SelfReport.update(seen_at=clock.now(), seen_by=by.id).where(*mine).execute():
            audit.record("change", "self_report", report.id, report.dose.person_id)
        return report.id
