"""What is asked about units."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.fields import BaseForm, DayField, TextLine
from app.i18n import N_, _
from app.units import rules
from app.words import word

Choice = tuple[str, str]


class FactsForm(BaseForm):
    """What can be told of a unit again and again."""

    name = TextLine(N_("Tên đơn vị"), [InputRequired()], most=150)
    address = TextLine(N_("Địa chỉ"), [Optional()], most=200)
    area = SelectField(N_("Địa bàn"), [InputRequired()])
    valid_to = DayField(N_("Ngày hoạt động cuối cùng"), [Optional()], future=True)

    def offer_areas(self, areas: Iterable[Choice]) -> None:
        """The areas to choose from; a single one is chosen."""
        choices = list(areas)
        self.area.choices = choices if len(choices) == 1 else [("", _("Hãy chọn")), *choices]


class NewUnitForm(FactsForm):
    """A new unit below another."""

    level = SelectField(N_("Loại đơn vị"), [InputRequired()])
    code = StringField(N_("Mã đơn vị"), [Optional()])
    valid_from = DayField(N_("Ngày bắt đầu hoạt động"), [InputRequired()], future=True)

    def validate_code(self, field: Any) -> None:
        """An empty one is made by the system."""
        if not rules.code(field.data):
            raise ValidationError(word("unit_code_form"))


class UnitForm(FactsForm):
    """What changes about a unit."""

    successor = StringField(N_("Mã đơn vị thay thế"), [Optional()])
