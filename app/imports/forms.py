"""What is asked while a list is taken in."""

from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.amendments.rules import PROOFS
from app.fields import BaseForm, TextLine
from app.i18n import N_
from app.words import word

LONGEST_PASTE = 400_000


class UploadForm(BaseForm):
    """A file with a list."""

    file = FileField(N_("Tệp danh sách"))

    def validate_file(self, field: Any) -> None:
        """Some file was chosen; what is in it is found out later."""
        if not field.data or not field.data.filename:
            raise ValidationError(word("file_missing"))

    def taken(self) -> bytes:
        """What the file holds. The place where it lay meanwhile is given back at once."""
        with self.file.data.stream as stream:
            data: bytes = stream.read()
        return data


class PastForm(UploadForm):
    """A list of doses, and what papers it was made from."""

    proof = SelectField(N_("Giấy tờ chứng minh"))
    evidence = TextLine(N_("Số, mã, nơi giữ giấy tờ đó"), [InputRequired()], most=200)
    reason = TextLine(N_("Ghi rõ"), [Optional()], most=150)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.proof.choices = [(code, word(code)) for code in PROOFS]


class PasteForm(BaseForm):
    """Numbers of people, each on a line of its own."""

    text = TextAreaField(
        N_("Số CCCD/CMND/hộ chiếu, mỗi người một dòng"),
        validators=[InputRequired(), Length(max=LONGEST_PASTE)],
    )


class StepForm(BaseForm):
    """Go on, write, take back, or give up."""


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
