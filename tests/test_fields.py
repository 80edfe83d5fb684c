"""Form fields of this country: what they read, refuse in words, and keep as it was typed."""

import re
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from app import clock
from app.fields import DocumentNumberField, NameField, PartialDateField, PhoneField, TextLine
from app.people import rules
from app.words import REASONS, word

RULES = Path(rules.__file__).parent
TYPED = ("name", "born", "phone", "note", "number")


class PersonForm(Form):
    """All fields at once, as a page about a person has them."""

    name = NameField("Họ và tên", [InputRequired()])
    born = PartialDateField("Ngày sinh", [DataRequired()])
    phone = PhoneField("Điện thoại", [Optional()])
    note = TextLine("Ghi chú", most=10)
    kind = SelectField("Loại giấy tờ", choices=["", *rules.KINDS], default="")
    country = SelectField("Nước cấp", choices=["", "VN", "US"], default="VN")
    number = DocumentNumberField("Số giấy tờ")


class CardForm(Form):
    """A field for one kind of number."""

    number = DocumentNumberField("Số CCCD", kind="CCCD")


GOOD = {"name": " Nguyễn  Văn A", "born": "7/1950", "phone": "+84 912 345 678", "note": " a  b ",
        "kind": "CCCD", "country": "VN", "number": "001 090 123 456"}  # fmt: skip


def filled(**typed):
    """The validated form and whether it was right, on 23/11/2026."""
    with clock.frozen(datetime(2026, 11, 23, 9, 0)):
        form = PersonForm(MultiDict(GOOD | typed))
        return form, form.validate()


def test_what_is_right_is_read():
    form, right = filled()
    assert right, form.errors
    assert form.data == {
        "name": "Nguyễn Văn A", "born": rules.PartialDate(1950, 7), "phone": "0912345678",
        "note": "a b", "kind": "CCCD", "country": "VN", "number": "001090123456",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("name", "Nguy?n", "name_lost_letters"),
        ("name", "Nguyễn\x00", "text_control"),
        ("name", "\u202eNguyễn", "text_direction"),
        ("name", "Nguyễn 😀", "text_emoji"),
        ("name", "NguyÔn", "encoding_tcvn3"),
        ("name", "ế" * 350_000, "name_long"),
        ("born", "31/02/1950", "date_impossible"),
        ("born", "24/11/2026", "date_future"),
        ("born", "1899", "date_too_old"),
        ("born", "15/07/50", "date_two_digit_year"),
        ("born", "x" * 1_000_000, "date_form"),
        ("phone", "123", "phone_form"),
        ("phone", "1" * 1_000_000, "phone_form"),
        ("note", "x\x07", "text_control"),
        ("number", "123", "cccd_form"),
        ("number", "1" * 1_000_000, "number_long"),
        ("number", "\u200f001090123456", "text_direction"),
    ],
    ids=lambda value: value[:20].encode("unicode_escape").decode(),
)
def test_what_is_wrong_is_said_at_the_field_and_kept(field, typed, code):
    form, right = filled(**{field: typed})
    assert not right and list(form.errors) == [field]
    assert form.errors[field] == [word(code)]
    assert form[field]._value() == typed
    for other in set(TYPED) - {field}:
        assert form[other]._value() == GOOD[other]


@pytest.mark.parametrize("field", ["name", "born"])
@pytest.mark.parametrize("typed", ["", "   ", "\u00a0\n"])
def test_what_is_required_must_be_filled_in(field, typed):
    form, right = filled(**{field: typed})
    assert not right and list(form.errors) == [field]
    assert form.errors[field] == ["This field is required."]


def test_what_may_be_empty_is():
    form, right = filled(phone=" ", note="", number="")
    assert right, form.errors
    assert (form.phone.data, form.note.data, form.number.data) == (None, "", None)


def test_a_missing_field_keeps_what_the_row_has():
    row = {"name": "Lê Na", "born": rules.PartialDate(1950), "phone": "0912345678"}
    form = PersonForm(MultiDict({"note": "x"}), data=row)
    assert {key: form[key].data for key in row} == row
    assert [form[key]._value() for key in row] == ["Lê Na", "1950", "0912345678"]


@pytest.mark.parametrize(
    ("length", "right"), [(10, True), (11, False), (41, False), (1_000_000, False)]
)
def test_text_has_a_most(length, right):
    typed = "ế" * length
    form, valid = filled(note=typed)
    assert valid is right
    assert form.errors.get("note", []) == ([] if right else [word("too_long", most=10)])


def test_decomposed_text_counts_as_its_letters():
    typed = unicodedata.normalize("NFD", "ế" * 10)
    form, right = filled(note=typed)
    assert len(typed) == 30 and right and form.note.data == "ế" * 10


@pytest.mark.parametrize(
    ("kind", "country", "typed", "found", "number"),
    [
        ("CMND", "VN", "012 345 678", "CMND", "012345678"),
        ("PASSPORT", "VN", "b1234567", "PASSPORT", "B1234567"),
        ("PASSPORT", "US", "123456789", "PASSPORT", "123456789"),
        ("BHYT", "VN", "dn 4 01 0123456789", "BHYT", "DN4010123456789"),
        ("NONE", "VN", "T3-JZ9J-6GMQ", "NONE", "T3JZ9J6GMQ"),
        ("NONE", "VN", "", "NONE", None),
        ("", "VN", "001090123456", "CCCD", "001090123456"),
        ("", "VN", "012345678", "CMND", "012345678"),
        ("", "VN", "", None, None),
    ],
    ids=lambda value: f"domain 4.2 {value}",
)
def test_numbers_are_of_the_kind_chosen_or_guessed(kind, country, typed, found, number):
    form, right = filled(kind=kind, country=country, number=typed)
    assert right, form.errors
    assert (form.number.kind_found, form.number.data) == (found, number)


@pytest.mark.parametrize(
    ("kind", "country", "typed", "text"),
    [
        ("PASSPORT", "", "B1234567", word("country_missing")),
        ("PASSPORT", "VN", "123456789", word("passport_vn_form")),
        ("CMND", "VN", "12345678", word("cmnd_form")),
        ("", "VN", "12345", word("number_form")),
        ("CCCD", "VN", "1.09E+11", word("number_scientific")),
        ("CCCD", "VN", "1090123456", word("number_zeros", number="001090123456")),
        ("CCCD", "VN", "36090123456", word("number_zeros", number="036090123456")),
        ("", "VN", "1090123456", word("number_zeros", number="001090123456")),
        ("NONE", "VN", "T3JZ9J6GMR", word("code_form")),
    ],
    ids=lambda value: f"domain 4.2 {value}",
)
def test_numbers_that_cannot_be(kind, country, typed, text):
    form, right = filled(kind=kind, country=country, number=typed)
    assert not right and form.errors == {"number": [text]}
    assert form.number._value() == typed


def test_a_field_may_have_one_kind():
    form = CardForm(MultiDict({"number": "001.090.123.456"}))
    assert form.validate() and form.number.data == "001090123456"
    form = CardForm(MultiDict({"number": "012345678"}))
    assert not form.validate() and form.errors == {"number": [word("cccd_form")]}


@given(st.dictionaries(st.sampled_from(TYPED), st.text()), st.sampled_from(["", *rules.KINDS]))
def test_no_text_breaks_a_field(typed, kind):
    form, _ = filled(kind=kind, **typed)
    for name, text in typed.items():
        assert form[name]._value() in (text, "")


def test_every_reason_of_the_rules_has_words():
    codes = set(rules.LIKENESS)
    source = "".join(path.read_text("utf-8") for path in RULES.glob("[a-z]*.py"))
    codes |= set(re.findall(r'Unfit\("(\w+)"\)', source))
    codes |= set(
        re.findall(r'"((?:text|encoding|name|number|cccd|date|phone)_[a-z_0-9]+)"', source)
    )
    codes |= {f"{kind.lower()}_form" for kind in rules.KINDS if kind != "NONE"}
    assert len(codes) > 40 and codes <= set(REASONS)
