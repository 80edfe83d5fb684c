"""What a citizen is asked."""

import re

from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from app.certificates.rules import normal
from app.corrections.rules import CLAIMED, claim, unneeded
from app.fields import (
    DayField,
    DocumentNumberField,
    NameField,
    PartialDateField,
    PhoneField,
    PublicForm,
    RuleField,
    TextLine,
)
from app.i18n import N_
from app.people import rules as people
from app.words import word


class NumberOrCode(RuleField):
    """The normal code of a slip, or a normal number of any document."""

    def read(self, text: str) -> str:
        code = normal(text) or people.normal("", text)
        temporary = people.normal("NONE", text)
        number = temporary if people.is_temporary(temporary) else code
        # A slip's code with a wrong sign has 17 signs too; no document has that many.
        if code != normal(text) and not re.fullmatch(r"[A-Z0-9]{5,16}", number):
            raise people.Unfit("look_up_what")
        return number


class Pin(RuleField):
    """Six digits, never shown again."""

    def read(self, text: str) -> str:
        pin = people.normal("", text)
        if not re.fullmatch(r"[0-9]{6}", pin):
            raise people.Unfit("pin_form")
        return pin

    def _value(self) -> str:
        return ""


class LookUpForm(PublicForm):
    """The three things that only the holder of a slip has together."""

    what = NumberOrCode(N_("Số giấy tờ hoặc mã giấy xác nhận"), [InputRequired()])
    dob = PartialDateField(N_("Ngày sinh"), [InputRequired()])
    pin = Pin(N_("Mã PIN trên giấy xác nhận"), [InputRequired()])


class CorrectForm(PublicForm):
    """What a citizen says is wrong. `kind` was chosen on the page before; what it does not need
    is left out."""

    mark = HiddenField()
    kind = HiddenField()
    dose = SelectField(N_("Mũi tiêm"), coerce=int)
    name = NameField(N_("Họ và tên"))
    dob = PartialDateField(N_("Ngày sinh"))
    sex = SelectField(N_("Giới tính"))
    nationality = TextLine(N_("Quốc tịch"), [Optional()], most=60)
    number = DocumentNumberField(N_("Số giấy tờ"), [Optional()], kind="")
    product = SelectField(N_("Vắc xin"))
    given_on = DayField(N_("Ngày tiêm"), [Optional()])
    lot_number = TextLine(N_("Số lô"), [Optional()], most=30)
    place = TextLine(N_("Nơi tiêm"), [Optional()], most=150)
    note = TextLine(N_("Nói rõ"), [Optional()], most=300)
    province = TextLine(N_("Tỉnh, thành phố"), [InputRequired()])
    phone = PhoneField(N_("Số điện thoại của bạn"), [InputRequired()])

    def fit(self, doses: list[tuple[int, str]] | None, products: list[tuple[str, str]]) -> None:
        """Leave out what this kind does not need. doses: None when nothing was looked up."""
        self.dose.choices, self.product.choices = doses or [], [("", "–"), *products]
        self.sex.choices = [("", "–"), *((one, word(one)) for one in "MF")]
        for name in unneeded(self.kind.data, doses is not None):
            del self[name]

    @property
    def claim(self) -> dict[str, str]:
        """What was said, as a ticket keeps it."""
        return claim({name: self[name].data for name in CLAIMED if name in self._fields})


class FollowForm(PublicForm):
    """The code of a ticket and the telephone that it was filed with."""

    code = TextLine(N_("Mã phản ánh"), [InputRequired()], most=20)
    phone = PhoneField(N_("Số điện thoại"), [InputRequired()])


class PhotoForm(PublicForm):
    """A photo that shows what was said."""

    mark = HiddenField()
    picture = FileField(N_("Ảnh chứng minh"))


class ReplyForm(PublicForm):
    """The answer to what was asked back."""

    mark = HiddenField()
    text = TextLine(N_("Trả lời"), [InputRequired()], most=300)
