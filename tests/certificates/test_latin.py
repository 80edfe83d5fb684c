"""Names in the letters of a passport, and where the surname ends."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates.rules import LONGEST, UnknownLetters, latin, split
from app.certificates.rules.surnames import ONE_WORD, TWO_WORDS, UNSURE

# The 73 letters that Vietnamese has beside A-Z: each base and shape with each tone, and Đ.
SHAPES = {"a": "aăâ", "e": "eê", "i": "i", "o": "oôơ", "u": "uư", "y": "y"}
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LETTERS = {
    unicodedata.normalize("NFC", shape + tone): base.upper()
    for base, shapes in SHAPES.items()
    for shape in shapes
    for tone in TONES
    if shape + tone != base
} | {"đ": "D"}  # fmt: skip


def test_there_are_seventy_three_vietnamese_letters():
    # 12 vowels with 6 tones, without a e i o u y themselves, and đ: 67; with those six 73.
    assert len(LETTERS | {letter: letter.upper() for letter in "aeiouy"}) == 73


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("case", [str.lower, str.upper])
@pytest.mark.parametrize(("letter", "written"), LETTERS.items())
def test_each_vietnamese_letter(letter, written, case, form):
    assert latin(unicodedata.normalize(form, case(letter))) == written


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Nguyễn", "NGUYEN"),
        ("Bảo Duy", "BAO<DUY"),
        ("Đặng", "DANG"),
        ("Ðặng", "DANG"),  # U+00D0
        ("Ɖặng", "DANG"),  # U+0189
        ("đ ð ɖ", "D<D<D"),
        ("NGUYỄN THỊ ÁNH TUYẾT", "NGUYEN<THI<ANH<TUYET"),
        ("H'Hen Niê", "HHEN<NIE"),
        ("H’Hen", "HHEN"),
        ("Y-Blôk Êban", "Y<BLOK<EBAN"),
        ("Rơ Mah Čưh", "RO<MAH<CUH"),
        ("Êđê Ƀing", "EDE<BING"),
        ("Kpă Ñhơt", "KPA<NHOT"),
        ("d'Červenková Panklová", "DCERVENKOVA<PANKLOVA"),
        ("Jiřina-Maria  Alena", "JIRINA<MARIA<ALENA"),
        ("Weiß Müller", "WEISS<MUELLER"),
        ("Åse Ærø Þór", "AASE<AEROE<THOR"),
        ("ﬁona Œuvre Ĳsbrand", "FIONA<OEUVRE<IJSBRAND"),
        ("Łukasz, St. John", "LUKASZ<ST<JOHN"),
        (" - An -- Bình - ", "AN<BINH"),
        ("\uff21\uff4e", "AN"),  # of full width
        ("", ""),
    ],
)
def test_names(name, written, form):
    assert latin(unicodedata.normalize(form, name)) == written


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Иван", "ИВАН"), ("An 王", "王"), ("An2", "2"), ("Ən", "Ə"), ("A/B", "/")],
)
def test_unknown_letters_are_named_and_never_dropped(name, letters):
    with pytest.raises(UnknownLetters) as unknown:
        latin(name)
    assert unknown.value.letters == letters


def test_the_longest_name_is_cut_and_ends_with_a_letter():
    assert latin("Đặng " * 40) == "<".join(["DANG"] * 16)
    assert len(latin("Ö" * 80)) == LONGEST


NAMES = st.text(st.sampled_from([*LETTERS, *"abcxyzAÖÆßĳ'’-, ", "\u0323", "\u0301"]), max_size=60)


@given(NAMES)
def test_the_result_is_always_of_the_form(name):
    written = latin(name)
    assert re.fullmatch("[A-Z<]*", written) and len(written) <= LONGEST
    assert "<<" not in written and not written.startswith("<") and not written.endswith("<")
    assert written == latin(written)


@given(NAMES.filter(lambda name: len(name) <= 26))
def test_no_letter_is_lost(name):
    letters = [c for c in unicodedata.normalize("NFKC", name).upper() if c.isalpha()]
    assert len(latin(name).replace("<", "")) >= len(letters)


@given(st.text(max_size=40))
def test_whatever_the_text_letters_are_written_or_named(text):
    try:
        written = latin(text)
    except UnknownLetters as unknown:
        assert unknown.letters
    else:
        assert re.fullmatch("[A-Z<]*", written)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Nguyễn Bảo Duy", ("Nguyễn", "Bảo Duy")),
        ("NGUYỄN VĂN A", ("NGUYỄN", "VĂN A")),
        ("  Đặng   Thị Hoa ", ("Đặng", "Thị Hoa")),
        ("Lò Văn Pó", ("Lò", "Văn Pó")),
        ("Vàng A Sùng", ("Vàng", "A Sùng")),
        ("Danh Út", ("Danh", "Út")),
        ("Siu Black", ("Siu", "Black")),
        ("Tôn Thất Tùng", ("Tôn Thất", "Tùng")),
        ("Tôn Đức Thắng", ("Tôn", "Đức Thắng")),
        ("Rơ Mah Hlôi", ("Rơ Mah", "Hlôi")),
        ("Vỡn", ("Vỡn", "")),
        ("", ("", "")),
    ],
)
def test_the_surname_stands_first(name, parts):
    assert split(name) == parts
    assert split(unicodedata.normalize("NFD", name)) == parts


@pytest.mark.parametrize(
    "name",
    [
        "H'Hen Niê", "Y-Blôk Êban", "Y Moan Êñuôl", "Ka Dơi", "K'Brửu Ha", "Néang Sóc",
        "Rơ Đức An", "John Smith", "Âu Dương Minh", "Hoàng Phủ Ngọc Tường", "nguyen van a",
    ],
)  # fmt: skip
def test_a_person_has_to_say_where_the_surname_ends(name):
    assert split(name) is None


def test_the_lists_of_surnames_are_in_one_form():
    for one in ONE_WORD | TWO_WORDS | UNSURE:
        assert one == unicodedata.normalize("NFC", one).lower()
    assert len(ONE_WORD) > 150
    assert not {"y", "ka", "thị", "néang"} & ONE_WORD


@given(st.lists(st.sampled_from(["Nguyễn", "Văn", "An", "Lò", "Tôn", "Thất"]), max_size=6))
def test_splitting_loses_no_word(words):
    parts = split(" ".join(words))
    if parts is not None:
        assert " ".join(parts).strip() == " ".join(words)
