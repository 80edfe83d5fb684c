"""The order of a visit (QĐ 3588/QĐ-BYT) and what may be written at each step. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

# (state, event) → state. What is not listed is refused: no dose without "đủ điều kiện",
# no end before the observation.
TRANSITIONS: Mapping[tuple[str, str], str] = {
    ("arrived", "agree"): "consented",
    ("arrived", "disagree"): "refused",
    ("consented", "disagree"): "refused",
    ("ready", "disagree"): "refused",
    ("consented", "DU_DIEU_KIEN"): "ready",
    ("consented", "THAN_TRONG"): "ready",
    ("consented", "TRI_HOAN"): "delayed",
    ("consented", "CHONG_CHI_DINH"): "contraindicated",
    ("consented", "CHUYEN_BV"): "referred",
    ("ready", "screen_again"): "consented",
    ("ready", "inject"): "observing",
    ("observing", "finish"): "done",
    ("arrived", "leave"): "left",
    ("consented", "leave"): "left",
    ("ready", "leave"): "left",
    ("left", "return"): "arrived",
    # Wrongly pressed: back to where the person really stands (amendments.rules says until when).
    ("refused", "undo"): "arrived",
    ("delayed", "undo"): "consented",
    ("contraindicated", "undo"): "consented",
    ("referred", "undo"): "consented",
    ("observing", "undo"): "ready",
    # Found to be untrue later on, with a second person's approval.
    ("observing", "void"): "voided",
    ("done", "void"): "voided",
    # Given on paper while the service was away, entered afterwards (hồi cứu).
    ("arrived", "enter_late"): "done",
    ("consented", "enter_late"): "done",
    ("ready", "enter_late"): "done",
    ("left", "enter_late"): "done",
    ("voided", "enter_late"): "done",
}
WAITING = ("arrived", "consented", "ready", "observing")
VACCINATED = ("observing", "done")
NOT_VACCINATED = ("refused", "delayed", "contraindicated", "referred")
STATES = (*WAITING, "done", *NOT_VACCINATED, "left", "voided")

# When somebody came to the station that serves a state. The queues go by it: who waits longest
# there stands first.
ENTERED: Mapping[str, str] = {
    "arrived": "arrived_at",
    "consented": "consent_at",
    "ready": "screened_at",
    "observing": "observe_until",
}

# Where a dose comes from: recorded as it was given; given on paper at a session of ours and entered
# afterwards; given at another place or time, with a proof.
SOURCES = ("session", "late", "elsewhere")

# QĐ 3588/QĐ-BYT and TT 13/2026/TT-BYT: at least 30 minutes at the site.
OBSERVATION = timedelta(minutes=30)
BODY_PARTS = ("left_arm", "right_arm", "left_thigh", "right_thigh")
RELATIONS = ("self", "father", "mother", "guardian")
ADULT = 18


def after(state: str, event: str) -> str | None:
    """The state that `event` leads to, or None when it may not happen now."""
    return TRANSITIONS.get((state, event))


def observe_until(given_at: datetime) -> datetime:
    """When the person may go home at the earliest."""
    return given_at + OBSERVATION


def may_finish(observe_until: datetime, now: datetime) -> bool:
    """Whether the observation has lasted long enough."""
    return now >= observe_until


def body_problems(body_part: str, table_no: int, tables: int) -> list[tuple[str, str]]:
    """(field, reason code) against where a dose is written to have been given."""
    found = []
    if body_part not in BODY_PARTS:
        found.append(("body_part", "not_a_choice"))
    if not 1 <= table_no <= tables:
        found.append(("table_no", "table_unknown"))
    return found


def confirmation_problems(
    warnings: Iterable[str], reason: str, actor_id: int, confirmer_id: int | None
) -> list[tuple[str, str]]:
    """(field, reason code): what goes against a warning needs a reason and a second person."""
    if not list(warnings):
        return []
    found = []
    if not reason.strip():
        found.append(("reason", "reason_needed"))
    if confirmer_id is None:
        found.append(("confirm_name", "confirmation_needed"))
    elif confirmer_id == actor_id:
        found.append(("confirm_name", "confirmation_by_other"))
    return found


def together_problems(conclusion: str | None, serious_alert: bool) -> list[str]:
    """Reason codes against recording a dose together with those of others: a batch is for people
    with whom nothing is unusual."""
    found = []
    if conclusion != "DU_DIEU_KIEN":
        found.append("alone_by_conclusion")
    if serious_alert:
        found.append("alone_by_alert")
    return found


def beside(items: Iterable[Any], said: Iterable[str]) -> dict[str, list[str]]:
    """Item code of a sheet → the questions asked at home that ask for the same, of those in `said`;
    under "" those that no item asks for. Nothing is answered by it: the doctor asks again."""
    found: dict[str, list[str]] = {}
    left = list(said)
    for item in items:
        found[item.code] = [name for name in item.at_home if name in left]
        left = [name for name in left if name not in item.at_home]
    return found | {"": left}


def list_numbers(text: str, most: int) -> list[int]:
    """The numbers that are meant by "1-45, 50", each once, in order. Raises ValueError for
    anything else, and for more than `most`."""
    found: set[int] = set()
    for part in re.sub(r"\s*[-–]\s*", "-", text).replace(",", " ").replace(";", " ").split():
        said = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", part)
        if said is None:
            raise ValueError(part)
        first, last = int(said[1]), int(said[2] or said[1])
        if not 0 < first <= last < first + most:
            raise ValueError(part)
        found |= set(range(first, last + 1))
    if len(found) > most:
        raise ValueError(text)
    return sorted(found)


def whole(text: object) -> int:
    """A row id or version as a page sent it; 0, which never is one, when it was spoilt."""
    digits = str(text or "")[:9]
    return int(digits) if digits.isascii() and digits.isdecimal() else 0
