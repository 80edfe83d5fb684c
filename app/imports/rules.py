"""How an upload and its rows go from file to list. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

MOST_ROWS = 20_000
HEADING_WITHIN = 20  # rows from the top

UPLOAD_STATES = ("checking", "checked", "writing", "done", "cancelled")
UPLOAD_ENDED = ("done", "cancelled")
UPLOAD_TRANSITIONS: Mapping[tuple[str, str], str] = {
    ("checking", "all_checked"): "checked",
    ("checked", "decide"): "checking",
    ("checked", "write"): "writing",
    ("writing", "all_written"): "done",
    ("writing", "check_again"): "checking",
    ("checking", "cancel"): "cancelled",
    ("checked", "cancel"): "cancelled",
}

# What a check finds: a person who is not known yet, known, or on the list already; something to
# decide (a proposed text, a doubt, a look-alike); what stays out (a doubled or wrong row).
ASK = ("row_fix", "row_doubt", "row_alike")
READY = ("row_new", "row_known")
OUT = ("row_double", "row_wrong", "row_left")
ENDED = ("row_registered", "row_added", "row_listed", "row_out")

# (state, decision) → state. A row that is to be read again goes back to "unread".
ROW_TRANSITIONS: Mapping[tuple[str, str], str] = {
    ("row_fix", "accept"): "unread",
    ("row_doubt", "accept"): "unread",
    ("row_alike", "same"): "row_known",
    ("row_alike", "other"): "unread",
    **{(state, "leave"): "row_left" for state in (*ASK, *READY)},
    ("row_left", "again"): "unread",
    ("row_double", "again"): "unread",
    ("row_new", "write"): "row_registered",
    ("row_known", "write"): "row_added",
}


def after(state: str, event: str) -> str | None:
    """The state of a row after a decision, None when it may not happen now."""
    return ROW_TRANSITIONS.get((state, event))


def upload_after(state: str, event: str) -> str | None:
    """The state of an upload after an event, None when it may not happen now."""
    return UPLOAD_TRANSITIONS.get((state, event))


class Key(NamedTuple):
    """By what rows are compared: number of a document, folded name, birth date; "" for what a row
    has not."""

    row: int
    number: str
    name: str
    born: str


def doubles(rows: Iterable[Key]) -> tuple[dict[int, int], dict[int, int]]:
    """Rows that speak of the person of an earlier row, with that row: the same number, or the same
    name and birth date where one of both has no number or the numbers are near (a slip, or CMND
    and CCCD). And rows of which one number stands beside
    different names, each with the other: which of them is right, the file does not say."""
    by_number: dict[str, Key] = {}
    by_name: dict[tuple[str, str], Key] = {}
    doubled: dict[int, int] = {}
    torn: dict[int, int] = {}
    for key in rows:
        first = by_number.setdefault(key.number, key) if key.number else key
        if first is not key:
            pair = doubled if first.name == key.name else torn
            pair[key.row] = first.row
            if pair is torn:
                torn[first.row] = key.row
        elif key.name and key.born:
            same = by_name.setdefault((key.name, key.born), key)
            if same is not key and _near(same.number, key.number):
                doubled[key.row] = same.row
    return doubled, torn


def _near(one: str, other: str) -> bool:
    """Whether one of two numbers is missing or of another kind, or they differ by one slip."""
    if len(one) != len(other):
        return True
    return sum(a != b for a, b in zip(one, other, strict=True)) <= 2
