"""What is asked when the vials of a session are counted, and when it is opened again."""

from typing import Any

from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.closing import rules
from app.fields import BaseForm, TextLine, row_id
from app.i18n import N_
from app.stock.rules import WASTE
from app.words import word

DOSES = [InputRequired(), NumberRange(1, rules.MOST_DOSES)]
COUNTED = [InputRequired(), NumberRange(0, rules.MOST_DOSES)]


class LotForm(BaseForm):
    """One of the lots at hand; set by `offer`."""

    lot = SelectField(N_("Lô vắc xin"), coerce=row_id)

    def offer(self, lots: list[tuple[int, str]]) -> None:
        """Fill in the lots that may be chosen."""
        self.lot.choices = lots


class MoveForm(LotForm):
    """Doses that are brought to the tables, or back."""

    doses = IntegerField(N_("Số liều"), DOSES)


class WasteForm(LotForm):
    """Doses that are thrown away at the tables."""

    doses = IntegerField(N_("Số liều hủy"), DOSES)
    reason = SelectField(N_("Lý do"))
    note = TextLine(N_("Ghi chú"), [Optional()], most=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = [(code, word(code)) for code in WASTE]


class LineForm(BaseForm):
    """A list of lines of waste with a button each."""

    line = HiddenField()


class CountForm(BaseForm):
    """What was really taken and returned. `shown`: both as the page had them."""

    shown = HiddenField()
    taken = IntegerField(N_("Số liều đã lấy ra"), COUNTED)
    returned = IntegerField(N_("Số liều đã trả lại"), COUNTED)
    why = TextLine(N_("Lý do sửa"), [InputRequired()], most=200)

    def seen(self) -> tuple[int, int]:
        """The count that the page showed; (-1, -1) when this was spoilt."""
        parts = [part for part in (self.shown.data or "").split(".") if part.isascii()]
        numbers = [int(part) for part in parts if part.isdecimal() and len(part) < 10]
        return (numbers[0], numbers[1]) if len(numbers) == 2 else (-1, -1)


class CloseForm(BaseForm):
    """The button that closes a session."""


class ReopenForm(BaseForm):
    """Why a closed session is opened again."""

    why = TextLine(N_("Lý do mở lại"), [InputRequired()], most=300)
