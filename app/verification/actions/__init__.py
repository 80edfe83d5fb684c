"""Verifying: who is trusted, what people and other programs ask, and how often strangers may."""

from app.verification.actions.check import Checked, check, text_in
from app.verification.actions.limits import ask, count, failed, settle
from app.verification.actions.lines import LONGEST_LINE, among, lines, signers_in, told
from app.verification.actions.publish import published
from app.verification.actions.signers import signers
from app.verification.actions.take_in import Taken, take_in

__all__ = [
    "LONGEST_LINE", "Checked", "Taken", "among", "ask", "check", "count", "failed", "lines",
    "published", "settle", "signers", "signers_in", "take_in", "text_in", "told",
]  # fmt: skip
