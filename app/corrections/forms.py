"""What officers are asked about a ticket."""

from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from app.corrections import rules
from app.fields import (
    BaseForm,
    DayField,
    DocumentNumberField,
    NameField,
    PartialDateField,
    PhoneField,
    TextLine,
)
from app.i18n import N_
from app.visits.rules import whole
from app.words import word


class TicketForm(BaseForm):
    """Something that is done with a ticket; `version` tells which state of it the page showed."""

    version = HiddenField(validators=[InputRequired()])

    @property
    def shown(self) -> int:
        """The version that the page showed."""
        return whole(self.version.data)


class ActForm(TicketForm):
    """What is told the citizen, and to whom a ticket is sent on; the button says what is done."""

    text = TextLine(N_("Nội dung báo cho người dân"), [Optional()], most=300)
    same = BooleanField(N_("Mũi đã nhập đúng là mũi này, dù khác ngày hoặc vắc xin"))
    to = TextLine(N_("Mã đơn vị nhận, nếu chuyển"), [Optional()], most=20)


class LinkForm(TicketForm):
    """Whom a ticket is about."""

    number = DocumentNumberField(N_("Số giấy tờ của người này"), [InputRequired()])


class DoseForm(TicketForm):
    """Which dose a ticket is about; each has a button."""

    dose = StringField(validators=[InputRequired()])


class NoteForm(BaseForm):
    """What somebody at the counter says."""

    kind = SelectField(N_("Phản ánh về"))
    dose = SelectField(N_("Mũi tiêm"), coerce=int)
    product = SelectField(N_("Vắc xin đúng"))
    given_on = DayField(N_("Ngày tiêm đúng"), [Optional()])
    lot_number = TextLine(N_("Số lô đúng"), [Optional()], most=30)
    place = TextLine(N_("Nơi tiêm đúng"), [Optional()], most=150)
    name = NameField(N_("Họ và tên đúng"), [Optional()])
    dob = PartialDateField(N_("Ngày sinh đúng"), [Optional()])
    sex = SelectField(N_("Giới tính đúng"))
    nationality = TextLine(N_("Quốc tịch đúng"), [Optional()], most=60)
    number = DocumentNumberField(N_("Số giấy tờ đúng"), [Optional()], kind="")
    note = TextLine(N_("Nói rõ"), [Optional()], most=300)
    phone = PhoneField(N_("Số điện thoại để báo lại"), [InputRequired()])

    def offer(self, doses: list[tuple[int, str]], products: list[tuple[str, str]]) -> None:
        """Fill in what can be chosen."""
        self.kind.choices = [(code, word(f"ticket_{code}")) for code in rules.KINDS]
        self.dose.choices = [(0, "–"), *doses]
        self.product.choices = [("", "–"), *products]
        self.sex.choices = [("", "–"), *((one, word(one)) for one in "MF")]

    @property
    def claim(self) -> dict[str, Any]:
        """What was said to be right, as a ticket keeps it."""
        return rules.claim(
            {name: self[name].data for name in rules.CLAIMED if name in self._fields}
        )
