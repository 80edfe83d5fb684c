"""Verifying: who is trusted, what people and other programs ask, and how often strangers may."""

from app.verification.actions.check import Checked, as_on_record, check, text_in
from app.verification.actions.limits import ask, count, failed, settle
from app.verification.actions.lines import (
    LONGEST_LINE,
    among,
    lines,
    on_record,
    signers_in,
    told,
)
from app.verification.actions.list_key import list_key
from app.verification.actions.publish import published
from app.verification.actions.signers import signers
from app.verification.actions.take_in import Taken, take_in

__all__ = [
    "LONGEST_LINE", "Checked", "Taken", "among", "as_on_record", "ask", "check", "count", "failed",
    "lines", "list_key", "on_record", "published", "settle", "signers", "signers_in", "take_in",
    "text_in", "told",
]  # fmt: skip
