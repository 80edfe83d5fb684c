"""Reading a certificate that came by hand, by a messenger or from a scanner. Pure."""

import re

LONGEST = 100_000  # see envelope.LONGEST_TEXT: what is longer is refused there
_PREFIX = re.compile("hc1:", re.IGNORECASE)
# A space is one of the 45 signs of base45. What is no sign of it and looks like one, or like
# nothing at all, was put in on the way.
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f\u3000", " "))
_NOTHING = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BREAK = re.compile(r"[\r\n\t\f\v\x85\u2028\u2029]+")


def readings(text: str) -> list[str]:
    """What may have been meant, the likeliest first; never empty. Capitals again, what stands
    before "HC1:" left out. A line was broken between two signs, or in the place of a space; a
    space at the end gets lost easily."""
    text = text[: LONGEST + 1].translate(_SPACES).translate(_NOTHING)
    found = _PREFIX.search(text)
    if not found:
        return [text.strip()]
    text = text[found.start() :].upper().rstrip("\r\n\t")
    joined, spaced = _BREAK.sub("", text), _BREAK.sub(" ", text)
    bare = joined.rstrip(" ")
    return list(dict.fromkeys([joined, bare, bare + " ", spaced, spaced.rstrip(" ")]))
