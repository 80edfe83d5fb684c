"""What is asked of the counts and of the audit. Both are asked by address, so that a link leads
there again."""

from datetime import date, datetime

from flask import request
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app import clock
from app.audit import ACTIONS
from app.fields import BaseForm, DayField, PublicForm
from app.i18n import N_
from app.reports import rules
from app.words import word


class DayForm(PublicForm):
    """`day` of the counts: the one that was asked for, today without one, None when it is wrong."""

    on = DayField(N_("Ngày"))

    def __init__(self) -> None:
        super().__init__(formdata=request.args, data={"on": clock.today()})
        self.day: date | None = (self.on.data or clock.today()) if self.validate() else None

    @property
    def due(self) -> datetime:
        """The moment at which the report of the day is due."""
        return clock.day_bounds(self.day or clock.today())[0] + rules.DUE


class SendForm(BaseForm):
    """`shown`: rules.digest of the report that the page shows."""

    shown = HiddenField(validators=[InputRequired()])


class TraceForm(PublicForm):
    """What of the audit is shown; everything may be left empty."""

    person = IntegerField(N_("Mã hồ sơ người được tiêm"), [Optional(), NumberRange(1, 2**31 - 1)])
    action = SelectField(N_("Việc"), [Optional()])
    on = DayField(N_("Ngày"), [Optional()])

    def __init__(self) -> None:
        super().__init__(formdata=request.args)
        acts = [(action, word(f"act_{action}")) for action in ACTIONS]
        self.action.choices = [("", "")] + acts
