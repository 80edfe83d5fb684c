"""What is done after the fact, each in one transaction: undo, late entry, decision."""

from app.amendments.actions.checks import Injected, lots_on
from app.amendments.actions.decide import (
    against,
    decide,
    decide_all,
    may_approve,
    may_decide,
    withdraw,
)
from app.amendments.actions.late import Late, ask_late
from app.amendments.actions.undo import last_step, undo

__all__ = [
    "Injected", "Late", "against", "ask_late", "decide", "decide_all", "last_step", "lots_on",
    "may_approve", "may_decide", "undo", "withdraw",
]  # fmt: skip
