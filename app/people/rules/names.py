"""Names of people: how they are written, looked for, put in order and half hidden."""

import re
import unicodedata

from app.people.rules.spelling import lacks_marks, looks_telex, wrong_encoding
from app.people.rules.text import Unfit, clean

LONGEST = 100
MOST_WORDS = 8
_LETTER = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_NAME = re.compile(rf"[{_LETTER}][{_LETTER}\u0300-\u036f'.\- ]*")
_APOSTROPHES = re.compile("[’‘ʼ′]")

# No Vietnamese syllable ends in đ and no Icelandic word begins with Ð, so at the beginning
# of a word a look-alike is always meant as Đ.
_FALSE_D = re.compile(r"\b[ÐƉðɖ]")
_TRUE_D = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"}


def clean_name(text: str) -> str:
    """A name as it is kept: NFC, single spaces, its own case, a true Đ, plain apostrophes.

    One word is enough, and H'Đăm or Rơ-Mah are names. Raises Unfit: those of `clean`,
    encoding_*, name_lost_letters, name_digits, name_letters, name_long. Source: domain 4.5.
    """
    if len(text) > 4 * LONGEST:
        raise Unfit("name_long")
    # Before cleaning: in TCVN3 the invisible soft hyphen is the letter ư.
    code = wrong_encoding(text)
    if code:
        raise Unfit(code)
    if "?" in text or "\ufffd" in text:
        raise Unfit("name_lost_letters")
    name = _FALSE_D.sub(lambda d: _TRUE_D[d[0]], _APOSTROPHES.sub("'", clean(text)))
    if len(name) > LONGEST:
        raise Unfit("name_long")
    if re.search(r"\d", name):
        raise Unfit("name_digits")
    if name and not _NAME.fullmatch(name):
        raise Unfit("name_letters")
    return name


def name_doubts(name: str) -> list[str]:
    """Reasons to look at a clean name again; none of them refuses it. Source: domain 4.5.

    name_many_words: more than eight; name_telex: the marks were typed but not made;
    name_unmarked: a word has lost its marks;
    name_foreign_letters: letters that no Vietnamese name has (ä, ñ, Þ: foreign, ethnic, or
    an old VNI or TCVN3 file).
    """
    doubts = []
    if len(name.split()) > MOST_WORDS:
        doubts.append("name_many_words")
    if looks_telex(name):
        doubts.append("name_telex")
    elif lacks_marks(name):
        doubts.append("name_unmarked")
    if foreign_letters(name):
        doubts.append("name_foreign_letters")
    return doubts


def foreign_letters(name: str) -> bool:
    """Whether a letter of `name` is in no Vietnamese word."""
    return any(ord(char) > 127 and char not in _VIETNAMESE for char in name)


def _fold_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    table |= {ord(c): c for c in "abcdefghijklmnopqrstuvwxyz0123456789"}
    for code in (*range(0xC0, 0x250), 0x256, *range(0x1E00, 0x1F00)):
        # "LATIN SMALL LETTER D WITH STROKE" is a d, "… LETTER AE" an ae.
        called = re.search(r"LETTER ([A-Z]{1,2})(?: WITH .*)?$", unicodedata.name(chr(code), ""))
        if called:
            table[code] = called[1].lower()
    table |= {ord(c): "d" for c in "ÐðƉɖ"}
    table |= {ord("ß"): "ss", ord("ẞ"): "ss", ord("ı"): "i", ord("œ"): "oe", ord("Œ"): "oe"}
    return table | dict.fromkeys(range(0x300, 0x370))


class _Fold(dict):
    def __missing__(self, _code: int) -> str:
        return " "


_FOLD = _Fold(_fold_table())


def fold(name: str) -> str:
    """The search key: small letters without marks, đ as d, all else one space; [a-z0-9 ].

    The same for NFC, NFD, capitals and both ways to write hoà/hòa. Never raises.
    Source: domain 4.5.
    """
    return " ".join(name.translate(_FOLD).split())


_ONSET = re.compile(r"\b(ngh|ng|nh|gh|gi(?=[aeouy])|gi|tr|th|ph|ch|kh|q|c|k|r|s|n)")
_SAID = {"ngh": "ng", "gh": "g", "gi": "d", "tr": "ch", "ph": "f", "q": "k", "c": "k", "r": "d",
         "s": "x", "n": "l"}  # fmt: skip


def sound(name: str) -> str:
    """The key of names that are heard or typed alike: d/gi/r, s/x, ch/tr, l/n, c/k/q, i/y,
    final n/ng and c/t, doubled letters. Wider than `fold`: for suggestions only."""
    key = _ONSET.sub(lambda onset: _SAID.get(onset[0], onset[0]), fold(name))
    key = re.sub(r"(?<![aeou])y", "i", re.sub(r"(.)\1+", r"\1", key))
    return re.sub(r"(?<=[aeiouy])(ng|c)\b", lambda end: "n" if end[0] == "ng" else "t", key)


_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# "~" comes after every letter, so a < ă < â, d < đ, o < ô < ơ.
_SHAPES = {"\u0306": "~", "\u0302": "~~", "\u031b": "~~~"}


def sort_key(name: str) -> str:
    """ASCII text that orders names by tên, then đệm, then họ, byte by byte the same in
    SQLite and in PostgreSQL with COLLATE "C".

    Letters a ă â b c d đ e ê g … y, then tones none, huyền, hỏi, ngã, sắc, nặng.
    Source: domain 4.5. Example: "Trần Văn Ân" → "a~~n0 va~n0 tra~~n1".
    """
    words = [_syllable(word) for word in name.split()]
    parts = words[-1:], words[1:-1], words[:-1][:1]
    # Space < digits < letters: a shorter part and a shorter word come first.
    return " ".join("".join(part) for part in parts) if words else ""


def _syllable(word: str) -> str:
    letters, tone = "", "0"
    for char in unicodedata.normalize("NFD", word.lower()):
        if char in _TONES:
            tone = _TONES[char]
        elif char == "đ":
            letters += "d~"
        else:
            letters += _SHAPES.get(char) or fold(char)
    return letters + tone


def mask(name: str) -> str:
    """A name half hidden: "NGUYỄN VĂN A" → "NGUYỄN V** A"; of two words "LÊ A**".
    Source: domain 6.3."""
    words = name.split()
    if len(words) < 3:
        return " ".join([*words[:-1], *(_hidden(word) for word in words[-1:])])
    return " ".join([words[0], *(_hidden(word) for word in words[1:-1]), words[-1]])


def _hidden(word: str) -> str:
    return word[:1] + "**"


def _vietnamese_letters() -> frozenset[str]:
    letters = [
        unicodedata.normalize("NFC", base + shape + tone)
        for base, shapes in {"a": "\u0306\u0302", "e": "\u0302", "o": "\u0302\u031b",
                             "u": "\u031b", "i": "", "y": ""}.items()
        for shape in ("", *shapes)
        for tone in ("", *_TONES)
    ]  # fmt: skip
    return frozenset("".join(letters) + "đ" + "".join(letters).upper() + "Đ")


_VIETNAMESE = _vietnamese_letters()
