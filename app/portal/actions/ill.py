"""Somebody tells of a reaction to their dose."""

from collections.abc import Iterable

from app import clock
from app.portal.actions.wrong import told
from app.reactions import rules
from app.visits.models import Dose


def doses(phone: str) -> list[Dose]:
    """The doses that a telephone was told of and may tell of, one for each person."""
    return recent(told(phone))


def recent(given: Iterable[Dose]) -> list[Dose]:
    """Those of which somebody may still tell."""
    today = clock.today()
    return [
        dose for dose in given
        if dose.unit_id and not dose.voided_at
        and rules.may_tell(clock.local(dose.given_at).date(), today)
    ]  # fmt: skip
