"""Kinds of tickets, which half answers, until when, and what may follow what. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

HEALTH, IDENTITY = "health", "identity"
# Doses belong to health, identity to the police: nobody answers for the other half.
HALVES = {
    "missing": HEALTH, "wrong_dose": HEALTH, "not_me": HEALTH, "wrong_identity": IDENTITY,
    "withdraw": HEALTH, "who_saw": HEALTH, "copy": HEALTH,
}  # fmt: skip
KINDS = tuple(HALVES)
ABOUT_A_DOSE = ("missing", "wrong_dose", "not_me")
CHANNELS = ("portal", "sms", "counter")
# NĐ 356/2025/NĐ-CP: an answer within 2 working days; what was asked within 10 days, a
# withdrawal of consent within 15.
ANSWER_WORKING_DAYS, SETTLE_DAYS, WITHDRAW_DAYS = 2, 10, 15

OPEN = ("new", "taken", "asked", "answered")
ENDED = ("settled", "refused")
# act → the states in which it may be done, and the one that it leads to ("": none).
ACTS = {
    "take": (("new",), "taken"),
    "answer": (("new", "taken", "answered"), "answered"),
    "ask": (("new", "taken", "answered"), "asked"),
    "reply": (("asked",), "taken"),
    "send": (("new", "taken", "answered"), "new"),
    "settle": (("new", "taken", "answered", "asked"), "settled"),
    "refuse": (("new", "taken", "answered", "asked"), "refused"),
}
MOST_PHOTOS = 2
NEED_WORDS = ("answer", "ask", "reply", "refuse")
# What health may do with a ticket of identity where no police work: see that it gets on.
STAND_IN = ("take", "answer", "ask", "send")
ABOUT_A_GIVEN_DOSE = ("wrong_dose", "not_me")  # which one it was is known before it is settled
# kind of ticket → the kinds of amendments that answer it.
ANSWERS = {
    "missing": ("late", "elsewhere"), "wrong_dose": ("change", "void", "undo"),
    "not_me": ("void", "undo"),
}  # fmt: skip


class Due(NamedTuple):
    """The last days to answer and to settle."""

    answer: date
    settle: date


def due(kind: str, asked_on: date, holidays: Collection[date]) -> Due:
    """Until when a ticket of a day is answered and settled. The day itself does not count."""
    days = WITHDRAW_DAYS if kind == "withdraw" else SETTLE_DAYS
    answer = asked_on
    for _day in range(ANSWER_WORKING_DAYS):
        answer = _next_working_day(answer, holidays)
    return Due(answer, asked_on + timedelta(days))


def _next_working_day(day: date, holidays: Collection[date]) -> date:
    day += timedelta(1)
    while day.weekday() > 4 or day in holidays:
        day += timedelta(1)
    return day


class Place(NamedTuple):
    """A unit on the way from the site to the root, as the routing sees it. appoints: somebody
    there answers tickets and may open accounts for the police."""

    unit_id: int
    open: bool
    police: bool
    appoints: bool = False


def route(half: str, way: Iterable[Place]) -> int:
    """The unit that answers, of those on the way from a site up to the root: for health the first
    that is open; for identity the first where the police work, else the first that may appoint
    them, else as for health."""
    places = list(way)
    open_ = [one for one in places if one.open] or places[-1:]
    if half == IDENTITY:
        police = [one for one in open_ if one.police]
        open_ = police or [one for one in open_ if one.appoints] or open_
    return open_[0].unit_id


def act_problems(act: str, state: str, words: str) -> list[tuple[str, str]]:
    """(field, reason code) against doing something with a ticket."""
    if state not in ACTS[act][0]:
        return [("", "ticket_not_now")]
    return [("text", "required")] if act in NEED_WORDS and not words.strip() else []


def claim_problems(
    kind: str, person: int | None, dose: int | None, claim: Mapping[str, object]
) -> list[tuple[str, str]]:
    """(field, reason code) against what somebody says: enough to find the person and the dose."""
    if kind not in HALVES:
        return [("kind", "not_a_choice")]
    needed = [] if person else ["name", "dob"]
    if kind == "missing":
        needed += ["given_on", "place"]
    found = [(name, "required") for name in needed if not claim.get(name)]
    if kind == "wrong_identity" and not any(claim.get(name) for name in OF_IDENTITY):
        found.append(("name", "ticket_what_right"))
    if person and kind in ABOUT_A_GIVEN_DOSE and not dose:
        found.append(("dose", "required"))
    return found


def other_dose(claim: Mapping[str, str], given_on: date, product: str) -> bool:
    """Whether a dose is another one than the missing one that somebody tells of: of another day or
    vaccine, as far as they said it."""
    real = {"given_on": given_on.isoformat(), "product": product}
    return any(claim.get(name, one) != one for name, one in real.items())


OF_IDENTITY = ("name", "dob", "sex", "nationality", "number")
# What a citizen may say is right, in the order in which it is shown.
CLAIMED = (*OF_IDENTITY, "product", "given_on", "lot_number", "place", "note")


def claim(said: Mapping[str, object]) -> dict[str, str]:
    """What was said, as a ticket keeps it: texts, and nothing that was left empty."""
    texts = {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in said.items()
        if value
    }
    place = texts.get("place", "")
    return texts | ({"place": place.strip()} if place else {})


def unneeded(kind: str, proven: bool) -> set[str]:
    """The fields that a citizen need not see. proven: who it is was looked up."""
    left = set() if kind in ("missing", "wrong_dose") else {"product", "given_on", "lot_number"}
    if kind not in ABOUT_A_DOSE:
        left.add("place")
    if kind != "wrong_identity":
        left |= {"sex", "nationality"}
    if not proven or kind not in ABOUT_A_GIVEN_DOSE:
        left.add("dose")
    if proven:
        left.add("province")
        left |= set() if kind == "wrong_identity" else {"name", "dob", "number"}
    return left
