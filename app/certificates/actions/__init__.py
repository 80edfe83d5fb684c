"""Issuing and printing slips and certificates, and what a certificate says of people."""

from app.certificates.actions.bulk import Found, order_print, print_part, to_print
from app.certificates.actions.facts import Reason, facts_of, facts_of_many
from app.certificates.actions.family import at_counter, print_family
from app.certificates.actions.paper import paper, paper_problem, papers, print_paper
from app.certificates.actions.signers import distrust, publish_own, unpublished, usages
from app.certificates.actions.slip import issue_slip, knows_birth, last_visit, pin_key

__all__ = [
    "Found", "Reason", "at_counter", "distrust", "facts_of", "facts_of_many", "issue_slip",
    "knows_birth", "last_visit", "order_print", "paper", "paper_problem", "papers", "pin_key",
    "print_family", "print_paper", "print_part", "publish_own", "to_print", "unpublished",
    "usages",
]  # fmt: skip
