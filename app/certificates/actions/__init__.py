"""Issuing and printing slips."""

from app.certificates.actions.slip import issue_slip, knows_birth, last_visit, pin_key

__all__ = ["issue_slip", "knows_birth", "last_visit", "pin_key"]
