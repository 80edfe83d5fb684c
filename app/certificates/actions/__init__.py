"""Slips; the three steps to a certificate, and its life."""

from app.certificates.actions.bulk import Found, order_print, print_part, to_print
from app.certificates.actions.confirm import Confirmed, confirm, confirm_until
from app.certificates.actions.facts import Reason, facts_of, facts_of_many
from app.certificates.actions.family import at_counter, print_family
from app.certificates.actions.find import find, why_again
from app.certificates.actions.issue import (
    Issued,
    issue,
    issue_again,
    issue_many,
    issue_waiting,
    renew,
)
from app.certificates.actions.latin import latin_parts, write_latin
from app.certificates.actions.paper import paper, paper_problem, papers, print_paper, said
from app.certificates.actions.review import Line, Mark, lines, ready
from app.certificates.actions.revoke import revoke, revoke_signer, sweep
from app.certificates.actions.sign import Sheet, check_password, sheets, sign
from app.certificates.actions.signers import distrust, publish_own, unpublished, usages
from app.certificates.actions.slip import issue_slip, knows_birth, last_visit, pin_key
from app.certificates.actions.standing import current, ended_by_hand, standing, standing_many

__all__ = [
    "Confirmed", "Found", "Issued", "Line", "Mark", "Reason", "Sheet", "at_counter",
    "check_password", "confirm", "confirm_until", "current", "distrust", "ended_by_hand",
    "facts_of", "facts_of_many", "find", "issue", "issue_again", "issue_many", "issue_slip",
    "issue_waiting", "knows_birth", "last_visit", "latin_parts", "lines", "order_print", "paper",
    "paper_problem", "papers", "pin_key", "print_family", "print_paper", "print_part",
    "publish_own", "ready", "renew", "revoke", "revoke_signer", "said", "sheets", "sign",
    "standing", "standing_many", "sweep", "to_print", "unpublished", "usages", "why_again",
    "write_latin",
]  # fmt: skip
