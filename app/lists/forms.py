"""What is asked before a list is shown."""

from datetime import date
from typing import Any

from flask import request
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.fields import BaseForm, DayField, PublicForm, TextLine
from app.i18n import N_
from app.lists.rules import MOST_BLANK


class AskedForm(PublicForm):
    """Which unit's list, and the day that it is about. Asked by address, so that a link leads
    there again. `day`: None when what was typed is none."""

    unit = SelectField(N_("Đơn vị"), validate_choice=False)
    on = DayField(N_("Ngày"), future=True)

    def __init__(self, day: date, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(formdata=request.args, data={"on": day}, **kwargs)
        self.unit.choices = [(str(key), name) for key, name in units]
        if len(units) < 2:
            del self.unit
        self.day: date | None = (self.on.data or day) if self.validate() else None


class PaperForm(BaseForm):
    """How many empty rows a list on paper has for those who come without standing on it."""

    blank = IntegerField(
        N_("Số dòng trống cho người chưa có trong danh sách"),
        [InputRequired(), NumberRange(0, MOST_BLANK)], default=20,
    )  # fmt: skip


class CodeForm(BaseForm):
    """The code of a row on paper."""

    code = TextLine(N_("Mã dòng trên danh sách giấy"), [InputRequired()], most=20)
