"""How Vietnamese is spelt, and the signs that a keyboard, scanner or old file spoilt it."""

import re
import unicodedata

# Syllables without their marks; domain 4.3 and 4.5 ask to notice names that cannot be true.
_ONSET = "ngh|ng|nh|gh|gi|kh|ch|ph|th|tr|qu?|[bcdghklmnprstvx]"
_RIME = (
    "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu "
    "i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong op ot "
    "u ua uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up "
    "ut uu uy uya uych uyen uyet uynh uyp uyt uyu y yem yen yet yeu"
)
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{'|'.join(sorted(_RIME.split(), reverse=True))})")

# Family and middle names that always carry a mark when they are written out.
_MARKED = (
    "nguyen tran le pham hoang huynh vu vo dang bui do ho ngo duong ly dinh doan truong trinh "
    "luong ha ta to dao van thi duc huu xuan"
)
ALWAYS_MARKED = frozenset(_MARKED.split())
_FAMILIES = ALWAYS_MARKED | {"phan", "mai", "cao", "quach"}
# Who ends in c, ch, p or t has the tone sắc or nặng; some vowels are always â, ê, ô or ơ.
_CHECKED = re.compile(r".*(c|ch|p|t)")
_ROUND = re.compile(r".*([iy]e[a-z]+|enh|(?<!q)u(an|ay|e|on|ong|oi|om|yen))")

# Without the no-break space: "LÃ" may stand before one.
_CP1252 = "\x80-\x9f¡-¿ŒœŠšŸŽžƒˆ˜–-›€™"
_ENCODINGS = (
    # UTF-8 that was read as Windows-1252: "Nguyá»…n VÄƒn".
    ("encoding_utf8", re.compile(f"[ÃÄÅÆ][{_CP1252}]|á[º»]")),
    # "NguyÔn V¨n", "Ph¹m", "§ç", "ThÞ": signs where letters belong, capitals within a word.
    ("encoding_tcvn3", re.compile("[¡-¿×÷]|[a-z][À-ÖØ-Þ]|[A-Za-z]Þ|uú")),
    # "Nguyeãn Vaên", "Thò", "Trònh": what Vietnamese never has; what French has is left out.
    (
        "encoding_vni",
        re.compile(
            r"a[àáãêâùøûåä]|e[àáâäåøû]|eã(?!o)|o[âäåùøûõ]|[uy][ùøûõ]| thò |[òó]nh\b", re.IGNORECASE
        ),
    ),
    # "Nguye^~n Va(n".
    ("encoding_viqr", re.compile(r"[A-Za-z][\^+(~`]")),
)


def is_syllable(word: str) -> bool:
    """Whether a folded word (see names.fold) can be Vietnamese."""
    return bool(_SYLLABLE.fullmatch(word))


def wrong_encoding(text: str) -> str | None:
    """The reason code when Vietnamese `text` was written in, or read as, another encoding:
    encoding_utf8, encoding_tcvn3, encoding_vni, encoding_viqr. Source: domain 4.5."""
    text = unicodedata.normalize("NFC", text)
    return next((code for code, sign in _ENCODINGS if sign.search(text)), None)


def lacks_marks(name: str) -> bool:
    """Whether a Vietnamese name has a word that cannot be without a mark, or not with this one,
    like "Nguyen" or "Ngọc Tuyet". "Binh" for "Bình" is not noticed, and names that do not begin
    with a common family name are left alone. Source: domain 4.5."""
    words = name.lower().split()
    plain = [_plain(word) for word in words]
    if len(words) < 2 or plain[0] not in _FAMILIES:
        return False
    return any(word in ALWAYS_MARKED for word in words[:-1]) or any(
        _unspellable(word, bare) for word, bare in zip(words, plain, strict=True)
    )


def _unspellable(word: str, bare: str) -> bool:
    if not is_syllable(bare):
        return False
    if _CHECKED.fullmatch(bare):
        return not re.search("[\u0301\u0323]", unicodedata.normalize("NFD", word))
    return word.isascii() and bool(_ROUND.fullmatch(word))


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def looks_telex(name: str) -> bool:
    """Whether a word is Vietnamese only once its Telex keys are taken away: "NGUYEENX"."""
    return any(_is_telex(word) for word in name.lower().split() if word.isascii())


def _is_telex(word: str) -> bool:
    plain = re.sub(r"([aeod])\1", r"\1", re.sub(r"(?<=[aou])w", "", word))
    plain = re.sub(r"(?<=[aeiouy])[sfrxj]|(?<=.)[sfrxj]$", "", plain)
    return word != plain and is_syllable(plain)
