"""Issuing and printing slips and certificates, and what a certificate says of people."""

from app.certificates.actions.facts import Reason, facts_of, facts_of_many
from app.certificates.actions.paper import paper, paper_problem, papers, print_paper
from app.certificates.actions.signers import distrust, publish_own, unpublished, usages
from app.certificates.actions.slip import issue_slip, knows_birth, last_visit, pin_key

__all__ = [
    "Reason", "distrust", "facts_of", "facts_of_many", "issue_slip", "knows_birth", "last_visit",
    "paper", "paper_problem", "papers", "pin_key", "print_paper", "publish_own", "unpublished",
    "usages",
]  # fmt: skip
