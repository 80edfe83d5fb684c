"""What a citizen is asked."""

import re

from wtforms.validators import InputRequired

from app.certificates.rules import normal
from app.fields import PartialDateField, PublicForm, RuleField
from app.i18n import N_
from app.people import rules as people


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
