"""Somebody says by message that the dose they were told of is wrong."""

from app.corrections import actions as corrections
from app.corrections.models import Ticket
from app.db import db
from app.notices.models import Notice
from app.people.models import Person
from app.visits.actions import hold_person
from app.visits.models import Dose


def told(phone: str) -> list[Dose]:
    """The last dose that a telephone was told of for each person, voided ones too; who was told
    of first is the first, so that a number chosen today means the same person tomorrow."""
    ids = Notice.doses_told(phone)
    doses = Dose.select(Dose, Person).join(Person).where(Dose.id.in_(ids))
    rows = {dose.id: dose for dose in doses}
    return list({rows[one].person_id: rows[one] for one in ids}.values())


def doubt(dose: Dose, phone: str, words: list[str]) -> Ticket | None:
    """The ticket of this telephone about the dose, however often it is asked for; None for a dose
    that was taken back without one."""
    with db.atomic():
        hold_person(dose.person_id)
        found = Ticket.about_dose(dose.id, phone)
        if found or Dose.get_by_id(dose.id).voided_at:
            return found
        said = corrections.Said(
            "wrong_dose", "sms", phone, dose.person_id, dose.id, None,
            {"note": " ".join(["SAI", *words])[:300]},
        )  # fmt: skip
        return corrections.file(said)
