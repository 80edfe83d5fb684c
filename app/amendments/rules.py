"""Who may take back, change or enter later what was written about a dose, and until when. Pure."""

from datetime import datetime, timedelta
from typing import NamedTuple

# What was just pressed wrongly is undone by whoever pressed it; later a second person approves.
UNDO_WITHIN = timedelta(minutes=15)
UNDOABLE = ("observing", "refused", "delayed", "contraindicated", "referred")

KINDS = ("undo", "change", "void", "late", "elsewhere")
STATES = ("pending", "approved", "rejected", "withdrawn")


class Step(NamedTuple):
    """The last step of a visit: the state it led to, who recorded it and when."""

    state: str
    by: int | None
    at: datetime | None


def undo_problems(last: Step, actor: int, now: datetime) -> list[str]:
    """Reason codes against undoing the last step of a visit."""
    if last.state not in UNDOABLE or last.at is None:
        return ["undo_nothing"]
    if last.by != actor:
        return ["undo_not_yours"]
    return ["undo_too_late"] if now - last.at > UNDO_WITHIN else []
