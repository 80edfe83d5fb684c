"""The signs of a reaction, each with the key that notes it, and how people write them. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

# TT 34/2018/TT-BYT and reports of the campaign: phản ứng thông thường; one key each.
SIGNS = {
    "1": "fever",
    "2": "local_pain",
    "3": "rash",
    "4": "muscle_pain",
    "5": "headache",
    "6": "diarrhoea",
    "7": "fatigue",
    "8": "nausea",
    "9": "other_sign",
}
SERIOUS = "serious"  # tai biến nặng
SERIOUS_KEY = "0"


def read_keys(text: str) -> tuple[list[str], bool, list[str]]:
    """(signs, serious, problems) of the digits that were typed, in any spelling: "1 3", "13"."""
    signs, serious, unknown = [], False, False
    for key in text.replace(" ", "").replace(",", ""):
        if key == SERIOUS_KEY:
            serious = True
        elif key in SIGNS:
            signs.append(SIGNS[key])
        else:
            unknown = True
    problems = ["sign_unknown"] if unknown else []
    if not signs and not serious and not unknown:
        problems = ["sign_needed"]
    return list(dict.fromkeys(signs)), serious, problems


TELL_WITHIN = timedelta(days=28)  # so long people watch themselves after a dose


def may_tell(given_on: date, today: date) -> bool:
    """Whether a dose of a day is recent enough to tell of a reaction."""
    return given_on <= today <= given_on + TELL_WITHIN


def read_words(folded: str, phrases: Iterable[tuple[str, str]]) -> tuple[list[str], bool]:
    """(signs, serious) of what somebody wrote, folded as the phrases (sign, words) are. "không khó
    thở" is serious too: rather a call too many."""
    text = f" {folded} "
    found = list(dict.fromkeys(sign for sign, words in phrases if f" {words} " in text))
    signs = [sign for sign in found if sign != SERIOUS]
    return signs, SERIOUS in found
