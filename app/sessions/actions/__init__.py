"""Planning sessions, writing their lists, and calling people from their wishes."""

from app.sessions.actions.listing import expect, expect_many, remove, remove_many
from app.sessions.actions.planning import Plan, change, locked, lots_for, plan, still_open

__all__ = [
    "Plan", "change", "expect", "expect_many", "locked", "lots_for", "plan", "remove",
    "remove_many", "still_open",
]  # fmt: skip
