"""What is asked of somebody who tells of a reaction."""

from wtforms import HiddenField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.fields import PhoneField, PublicForm, TextLine
from app.i18n import N_
from app.reactions import rules
from app.words import word


class IllForm(PublicForm):
    """Signs to choose from, and words."""

    mark = HiddenField()
    signs = SelectMultipleField(
        N_("Dấu hiệu"), widget=ListWidget(), option_widget=CheckboxInput(),
        choices=[(rules.SERIOUS, ""), *((sign, "") for sign in rules.SIGNS.values())],
    )  # fmt: skip
    note = TextLine(N_("Ghi rõ"), [Optional()], most=300)
    phone = PhoneField(N_("Số điện thoại của bạn"), [InputRequired()])

    def offer(self) -> None:
        """Name the signs in the language of the reader."""
        grave = word("serious_signs")
        self.signs.choices = [
            (sign, grave if sign == rules.SERIOUS else word(sign)) for sign, _ in self.signs.choices
        ]

    def validate_signs(self, field: SelectMultipleField) -> None:
        """One sign at least, or words."""
        if not field.data and not self.note.data:
            raise ValidationError(word("sign_or_words"))
