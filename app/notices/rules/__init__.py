"""When messages leave and what they say. Pure."""

from app.notices.rules.texts import LETTERS, LONGEST, TEXTS, language, mobile, plain, text
from app.notices.rules.when import (
    FIRST_AFTER,
    MOST_ATTEMPTS,
    NEWS,
    PAUSES,
    QUIET_FROM,
    QUIET_UNTIL,
    SECOND_AFTER,
    STATES,
    TOO_OLD,
    gateway,
    pause,
    quiet,
)

__all__ = [
    "FIRST_AFTER", "LETTERS", "LONGEST", "MOST_ATTEMPTS", "NEWS", "PAUSES", "QUIET_FROM",
    "QUIET_UNTIL", "SECOND_AFTER", "STATES", "TEXTS", "TOO_OLD", "gateway", "language", "mobile",
    "pause", "plain", "quiet", "text",
]  # fmt: skip
