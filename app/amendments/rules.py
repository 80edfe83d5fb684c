"""Who may take back, change or enter later what was written about a dose, and until when. Pure."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

# What was just pressed wrongly is undone by whoever pressed it; later a second person approves.
UNDO_WITHIN = timedelta(minutes=15)
UNDOABLE = ("observing", "refused", "delayed", "contraindicated", "referred")

KINDS = ("undo", "change", "void", "late", "elsewhere")
STATES = ("pending", "approved", "rejected", "withdrawn")

# Why a dose was not entered as it was given ("hồi cứu"); the last needs words.
CAUSES = ("cause_cut", "cause_service", "cause_other")
# What shows a dose from elsewhere; the last needs words.
PROOFS = ("proof_slip", "proof_book", "proof_app", "proof_other")
MOST_DOSES = 99

_TIME = re.compile(r"(\d{1,2})\s*[:.hgHG]\s*(\d{2})|(\d{2})(\d{2})", re.ASCII)


class Step(NamedTuple):
    """The last step of a visit: the state it led to, who recorded it and when."""

    state: str
    by: int | None
    at: datetime | None


def undo_problems(last: Step, actor: int, now: datetime) -> list[str]:
    """Reason codes against undoing the last step of a visit."""
    if last.state not in UNDOABLE or last.at is None:
        return ["undo_nothing"]
    if last.by != actor:
        return ["undo_not_yours"]
    return ["undo_too_late"] if now - last.at > UNDO_WITHIN else []


def in_charge(mine: str, site: str, mine_is_site: bool, ended: bool) -> bool:
    """Whether a unit decides on what a site recorded (both by path): the site itself, the station
    whose people work at a mobile site, and once the site has ended whoever stands above it."""
    return mine == site or (site.startswith(mine) and (mine_is_site or ended))


def decision_problems(
    state: str, asker: int, actor: int, approve: bool, answer: str
) -> list[tuple[str, str]]:
    """(field, reason code) against a decision: once, by a second person, with words when no."""
    if state != "pending":
        return [("", "amend_decided")]
    if asker == actor:
        return [("", "amend_own")]
    return [] if approve or answer.strip() else [("answer", "answer_needed")]


def cause_problems(cause: str, reason: str) -> list[tuple[str, str]]:
    """(field, reason code) against why a dose comes late."""
    if cause not in CAUSES:
        return [("cause", "not_a_choice")]
    return [("reason", "note_needed")] if cause == CAUSES[-1] and not reason.strip() else []


def elsewhere_problems(
    seq: int, place: str, proof: str, reason: str, evidence: str
) -> list[tuple[str, str]]:
    """(field, reason code) against what is said about a dose from elsewhere."""
    found = []
    if not 1 <= seq <= MOST_DOSES:
        found.append(("seq", "seq_range"))
    if proof not in PROOFS:
        found.append(("proof", "not_a_choice"))
    if proof == PROOFS[-1] and not reason.strip():
        found.append(("reason", "note_needed"))
    missing = {"place": place, "evidence": evidence}
    return found + [(name, "required") for name, text in missing.items() if not text.strip()]


def moment_problems(given_at: datetime, held_on: date, now: datetime) -> list[tuple[str, str]]:
    """(field, reason code) against when a dose of a session is said to have been given; all by
    the clock on the wall."""
    if given_at.date() != held_on:
        return [("given_time", "time_other_day")]
    return [("given_time", "time_to_come")] if given_at > now else []


def read_time(text: str) -> time | None:
    """A time of day as people write it: 8:05, 08h05, 8.05, 0805; None when it is none."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    hour, minute = (int(part) for part in found.groups() if part)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def hours_late(given_at: datetime, recorded_at: datetime) -> Decimal:
    """Hours from the injection to its entry, to a tenth (QĐ 3588/QĐ-BYT: entered as given)."""
    seconds = Decimal(int((recorded_at - given_at).total_seconds()))
    return (seconds / 3600).quantize(Decimal("0.1"))
