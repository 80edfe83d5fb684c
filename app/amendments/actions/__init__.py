"""What is done after the fact, each in one transaction: undo, late entry, change, decision."""

from app.amendments.actions.change import ask_change, ask_void, seen_at, values_of
from app.amendments.actions.checks import Injected, lots_on
from app.amendments.actions.decide import against, decide, decide_all, withdraw
from app.amendments.actions.elsewhere import Elsewhere, ask_elsewhere, askable
from app.amendments.actions.late import Late, as_given, ask_late, kept
from app.amendments.actions.places import may_approve, may_decide
from app.amendments.actions.undo import last_step, undo

__all__ = [
    "Elsewhere", "Injected", "Late", "against", "as_given", "ask_change", "ask_elsewhere",
    "ask_late", "ask_void", "askable", "decide", "decide_all", "kept", "last_step", "lots_on",
    "may_approve", "may_decide", "seen_at", "undo", "values_of", "withdraw",
]  # fmt: skip
