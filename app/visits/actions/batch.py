"""The same step for many people in one transaction. Each has a part of their own in it: who cannot
go on stays where they are, with the reason, and holds up nobody else."""

from collections.abc import Callable
from functools import partial
from typing import Any

from app import audit
from app.accounts.actions import SignedIn
from app.db import db
from app.visits.actions.steps import finish
from app.visits.models import Visit
from app.words import Refused


def alone(work: Callable[[], Any]) -> list[Any]:
    """Do `work` as a part of its own; the reasons when it is refused, and then without a trace."""
    try:
        with db.atomic(), audit.at_end():
            work()
    except Refused as refused:
        return refused.reasons
    return []


def finish_all(session_id: int, by: SignedIn) -> int:
    """End the observation of everybody who may go; returns how many that were."""
    with db.atomic():
        visits = list(Visit.may_go(session_id).order_by(Visit.id))
        return sum(not alone(partial(finish, one, one.version, by)) for one in visits)
