"""What is asked at each step of a visit."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import request
from wtforms import (
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)  # fmt: skip
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app import clock
from app.fields import BaseForm, DayField, Measure, TextLine
from app.i18n import N_, language
from app.vaccines import rules as vaccines
from app.visits import rules
from app.visits.rules import whole
from app.words import word

MOST_AT_ONCE = 300
LONGEST_DELAY = timedelta(days=366)
YES_NO = [("no", N_("Không")), ("yes", N_("Có"))]


def pair(text: str | None) -> tuple[int, int]:
    """(visit id, version) as a button or tick carries them: "12.3"."""
    visit_id, _, version = (text or "").partition(".")
    return whole(visit_id), whole(version)


class FindForm(BaseForm):
    """One field that takes whatever is at hand; a scanner types into it and presses Enter. Asking
    twice changes nothing, so it has no key."""

    key = None
    what = StringField(
        N_("Quét thẻ CCCD, hoặc gõ số giấy tờ, họ tên, số thứ tự"),
        validators=[InputRequired(), Length(max=500)],
    )


class PickForm(BaseForm):
    """A list of people with a button each (see actions/met.py)."""

    person = StringField(validators=[InputRequired(), Length(max=40)])


class FinishForm(BaseForm):
    """A list of people who sit; each button carries "visit.version"."""

    visit = StringField()

    def chosen(self) -> tuple[int, int]:
        """(visit id, version) of the button that was pressed; (0, 0) when it makes no sense."""
        return pair(self.visit.data)


class StepForm(BaseForm):
    """A step of a visit; `version` tells which state of it the page showed."""

    version = HiddenField(validators=[InputRequired()])

    @property
    def shown(self) -> int:
        """The version that the page showed."""
        return whole(self.version.data)


class ConsentForm(StepForm):
    """PHIẾU ĐỒNG Ý THAM GIA TIÊM CHỦNG (QĐ 3588/QĐ-BYT PL 2; children: CV 1535/BYT-DP)."""

    relation = SelectField(N_("Người ký"))
    signer = TextLine(N_("Họ tên cha, mẹ hoặc người giám hộ"), most=80)

    def __init__(self, child: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        codes = rules.RELATIONS[1:] if child else rules.RELATIONS
        self.relation.choices = [(code, word(code)) for code in codes]

    def validate_signer(self, field: StringField) -> None:
        """A child's parent or guardian signs by name."""
        if self.relation.data != "self" and not field.data:
            raise ValidationError(word("signer_needed"))

    @property
    def agreed(self) -> bool:
        """Which of the two buttons was pressed."""
        return request.form.get("agreed") == "yes"


class Confirmed(StepForm):
    """A step that a second person may have to confirm, with a reason. `confirmed_by`: the id of
    that person, once their password was found right."""

    confirmed_by: int | None = None
    reason = TextLine(N_("Lý do"), most=300)
    confirm_name = StringField(N_("Người xác nhận: tên đăng nhập"), validators=[Length(max=80)])
    confirm_password = PasswordField(
        N_("Mật khẩu của người xác nhận"), validators=[Length(max=200)]
    )


class SignsForm(Confirmed):
    """Vital signs and the doctor's conclusion; `screening_form` adds the questions."""

    temperature = Measure(N_("Nhiệt độ (°C)"), places=None)
    pulse = IntegerField(N_("Mạch (lần/phút)"), validators=[Optional(), NumberRange(0, 999)])
    systolic = IntegerField(N_("HA tối đa (mmHg)"), validators=[Optional(), NumberRange(0, 999)])
    diastolic = IntegerField(N_("HA tối thiểu"), validators=[Optional(), NumberRange(0, 999)])
    respiration = IntegerField(
        N_("Nhịp thở (lần/phút)"), validators=[Optional(), NumberRange(0, 999)]
    )
    conclusion = SelectField(N_("Kết luận của người khám"))
    delay_until = DayField(N_("Trì hoãn đến ngày"), [Optional()], future=True)
    note = TextLine(N_("Ghi chú"), most=300)

    sheet: Any
    items: list[Any]

    def validate_delay_until(self, field: DayField) -> None:
        """A day to come back on."""
        if field.data and not timedelta() < field.data - clock.today() <= LONGEST_DELAY:
            raise ValidationError(word("delay_day"))

    @property
    def signs(self) -> vaccines.Signs:
        """The vital signs that were typed."""
        names = ("temperature", "pulse", "systolic", "diastolic", "respiration")
        return vaccines.Signs(*(self[name].data for name in names))

    def answer_the_rest(self) -> None:
        """The button "all no" answers whatever was left open."""
        for item in self.items if "all_no" in request.form else ():
            field = self[f"i_{item.code}"]
            field.data = field.data or "no"

    @property
    def answers(self) -> dict[str, vaccines.Answer]:
        """Item code → answer."""
        found = {}
        for item in self.items:
            said = self[f"i_{item.code}"].data
            if said in ("yes", "no"):
                found[item.code] = vaccines.Answer(said == "yes", *self._more(item.code))
        return found

    def _more(self, code: str) -> tuple[str, str]:
        text, choice = f"t_{code}", f"c_{code}"
        return self._typed(text), self._typed(choice)

    def _typed(self, name: str) -> str:
        return self[name].data or "" if name in self else ""

    def place(self, name: str) -> str:
        """The field of a question (by its code) or of a sign (by its name)."""
        return name if name in self else f"i_{name}"


def screening_form(sheet: Any, person: vaccines.Person, **kwargs: Any) -> SignsForm:
    """The form that asks this person the questions of a sheet."""
    english = language() == "en"
    items = [item for item in sheet.items if vaccines.asked(item, person)]
    fields: dict[str, Any] = {"sheet": sheet, "items": items}
    for item in items:
        label = f"{item.code}. {item.text_en if english else item.text}"
        fields[f"i_{item.code}"] = RadioField(label, choices=YES_NO, validate_choice=False)
        if item.detail:
            fields[f"t_{item.code}"] = TextLine(
                item.detail_en if english else item.detail, most=200
            )
        if item.choices:
            choices = [("", "—"), *((code, word(code)) for code in item.choices)]
            fields[f"c_{item.code}"] = SelectField(N_("Dẫn đến"), choices=choices)
    form = type("ScreeningForm", (SignsForm,), fields)(**kwargs)
    form.conclusion.choices = [
        (outcome.code, outcome.label_en if english else outcome.label) for outcome in sheet.outcomes
    ]
    return form


def sheets_form(visit_ids: Iterable[int], **kwargs: Any) -> BaseForm:
    """Screening sheets filled in on paper, a row each: t… the temperature, n… the tick that all
    questions were answered with Không; it carries the version of the visit."""
    fields: dict[str, Any] = {}
    for visit_id in visit_ids:
        fields[f"t{visit_id}"] = Measure(N_("Nhiệt độ (°C)"), [Optional()], places=None)
        fields[f"n{visit_id}"] = StringField(N_("Tất cả KHÔNG"))
    return type("SheetsForm", (BaseForm,), fields)(**kwargs)


class AtTable(BaseForm):
    """Right lot and place; who injects, at which table."""

    holding_id = SelectField(N_("Vắc xin, số lô"), coerce=int)
    vaccinator_id = SelectField(N_("Người tiêm"), coerce=int)
    body_part = SelectField(N_("Vị trí tiêm"))
    table_no = IntegerField(N_("Bàn tiêm"), validators=[InputRequired(), NumberRange(1, 99)])

    def offer(self, lots: list[tuple[int, str]], vaccinators: list[tuple[int, str]]) -> None:
        """Fill in what may be chosen here and now."""
        self.holding_id.choices = lots
        self.vaccinator_id.choices = vaccinators
        self.body_part.choices = [(code, word(code)) for code in rules.BODY_PARTS]

    @property
    def lot(self) -> int:
        """The chosen lot, or the first on offer; 0 where there is none."""
        offered = [value for value, _text in self.holding_id.choices or ()]
        chosen = self.holding_id.data
        return chosen if chosen in offered else next(iter(offered), 0)


class DoseForm(AtTable, Confirmed):
    """The injection of one person."""

    volume_ml = Measure(N_("Liều (ml)"), validators=[Optional(), NumberRange(Decimal("0.01"), 9)])


class TicksForm(BaseForm):
    """Many people, each with a tick that carries "visit.version"."""

    def chosen(self) -> dict[int, int]:
        """Visit id → version of the people who were ticked."""
        return dict(map(pair, request.form.getlist("visit")[:MOST_AT_ONCE]))


class BatchForm(AtTable, TicksForm):
    """The injections of many, with one lot. `shown`: the lot that the page planned with."""

    shown = HiddenField()


class ArrivalsForm(BaseForm):
    """A whole bus: ticks on the list, numbers of the list, and numbers of cards line by line."""

    numbers = TextLine(N_("Số trong danh sách"), [Optional()], most=500)
    cards = TextAreaField(N_("Số giấy tờ hoặc mã quét, mỗi người một dòng"), [Optional()])

    def validate_numbers(self, field: TextLine) -> None:
        """Numbers and ranges only."""
        try:
            rules.list_numbers(field.data or "", MOST_AT_ONCE)
        except ValueError:
            raise ValidationError(word("list_numbers_form", most=MOST_AT_ONCE)) from None

    def validate_cards(self, field: TextAreaField) -> None:
        """As many lines as one answer can carry."""
        if len(self.lines) > MOST_AT_ONCE or any(len(line) > 500 for line in self.lines):
            raise ValidationError(word("lines_many", most=MOST_AT_ONCE))

    @property
    def listed(self) -> list[int]:
        """The numbers of the list that were ticked or typed."""
        ticked = {whole(text) for text in request.form.getlist("tick")[:MOST_AT_ONCE]} - {0}
        typed = rules.list_numbers(self.numbers.data or "", MOST_AT_ONCE)
        return sorted(ticked.union(typed))

    @property
    def lines(self) -> list[str]:
        """The lines of the cards that are not empty."""
        return [line.strip() for line in (self.cards.data or "").splitlines() if line.strip()]


class DeskForm(DoseForm):
    """One desk: everything of a visit on one page. All questions of the sheet were answered with
    Không, or another button was pressed (see actions.AtDesk)."""

    person = StringField(validators=[InputRequired(), Length(max=40)])
    temperature = Measure(N_("Nhiệt độ (°C)"), validators=[Optional()])
    signer = TextLine(N_("Người giám hộ đã ký"), most=80)
    version = HiddenField(default="0")
