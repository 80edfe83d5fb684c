"""A visit's steps, each in one transaction: check-in, consent, screening, dose, observation."""

from app.visits.actions.batch import (
    Candidate,
    Reasons,
    Received,
    candidates,
    finish_all,
    receive_all,
    record_doses,
)
from app.visits.actions.desk import AtDesk, at_desk, fresh, product_of
from app.visits.actions.dose import (
    Injection,
    Planned,
    history,
    lots_for,
    next_doses,
    plan,
    record_dose,
    vaccinators,
)
from app.visits.actions.find import Found, find
from app.visits.actions.met import mark, met, sealed
from app.visits.actions.routine import Given, Routine, routine_dose
from app.visits.actions.sheets import (
    Paper,
    Row,
    consent_all,
    consent_rows,
    screen_all,
    screening_rows,
)
from app.visits.actions.steps import (
    Consent,
    Screening,
    as_rules_see,
    check_in,
    consent,
    ending,
    finish,
    hold_people,
    hold_person,
    leave,
    locked_person,
    move,
    next_dose,
    screen,
    screen_again,
    sheet_for,
)

__all__ = [
    "AtDesk", "Candidate", "Consent", "Found", "Given", "Injection", "Paper", "Planned", "Reasons",
    "Received", "Routine", "Row", "Screening", "as_rules_see", "at_desk", "candidates", "check_in",
    "consent", "consent_all", "consent_rows", "ending", "find", "finish", "finish_all", "fresh",
    "history", "hold_people", "hold_person", "leave", "locked_person", "lots_for", "mark", "met",
    "move", "next_dose", "next_doses", "plan", "product_of", "receive_all", "record_dose",
    "record_doses", "routine_dose", "screen", "screen_again", "screen_all", "screening_rows",
    "sealed", "sheet_for", "vaccinators",
]  # fmt: skip
