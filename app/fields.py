"""Form fields of this country, and the form that every page uses."""

import re
from datetime import date, time
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Regexp, StopValidation, ValidationError
from wtforms.widgets import DateInput, TelInput

from app import clock
from app.i18n import N_, _, show_date
from app.once import answered, digest, new_key, once
from app.people import rules
from app.words import Refused, word

# WTForms has no Vietnamese of its own. What its fields and validators that stand in our forms can
# say is here (tests/test_i18n.py); what Flask-WTF says of its token never reaches a reader.
_CHOOSE = N_("Hãy chọn một mục trong danh sách.")
_LONG = N_("Dài quá %(max)d ký tự.")
_SHORT = N_("Phải có ít nhất %(min)d ký tự.")
_EXACT = N_("Phải có đúng %(max)d ký tự.")
WTFORMS_WORDS = {
    "This field is required.": N_("Mục này chưa điền."),
    "Invalid input.": N_("Trang đã cũ. Hãy mở lại trang rồi làm lại."),
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
    "'%(value)s' are not valid choices for this field.": _CHOOSE,
    "Not a valid integer value.": N_("Hãy nhập một số nguyên."),
    "Not a valid decimal value.": N_("Hãy nhập một số."),
    "Number must be at least %(min)s.": N_("Số này phải từ %(min)s trở lên."),
    "Number must be at most %(max)s.": N_("Số này nhiều nhất là %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Số này phải từ %(min)s đến %(max)s."),
    "Field must be at least %(min)d character long.": _SHORT,
    "Field must be at least %(min)d characters long.": _SHORT,
    "Field cannot be longer than %(max)d character.": _LONG,
    "Field cannot be longer than %(max)d characters.": _LONG,
    "Field must be exactly %(max)d character long.": _EXACT,
    "Field must be exactly %(max)d characters long.": _EXACT,
    "Field must be between %(min)d and %(max)d characters long.": N_(
        "Phải có từ %(min)d đến %(max)d ký tự."
    ),
}


class _Translations:
    def gettext(self, text: str) -> str:
        return _(WTFORMS_WORDS.get(text, text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


def body_digest() -> str:
    """The digest of the form that was sent (see once.py)."""
    return digest(request.form.to_dict(flat=False), request.path)


class BaseForm(FlaskForm):
    """A form with a CSRF token and a key that lets it do its work once (see once.py)."""

    key = HiddenField(validators=[InputRequired(), Regexp(r"[\w-]{16,64}\Z", re.ASCII)])

    class Meta:
        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.key and not self.key.data:
            self.key.data = new_key()
        self.summary: list[str] = []
        for field in self:
            _translate(field)

    def once(self, work: Any) -> str:
        """Do `work` once for this form; its result as text. Raises KeyReused, Refused."""
        return once(self.key.data, body_digest(), work)

    def answered(self) -> str | None:
        """What came of this very form before, if its answer was lost. To be asked where the form
        is not valid any more because it did its work (the last unit of a lot is gone)."""
        return answered(self.key.data or "", body_digest())

    def refuse(self, refused: Refused) -> None:
        """Show the reasons of a refusal at their fields, or above the form."""
        for name, code, values in refused.reasons:
            text = word(code, **values)
            if name and name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, text]
            else:
                self.summary.append(text)


def _translate(field: Any) -> None:
    """Labels and choices are written in Vietnamese (N_) and read in the reader's language."""
    field.label.text = _(field.label.text)
    if isinstance(getattr(field, "choices", None), list):
        field.choices = [(value, _(text)) for value, text in field.choices]


def row_id(text: Any) -> int:
    """The id of a row as a page sent it; 0, which is none, for nonsense."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class HoursForm(BaseForm):
    """Which of the people shown are called, and from which hour on."""

    # Who of them still waits is asked under the lock.
    ids = SelectMultipleField(N_("Người"), coerce=row_id, choices=[], validate_choice=False)
    hour = SelectField(N_("Giờ hẹn, kể từ"))

    def offer(self, hours: list[time]) -> None:
        """The hours that are left."""
        self.hour.choices = [(f"{hour:%H:%M}", f"{hour:%H:%M}") for hour in hours]

    @property
    def first(self) -> time:
        """The hour that was chosen."""
        return time.fromisoformat(str(self.hour.data))


class PublicForm(BaseForm):
    """A form for people without an account. It uses no authority and changes nothing, so it needs
    neither CSRF token nor key, and works without cookies."""

    key = None

    class Meta(BaseForm.Meta):
        csrf = False


class Measure(DecimalField):
    """A number as it is written here: 36,5 (36.5 is read too)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with WTForms' own message when it is no number; empty is None."""
        super().process_formdata([text.replace(",", ".") for text in valuelist if text.strip()])
        typed = self.data  # type: ignore[has-type]
        if typed is not None and not typed.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))

    def _value(self) -> str:
        return super()._value().replace(".", ",")


class RuleField(StringField):
    """Text that a rule reads. `data` is the rule's answer, `empty` when nothing was typed;
    what was typed stays for the page, and a refusal shows the rule's own reason."""

    empty: Any = None

    def read(self, text: str) -> Any:
        """What `text` means. Raises rules.Unfit."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = self.empty
        if not valuelist[0].strip():
            # Blanks alone are nothing, also to InputRequired.
            self.raw_data = [""]
            return
        try:
            self.data = self.read(valuelist[0])
        except rules.Unfit as unfit:
            raise ValueError(self.say(unfit.code)) from unfit

    def say(self, code: str) -> str:
        """The words of a reason code for this field."""
        return word(code)

    def pre_validate(self, form: Any) -> None:
        # "Not filled in" would hide why the rule refused.
        if self.process_errors:
            raise StopValidation()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class TextLine(RuleField):
    """Cleaned short text of at most `most` characters; "" when empty."""

    empty = ""

    def __init__(self, label: str = "", validators: Any = None, most: int = 100, **kw: Any) -> None:
        super().__init__(label, validators, **kw)
        self.most = most

    def read(self, text: str) -> str:
        # A letter may come as itself and three marks; more is not worth cleaning.
        line = rules.clean(text) if len(text) <= 4 * self.most else text
        if len(line) > self.most:
            raise rules.Unfit("too_long")
        return line

    def say(self, code: str) -> str:
        return word(code, most=self.most) if code == "too_long" else word(code)


class NameField(RuleField):
    """The name of a person; "" when empty. See people.rules.clean_name."""

    empty = ""

    def read(self, text: str) -> str:
        return rules.clean_name(text)


class PartialDateField(RuleField):
    """A birth date whose day or month may be unknown: people.rules.PartialDate or None."""

    widget = DateInput()

    def read(self, text: str) -> rules.PartialDate:
        return rules.parse_date(text, clock.today())


class DayField(RuleField):
    """A whole date: day, month and year; None when empty. `future`: a day to come may be typed."""

    widget = DateInput()

    def __init__(
        self, label: str = "", validators: Any = None, future: bool = False, **kw: Any
    ) -> None:
        super().__init__(label, validators, **kw)
        self.future = future

    def read(self, text: str) -> date:
        day = rules.parse_date(text, date.max if self.future else clock.today())
        if not day.day:
            raise rules.Unfit("date_day_missing")
        return day.earliest()

    def _value(self) -> str:
        return super()._value() if self.raw_data else show_date(self.data)


class PhoneField(RuleField):
    """A Vietnamese phone number like "0912345678", or None."""

    widget = TelInput()

    def read(self, text: str) -> str:
        return rules.phone(text)


class DocumentNumberField(RuleField):
    """A normal number of the kind that the field `kind` names, or None.

    `kind` is a kind of people.rules.KINDS or the name of the form's field that holds one;
    where that is empty the kind is guessed. `country` names the field of the passport's
    country. After validation `self.kind_found` is the kind.
    """

    def __init__(self, label: str = "", validators: Any = None, kind: str = "kind",
                 country: str = "country", **kw: Any) -> None:  # fmt: skip
        super().__init__(label, validators, **kw)
        self.kind, self.country = kind, country
        self.kind_found: str | None = None

    def read(self, text: str) -> str:
        return rules.normal("", text)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        typed = self.data or ""
        kind = self.kind if self.kind in rules.KINDS else _data(form, self.kind)
        self.kind_found = kind or rules.guess_kind(typed) or None
        if not typed:
            return
        if not kind and (zeros := self._lost_zeros(typed)):
            raise StopValidation(zeros)
        if self.kind_found not in rules.KINDS:
            raise StopValidation(word("number_form"))
        self.data = rules.normal(self.kind_found, typed)
        country = _data(form, self.country) if self.country in form else rules.VIET_NAM
        found = rules.problems(self.kind_found, self.data, country)
        if found:
            raise StopValidation(self._lost_zeros(typed) or word(found[0]))

    def _lost_zeros(self, typed: str) -> str:
        number = rules.zero_suggestion(typed)
        return word("number_zeros", number=number) if number else ""


def settle_area(area: Any, found: list[tuple[str, str]]) -> None:
    """Of the communes that have the typed name the only one, or the one that was chosen; several
    are offered. Raises ValidationError."""
    chosen = area.data in dict(found)
    area.choices = found if len(found) > 1 else []
    if not chosen:
        area.data = found[0][0] if len(found) == 1 else None
    if not area.data:
        raise ValidationError(word("commune_several" if found else "commune_unknown"))


def _data(form: Any, name: str) -> Any:
    return form[name].data if name in form else ""


__all__ = [
    "BaseForm", "DayField", "DocumentNumberField", "Measure", "NameField", "PartialDateField",
    "PhoneField", "PublicForm", "StringField", "TextLine",
]  # fmt: skip
