"""What is asked about lots: what arrived, what was thrown away, counted, stopped."""

from datetime import date
from typing import Any

from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app import clock
from app.fields import BaseForm, RuleField, TextLine
from app.i18n import N_, show_date
from app.people.rules import Unfit, parse_date
from app.stock import rules
from app.vaccines.models import catalogue_on
from app.words import word


class LotNumberField(TextLine):
    """The number of a lot as rules.lot_number keeps it; "" when empty."""

    def read(self, text: str) -> str:
        number = rules.lot_number(super().read(text))
        if number is None:
            raise Unfit("lot_number_form")
        return number


class ExpiryField(RuleField):
    """The date printed on a vial: a day, or a month, which means its last day."""

    def read(self, text: str) -> date:
        typed = parse_date(text, date.max)
        if typed.month is None:
            raise Unfit("expiry_form")
        return typed.latest()

    def say(self, code: str) -> str:
        return word("expiry_form" if code == "date_form" else code)

    def _value(self) -> str:
        return super()._value() if self.raw_data else show_date(self.data)


class ReceiveForm(BaseForm):
    """Doses that arrived."""

    product = SelectField(N_("Vắc xin"))
    number = LotNumberField(N_("Số lô"), [InputRequired()])
    expires_on = ExpiryField(N_("Hạn dùng"), [InputRequired()])
    doses = IntegerField(N_("Số liều"), [InputRequired(), NumberRange(1, rules.MOST_DOSES)])
    note = TextLine(N_("Phiếu xuất kho, ghi chú"), most=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        products = catalogue_on(clock.today()).products.values()
        self.product.choices = [(product.code, product.name) for product in products]


class ReturnForm(BaseForm):
    """Doses that go back to the store they came from."""

    doses = IntegerField(N_("Số liều"), [InputRequired(), NumberRange(1, rules.MOST_DOSES)])
    note = TextLine(N_("Phiếu xuất kho, ghi chú"), most=200)


class WasteForm(BaseForm):
    """Doses that are thrown away."""

    doses = IntegerField(N_("Số liều hủy"), [InputRequired(), NumberRange(1, rules.MOST_DOSES)])
    reason = SelectField(N_("Lý do"))
    note = TextLine(N_("Ghi chú"), most=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = [(code, word(code)) for code in rules.WASTE]


class CountForm(BaseForm):
    """What was counted in the refrigerator. `shown`: what the page said was there."""

    shown = HiddenField(validators=[InputRequired()])
    counted = IntegerField(
        N_("Số liều đếm được"), [InputRequired(), NumberRange(0, rules.MOST_DOSES)]
    )
    note = TextLine(N_("Lý do chênh lệch"), [InputRequired()], most=200)


class WhyForm(BaseForm):
    """Why a lot is stopped, or used again."""

    why = TextLine(N_("Lý do"), [InputRequired()], most=300)
