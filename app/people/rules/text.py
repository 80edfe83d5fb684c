"""Short text as people type and paste it: made one form, or refused with a reason."""

import re
import unicodedata

# Invisible, and without meaning in Vietnamese: soft hyphen, joiners, zero-width spaces,
# byte order mark, variation selectors.
_NOTHING = re.compile("[\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff]")

_REFUSED = (
    ("text_control", re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")),
    ("text_direction", re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]")),
    (
        "text_emoji",
        re.compile("[\u20e3\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001fbff]"),
    ),
    # Halves of surrogate pairs, private use, what a bad decoder leaves behind, no characters.
    (
        "text_unreadable",
        re.compile("[\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U0010ffff]"),
    ),
)
# After NFC a Vietnamese letter carries no loose mark, and an Ê-đê or Gia-rai one at most one.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2}")


class Unfit(ValueError):
    """A text cannot be what it should be; `code` says why (its words are in app/words.py)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean(text: str) -> str:
    """`text` in NFC on one line: each run of white space (also no-break) is one space, and
    zero-width characters are gone.

    Raises Unfit: text_control, text_direction, text_emoji, text_unreadable, text_marks.
    Source: domain 4.5.
    """
    for code, pattern in _REFUSED:
        if pattern.search(text):
            raise Unfit(code)
    text = unicodedata.normalize("NFC", _NOTHING.sub("", text))
    if _MARKS.search(text):
        raise Unfit("text_marks")
    return " ".join(text.split())


def compact(text: str) -> str:
    """`text` cleaned, in capitals, without the spaces, dots and dashes that numbers are
    written with. Full-width digits become plain ones. Raises Unfit as `clean` does."""
    return re.sub(r"[\s.()\-‐-―_]", "", unicodedata.normalize("NFKC", clean(text))).upper()
