"""What is done after the fact, each in one transaction: undo."""

from app.amendments.actions.undo import last_step, undo

__all__ = ["last_step", "undo"]
