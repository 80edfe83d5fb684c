"""What is asked of those who take back, change or enter something after the fact."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask import request
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app import clock
from app.amendments import rules
from app.fields import BaseForm, DayField, Measure, RuleField, TextLine
from app.i18n import N_
from app.people.rules import Unfit
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits.rules import BODY_PARTS, whole
from app.words import word


class UndoForm(BaseForm):
    """A button beside what was just saved; `version` tells which state of the visit it showed."""

    version = HiddenField(validators=[InputRequired()])


class FindForm(BaseForm):
    """Whose dose it is: a card, a number, a name, or the place on the list."""

    what = StringField(
        N_("Quét thẻ CCCD, hoặc gõ số giấy tờ, họ tên, số thứ tự"),
        validators=[InputRequired(), Length(max=500)],
    )


class PickForm(BaseForm):
    """A list of people with a button each; `person` is the mark of one who was found."""

    person = StringField(validators=[InputRequired(), Length(max=40)])


class TimeField(RuleField):
    """A time of day on the wall."""

    def read(self, text: str) -> time:
        found = rules.read_time(text)
        if found is None:
            raise Unfit("time_form")
        return found

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%H:%M") if self.data else ""


class InjectedForm(BaseForm):
    """A dose at a session, as the paper says it."""

    given_time = TimeField(N_("Giờ tiêm"), [InputRequired()])
    holding_id = SelectField(N_("Vắc xin, số lô"), coerce=int)
    vaccinator_id = SelectField(N_("Người tiêm"), coerce=int)
    body_part = SelectField(N_("Vị trí tiêm"))
    table_no = IntegerField(N_("Bàn tiêm"), validators=[InputRequired(), NumberRange(1, 99)])
    volume_ml = Measure(N_("Liều (ml)"), validators=[Optional(), NumberRange(Decimal("0.01"), 9)])

    def offer(self, lots: list[tuple[int, str]], vaccinators: dict[int, str]) -> None:
        """Fill in what could be chosen on that day."""
        self.holding_id.choices = lots
        self.vaccinator_id.choices = list(vaccinators.items())
        self.body_part.choices = [(code, word(code)) for code in BODY_PARTS]

    def given_at(self, session: Any) -> datetime:
        """The stored moment of the time that was typed, on the day of the session."""
        typed = self.given_time.data
        start, _end = clock.day_bounds(session.held_on)
        return start + timedelta(hours=typed.hour, minutes=typed.minute)


class LateForm(InjectedForm):
    """Hồi cứu: with why it comes late, and which paper shows it."""

    person = HiddenField(validators=[InputRequired(), Length(max=40)])
    papers = RadioField(
        N_("Phiếu đồng ý và khám sàng lọc trên giấy đều đủ, cho tiêm"),
        choices=[("yes", N_("Có")), ("no", N_("Không"))],
    )
    cause = SelectField(N_("Vì sao ghi sau"))
    reason = TextLine(N_("Ghi rõ"), [Optional()], most=300)
    evidence = TextLine(N_("Giấy làm chứng: mã tờ danh sách, số dòng"), [InputRequired()], most=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cause.choices = [(code, word(code)) for code in rules.CAUSES]


class ManyForm(BaseForm):
    """Several requests that are approved with one press; each has a box named "row"."""

    @property
    def chosen(self) -> list[int]:
        """The ids of the rows that were ticked."""
        return sorted({whole(text) for text in request.form.getlist("row")} - {0})


class DecideForm(BaseForm):
    """Approve, or reject and say why."""

    answer = TextLine(N_("Lý do, nếu từ chối"), most=300)

    @property
    def approves(self) -> bool:
        """Which of the two buttons was pressed."""
        return request.form.get("approve") == "yes"


class ChangeForm(InjectedForm):
    """What a dose really was; `version` tells which one the page showed."""

    version = HiddenField(validators=[InputRequired()])
    kind = SelectField(N_("Loại mũi"))
    seq = IntegerField(N_("Mũi số"), validators=[InputRequired(), NumberRange(1, 99)])
    reason = TextLine(N_("Lý do sửa"), [InputRequired()], most=300)
    evidence = TextLine(N_("Giấy làm chứng"), [Optional()], most=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [(code, word(code)) for code in vaccines.KINDS]

    @property
    def shown(self) -> int:
        """The version that the page showed."""
        return whole(self.version.data)


class VoidForm(BaseForm):
    """Why a dose never was."""

    version = HiddenField(validators=[InputRequired()])
    reason = TextLine(N_("Lý do hủy"), [InputRequired()], most=300)
    evidence = TextLine(N_("Giấy làm chứng"), [Optional()], most=200)

    @property
    def shown(self) -> int:
        """The version that the page showed."""
        return whole(self.version.data)


class ElsewhereForm(BaseForm):
    """A dose of which somebody has a proof."""

    product = SelectField(N_("Vắc xin"))
    given_on = DayField(N_("Ngày tiêm"), [InputRequired()])
    kind = SelectField(N_("Loại mũi"))
    seq = IntegerField(N_("Mũi số"), validators=[InputRequired(), NumberRange(1, 99)])
    lot_number = TextLine(N_("Số lô"), [Optional()], most=30)
    place = TextLine(N_("Nơi tiêm"), [InputRequired()], most=150)
    proof = SelectField(N_("Giấy tờ chứng minh"))
    evidence = TextLine(N_("Số, mã trên giấy tờ đó"), [InputRequired()], most=200)
    reason = TextLine(N_("Ghi rõ"), [Optional()], most=300)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        products = catalogue_on(clock.today()).products.values()
        self.product.choices = [(product.code, product.name) for product in products]
        self.kind.choices = [(code, word(code)) for code in vaccines.KINDS]
        self.proof.choices = [(code, word(code)) for code in rules.PROOFS]
