"""When messages leave and what they say. Pure."""

from app.notices.rules.inbound import (
    COMMANDS,
    FRESH,
    asked,
    chosen,
    command,
    genuine,
    signature,
)
from app.notices.rules.texts import LETTERS, LONGEST, TEXTS, coded, language, mobile, plain, text
from app.notices.rules.when import (
    FIRST_AFTER,
    KEEP_EVENTS,
    KEEP_MESSAGES,
    MOST_ATTEMPTS,
    NEWS,
    PAUSES,
    QUIET_FROM,
    QUIET_UNTIL,
    SECOND_AFTER,
    STATES,
    TOO_OLD,
    URGENT,
    first_after,
    gateway,
    pause,
    quiet,
)

__all__ = [
    "COMMANDS", "FIRST_AFTER", "FRESH", "KEEP_EVENTS", "KEEP_MESSAGES", "LETTERS", "LONGEST",
    "MOST_ATTEMPTS", "NEWS", "PAUSES", "QUIET_FROM", "QUIET_UNTIL", "SECOND_AFTER", "STATES",
    "TEXTS", "TOO_OLD", "URGENT", "asked", "chosen", "coded", "command", "first_after", "gateway",
    "genuine", "language", "mobile", "pause", "plain", "quiet", "signature", "text",
]  # fmt: skip
