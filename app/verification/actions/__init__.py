"""Verifying: who is trusted, what people and other programs ask, and how often strangers may."""

from app.verification.actions.check import Checked, check, text_in
from app.verification.actions.limits import ask, count, failed, settle
from app.verification.actions.lines import LONGEST_LINE, among, lines, signers_in, told
from app.verification.actions.signers import signers

__all__ = [
    "LONGEST_LINE", "Checked", "among", "ask", "check", "count", "failed", "lines", "settle",
    "signers", "signers_in", "text_in", "told",
]  # fmt: skip
