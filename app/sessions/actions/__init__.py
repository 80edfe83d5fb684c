"""Planning sessions and calling them off, writing their lists, calling people from wishes."""

from app.sessions.actions.appointments import remind, settle, vaccinated
from app.sessions.actions.calling import (
    Called,
    call,
    call_people,
    doubts_of,
    meant_by,
    sites_for,
)
from app.sessions.actions.calling_off import call_off, plan_again
from app.sessions.actions.listing import expect, expect_many, remove, remove_many, withdraw
from app.sessions.actions.planning import Plan, change, locked, lots_for, plan, still_open

__all__ = [
    "Called", "Plan", "call", "call_off", "call_people", "change", "doubts_of", "expect",
    "expect_many", "locked", "lots_for", "meant_by", "plan", "plan_again", "remind",
    "remove", "remove_many", "settle", "sites_for", "still_open", "vaccinated", "withdraw",
]  # fmt: skip
