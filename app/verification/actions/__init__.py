"""Verifying: who is trusted, and lines of codes for other programs."""

from app.verification.actions.lines import LONGEST_LINE, among, lines, signers_in, told
from app.verification.actions.signers import signers

__all__ = ["LONGEST_LINE", "among", "lines", "signers", "signers_in", "told"]
