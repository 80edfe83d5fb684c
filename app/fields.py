"""Form fields of this country, and the form that every page uses."""

import secrets
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from app.i18n import N_, _
from app.once import digest, once
from app.words import Refused, word

# WTForms has no Vietnamese of its own.
WTFORMS_WORDS = {
    "This field is required.": N_("Mục này chưa điền."),
    "Not a valid choice.": N_("Hãy chọn một mục trong danh sách."),
    "Not a valid choice": N_("Hãy chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": N_("Hãy chọn một mục trong danh sách."),
    "Not a valid integer value.": N_("Hãy nhập một số nguyên."),
    "Not a valid decimal value.": N_("Hãy nhập một số."),
    "Not a valid date value.": N_("Hãy nhập ngày dạng ngày/tháng/năm."),
    "CSRF token is missing.": N_("Trang đã cũ. Hãy mở lại trang rồi làm lại."),
    "The CSRF token is missing.": N_("Trang đã cũ. Hãy mở lại trang rồi làm lại."),
}


class _Translations:
    def gettext(self, text: str) -> str:
        return _(WTFORMS_WORDS.get(text, text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


class BaseForm(FlaskForm):
    """A form with a CSRF token and a key that lets it do its work once (see once.py)."""

    key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])

    class Meta:
        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.key.data:
            self.key.data = secrets.token_urlsafe(16)
        self.summary: list[str] = []
        for field in self:
            _translate(field)

    def once(self, work: Any) -> str:
        """Do `work` once for this form; its result as text. Raises KeyReused, Refused."""
        return once(self.key.data, digest(request.form.to_dict(flat=False), request.path), work)

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


class PublicForm(BaseForm):
    """A form for people without an account: it uses no authority, so it needs no CSRF token
    and works without cookies."""

    class Meta(BaseForm.Meta):
        csrf = False


__all__ = ["BaseForm", "PublicForm", "StringField"]
