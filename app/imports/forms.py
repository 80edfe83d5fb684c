"""What is asked while a file is taken in."""

from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from app.fields import BaseForm, TextLine
from app.i18n import N_
from app.words import word


class UploadForm(BaseForm):
    """A file with a list."""

    file = FileField(N_("Tệp danh sách"))

    def validate_file(self, field: Any) -> None:
        """Some file was chosen; what is in it is found out later."""
        if not field.data or not field.data.filename:
            raise ValidationError(word("file_missing"))


class StepForm(BaseForm):
    """Go on, write, or give up."""


class DecideForm(BaseForm):
    """What the clerk decided about rows: fields "r<row id>" (see actions.decide)."""

    why = TextLine(N_("Lý do, giấy tờ đã xem (khi xác nhận dòng cần xem lại)"), most=200)

    @property
    def decisions(self) -> dict[int, str]:
        """Row id → decision, where one was taken."""
        return {
            int(name[1:]): value
            for name, value in request.form.items()
            if name[:1] == "r" and name[1:].isascii() and name[1:].isdecimal() and len(name) < 11
            and value
        }  # fmt: skip
