"""What is right for people's names, numbers, birth dates and likeness; pure."""

from app.people.rules.card import Card, as_card, parse_card
from app.people.rules.dates import PartialDate, parse_date, partial_date
from app.people.rules.documents import (
    CODES,
    KINDS,
    VIET_NAM,
    disagreements,
    guess_kind,
    is_temporary,
    normal,
    problems,
    read_cccd,
    temporary_code,
    zero_suggestion,
)
from app.people.rules.doubts import OF_AGE, doubts
from app.people.rules.matching import (
    LIKENESS,
    Identity,
    Number,
    alike,
    differences,
    look_alikes,
    near_numbers,
)
from app.people.rules.names import clean_name, fold, mask, name_doubts, sort_key, sound
from app.people.rules.phones import phone
from app.people.rules.search import Query, query
from app.people.rules.text import Unfit, clean

__all__ = [
    "CODES", "KINDS", "LIKENESS", "OF_AGE", "VIET_NAM", "Card", "Identity", "Number",
    "PartialDate", "Query", "Unfit", "alike", "as_card", "clean", "clean_name", "differences",
    "disagreements", "doubts", "fold", "guess_kind", "is_temporary", "look_alikes", "mask",
    "name_doubts", "near_numbers", "normal", "parse_card", "parse_date", "partial_date", "phone",
    "problems", "query", "read_cccd", "sort_key", "sound", "temporary_code", "zero_suggestion",
]  # fmt: skip
