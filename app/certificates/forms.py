"""What is asked for slips, and at the three steps to a certificate."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional

from app.certificates import rules
from app.fields import BaseForm, DayField, NameField, PartialDateField, TextLine
from app.i18n import N_
from app.words import STATES

LONGEST_SCAN = 1000
LONGEST_CODE = 5000  # a QR holds 4,296 signs
MOST_MARKS = 500


def number(text: Any) -> int:
    """A number as a page sent it; 0 for nonsense."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class NumberForm(BaseForm):
    """A scanned card, or the whole number of a document."""

    what = TextLine(N_("Quét thẻ CCCD, hoặc gõ đủ số giấy tờ"), [InputRequired()])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.what.most = LONGEST_SCAN


class BirthForm(BaseForm):
    """The birth date that only who holds the card can say. number: what was found before."""

    number = HiddenField(validators=[Length(max=40)])
    dob = PartialDateField(N_("Ngày sinh"), [InputRequired()])
    size = SelectField(N_("Khổ giấy"), choices=[("a4", "A4"), ("a5", "A5")])


class BulkForm(BaseForm):
    """Whose certificates, and on what. `which`: "session:7", "commune:vn34:00004" or
    "workplace:…"."""

    which = SelectField(N_("Của ai"), [InputRequired()])
    layout = SelectField(
        N_("Khổ giấy"),
        choices=[("a4", N_("Mỗi người một tờ A4")), ("wallet", N_("Tám thẻ trên một tờ A4"))],
    )

    def __init__(self, choices: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.which.choices = choices


class ChosenForm(BaseForm):
    """The certificates that were found so far, sealed."""

    chosen = HiddenField(validators=[Length(max=1000)])


class FamilyForm(NumberForm):
    """The next one of a family. dob: of who is in nobody's care here and has no card to scan."""

    dob = PartialDateField(N_("Ngày sinh"), [Optional()])
    chosen = HiddenField(validators=[Length(max=1000)])


class MarksForm(BaseForm):
    """What a page showed as complete: "dose.version.identity" parted by spaces."""

    marks = HiddenField()

    def shown(self) -> list[tuple[int, int, int]]:
        """Dose, its version, identity version of each; what was spoilt is left out."""
        found = []
        for text in (self.marks.data or "").split()[:MOST_MARKS]:
            parts = [number(part) for part in text.split(".")]
            if len(parts) == 3:
                found.append((parts[0], parts[1], parts[2]))
        return found


class UntilForm(BaseForm):
    """Up to which day all that is complete is confirmed. after: the last dose looked at."""

    until = DayField(N_("Đến hết ngày"), [InputRequired()])
    after = HiddenField()


class SignForm(BaseForm):
    """Days to be signed, as `Sheet.value` names them, and the password again."""

    days = SelectMultipleField(N_("Các ngày"), validate_choice=False, choices=[])
    password = PasswordField(N_("Mật khẩu của bạn"), [InputRequired()])


class LatinForm(BaseForm):
    """A name in its two parts, and as a passport writes them."""

    surname = NameField(N_("Họ"), [InputRequired()])
    given = NameField(N_("Chữ đệm và tên"), [Optional()])
    surname_latin = TextLine(N_("Họ, chữ không dấu"), [Optional()], most=80)
    given_latin = TextLine(N_("Chữ đệm và tên, chữ không dấu"), [Optional()], most=80)

    def parts(self) -> rules.Parts:
        """What was typed; empty boxes get what the rules write."""
        boxes = (self.surname, self.given, self.surname_latin, self.given_latin)
        return rules.typed(*(box.data or "" for box in boxes))


class IssueForm(BaseForm):
    """The button of the centre. after: the last person looked at."""

    after = HiddenField()


class RevokeForm(BaseForm):
    """Why a certificate is ended."""

    why = TextLine(N_("Lý do thu hồi"), [InputRequired()], most=300)


class FindForm(BaseForm):
    """Which certificate is meant. Nothing is taken off: a space is a sign of a QR's text."""

    what = StringField(
        N_("Mã số của chứng nhận, hoặc nội dung mã QR (HC1:…)"),
        [InputRequired(), Length(max=LONGEST_CODE)],
    )


AGAIN = ("again_mistake", "again_checked", "again_copied")


class AgainForm(BaseForm):
    """Why another certificate is issued in the place of one that was ended by hand."""

    why = RadioField(
        N_("Vì sao cấp lại"),
        [InputRequired()],
        choices=[(code, STATES[code].text) for code in AGAIN],
    )
