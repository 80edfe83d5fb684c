"""What is asked about a session and its list."""

from datetime import date
from typing import Any

from flask import request
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.fields import BaseForm, HoursForm, RuleField, TextLine, row_id
from app.i18n import N_, show_date
from app.people.rules import Unfit, parse_date
from app.sessions import rules
from app.words import word

LONGEST_SCAN = 1000


class DateField(RuleField):
    """A whole day, day before month."""

    def read(self, text: str) -> date:
        typed = parse_date(text, date.max)
        if typed.day is None:
            raise Unfit("date_form")
        return typed.earliest()

    def say(self, code: str) -> str:
        return word("day_form" if code == "date_form" else code)

    def _value(self) -> str:
        return super()._value() if self.raw_data else show_date(self.data)


class PlanForm(BaseForm):
    """The plan of a session. The lots on offer are set by `offer`."""

    unit_id = SelectField(N_("Điểm tiêm"), coerce=row_id)
    held_on = DateField(N_("Ngày"), [InputRequired()])
    half_day = SelectField(N_("Buổi"))
    tables = IntegerField(
        N_("Số bàn tiêm"), [InputRequired(), NumberRange(1, rules.MOST_TABLES)], default=1
    )
    capacity = IntegerField(
        N_("Tiếp đón nhiều nhất (người)"), [InputRequired(), NumberRange(1, rules.MOST_PEOPLE)],
        default=100,
    )  # fmt: skip
    lots = SelectMultipleField(
        N_("Lô vắc xin"), coerce=row_id, widget=ListWidget(), option_widget=CheckboxInput()
    )
    default_lot = SelectField(N_("Lô chọn sẵn khi tiêm"), coerce=row_id)
    round = TextLine(N_("Đợt tiêm"), [Optional()], most=60)
    note = TextLine(N_("Ghi chú"), most=300)

    def offer(self, sites: list[tuple[int, str]], lots: list[tuple[int, str]]) -> None:
        """Fill in what may be chosen. Where there is one site or lot only, nobody is asked."""
        self.half_day.choices = [(code, word(code)) for code in rules.HALF_DAYS]
        self.lots.choices = lots
        self.default_lot.choices = [(0, "—"), *lots]
        if len(lots) < 2:
            del self.default_lot
        self.unit_id.choices = sites
        if len(sites) < 2:
            del self.unit_id


class OffForm(BaseForm):
    """Why a session is called off."""

    reason = RadioField(N_("Lý do"), [InputRequired()])
    note = TextLine(N_("Ghi chú"), [Optional()], most=300)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = [(code, word(code)) for code in rules.OFF]


class WhoForm(BaseForm):
    """One field that takes whatever is at hand: a scan, a number, a name."""

    what = TextLine(N_("Quét thẻ CCCD, hoặc gõ số giấy tờ, họ tên"), [InputRequired()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.what.most = LONGEST_SCAN


class CallForm(HoursForm):
    """Which of the wishes shown are called, and who a look-alike is."""

    @property
    def same(self) -> dict[int, int]:
        """Wish → person, of the button that says that a look-alike is this very person."""
        wish, _point, person = request.form.get("same", "").partition(".")
        return {row_id(wish): row_id(person)} if person else {}


class PersonForm(BaseForm):
    """A list of people with a button each. `number`: what the person showed, if anything."""

    person = HiddenField()
    number = HiddenField()

    @property
    def person_id(self) -> int:
        """The id on the button that was pressed."""
        return row_id(request.form.get("person"))
