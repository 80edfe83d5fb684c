"""How an upload and its rows go from file to list. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

# What a list is made of: rows about people, or numbers of people who are known.
KINDS = ("people", "numbers")
# Known columns of no use for a list of people: of the template of the ministry, about doses or
# wishes.
UNUSED = (
    "email", "product", "given_on", "dose", "lot_number", "place", "reaction",
    "wished_on", "half_day",
)  # fmt: skip
LONGEST_HEADING = 60
MOST_ROWS = 20_000
HEADING_WITHIN = 20  # rows from the top

UPLOAD_STATES = ("checking", "checked", "writing", "written", "undoing", "undone", "cancelled")
UPLOAD_ENDED = ("written", "undone", "cancelled")
UPLOAD_TRANSITIONS: Mapping[tuple[str, str], str] = {
    ("checking", "all_checked"): "checked",
    ("checked", "decide"): "checking",
    ("checked", "write"): "writing",
    ("writing", "all_written"): "written",
    ("writing", "check_again"): "checking",
    ("written", "undo"): "undoing",
    ("undoing", "all_undone"): "undone",
    ("checking", "cancel"): "cancelled",
    ("checked", "cancel"): "cancelled",
}

# What a check finds: a person who is not known yet, known (whose record says otherwise, or will be
# given what it lacks), or on the list already; something to decide (a proposed text, a doubt, a
# look-alike); what stays out (a doubled or wrong row).
ASK = ("row_fix", "row_doubt", "row_alike")
READY = ("row_new", "row_known", "row_differs", "row_fill")
OUT = ("row_double", "row_wrong", "row_left")
WRITTEN = ("row_registered", "row_added")
ENDED = (*WRITTEN, "row_listed", "row_out")

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
    ("row_differs", "write"): "row_added",
    ("row_differs", "fill"): "row_fill",
    ("row_fill", "keep"): "row_differs",
    ("row_fill", "write"): "row_added",
}
# Taken back: nobody of the row is on the list now, and who was registered by it is no more; or the
# person stays in the register because something else was done since ("kept"), or was received.
UNDONE = ("row_undone", "row_kept", "row_received")

# Of a list of doses given before: may be asked for; nobody has the number, or somebody else has it;
# the dose is known or waits already; asked for.
PAST_READY, PAST_ASKED, PAST_THERE = "past_ready", "past_asked", "past_there"
PAST_WRONG = ("past_nobody", "past_other", "row_double", "row_wrong")
# Of a list of an organisation: may be made a wish; has one already; was made one, which was taken
# back, or was decided upon before.
WISH_READY, WISH_MADE, WISH_THERE = "row_new", "row_wished", "row_there"
WISH_ASK = ("row_fix", "row_doubt")
WISH_WRONG = (*WISH_ASK, "row_double", "row_wrong")
WISH_UNDONE = ("row_undone", "row_decided")
KNOWN_ALREADY = {"same_day", "elsewhere_pending"}


def past_state(codes: Iterable[str]) -> str:
    """The state of a row whose dose may not be asked for, for these reasons."""
    return PAST_THERE if KNOWN_ALREADY.intersection(codes) else "row_wrong"


def after(state: str, event: str) -> str | None:
    """The state of a row after a decision, None when it may not happen now."""
    return ROW_TRANSITIONS.get((state, event))


def upload_after(state: str, event: str) -> str | None:
    """The state of an upload after an event, None when it may not happen now."""
    return UPLOAD_TRANSITIONS.get((state, event))


def place(sheet: str, number: int) -> str:
    """Where a row stands: "7", or "7 (Thôn 2)" where several sheets have lists."""
    return f"{number} ({sheet})" if sheet else str(number)


def heading(text: str) -> str:
    """A heading as it is shown: without what stands in brackets, and without strange signs."""
    plain = re.sub(r"\([^)]*\)", " ", text[:500])
    return " ".join(re.sub(r"[^\w\s/.,-]", " ", plain).split())[:LONGEST_HEADING]


class Key(NamedTuple):
    """By what rows are compared: number of a document, folded name, birth date; "" for what a row
    has not. row: its place in the file."""

    row: int
    number: str
    name: str
    born: str


def doubles(rows: Iterable[Key]) -> tuple[dict[int, int], dict[int, int]]:
    """Rows that speak of the person of an earlier row, with that row: the same number, or the same
    name and birth date where one of both has no number or the numbers are near (a slip, or CMND
    and CCCD). And rows of which one number stands beside different names, each with the other:
    which of them is right, the file does not say."""
    by_number: dict[str, Key] = {}
    by_name: dict[tuple[str, str], Key] = {}
    doubled: dict[int, int] = {}
    torn: dict[int, int] = {}
    for key in rows:
        first = by_number.setdefault(key.number, key) if key.number else key
        if first is not key:
            agree = first.name == key.name or not (first.name and key.name)
            pair = doubled if agree else torn
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
