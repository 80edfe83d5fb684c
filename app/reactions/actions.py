"""Noting a reaction."""

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.db import db
from app.people.actions import add_alert
from app.reactions.models import Reaction
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
