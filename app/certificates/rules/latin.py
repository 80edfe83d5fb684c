"""Names in the letters of a passport (ICAO 9303-3), and where the surname ends. Pure."""

import re
import unicodedata

from app.certificates.rules.surnames import ONE_WORD, TWO_WORDS, UNSURE

LONGEST = 80  # of each name: schema 1.3.0 of the EU certificate

# ICAO 9303-3, part of the table that marks and plain letters do not explain. It has no Ơ, Ư and
# Ạ to Ỹ: those lose their marks. Of the three that look alike only Đ is Vietnamese, but all are
# typed; Ƀ is a letter of Ê-đê, Ba-na and M'nông.
_LETTERS = {
    "Đ": "D", "Ð": "D", "Ɖ": "D", "Ƀ": "B", "Å": "AA", "Ä": "AE", "Æ": "AE", "Ö": "OE",
    "Ø": "OE", "Œ": "OE", "Ü": "UE", "ẞ": "SS", "Þ": "TH", "Ł": "L", "Ħ": "H", "Ŧ": "T",
    "Ŋ": "N", "ĸ": "Q",
}  # fmt: skip
_BETWEEN = "-‐‑‒–—―<"
_DROPPED = "'’‘ʼ′`,."


class UnknownLetters(ValueError):
    """A name has letters that the table does not know; `letters` names them. A person decides."""

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


def latin(text: str) -> str:
    """A name as ICAO 9303 writes it, "BAO<DUY": A-Z and "<", at most LONGEST. The same for NFC
    and NFD, small and capital letters. Raises UnknownLetters: no letter is left out silently."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).upper())
    written = [_written(char) for char in text]
    unknown = [char for char, as_written in zip(text, written, strict=True) if as_written is None]
    if unknown:
        raise UnknownLetters("".join(dict.fromkeys(unknown)))
    whole = re.sub("<+", "<", "".join(map(str, written))).strip("<")
    return whole[:LONGEST].rstrip("<")


def _written(char: str) -> str | None:
    if "A" <= char <= "Z":
        return char
    if char.isspace() or char in _BETWEEN:
        return "<"
    if char in _DROPPED or unicodedata.combining(char):
        return ""
    if char in _LETTERS:
        return _LETTERS[char]
    # One mark at a time: Ǖ is Ü with a stroke above, and Ü is UE.
    base = unicodedata.decomposition(char).split(" ")[0]
    return _written(chr(int(base, 16))) if base and base[0] != "<" else None


def split(name: str) -> tuple[str, str] | None:
    """(họ, đệm và tên) of a Vietnamese name; (name, "") of a single word. None where the first
    word is no surname that is known to stand first: H'Hen Niê, Y-Blôk Êban. Then a person says."""
    words = unicodedata.normalize("NFC", name).split()
    if len(words) < 2:
        return " ".join(words), ""
    first, two = words[0].lower(), " ".join(words[:2]).lower()
    if two in UNSURE:
        return None
    if two in TWO_WORDS:
        return " ".join(words[:2]), " ".join(words[2:])
    return (words[0], " ".join(words[1:])) if first in ONE_WORD else None
