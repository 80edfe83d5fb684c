"""What is asked about a reaction: a key, or a press on its name."""

from wtforms import StringField, ValidationError
from wtforms.validators import Length

from app.fields import BaseForm, TextLine
from app.i18n import N_
from app.reactions import rules
from app.words import word


class ReactionForm(BaseForm):
    """`keys`: digits of the signs; `sign`: the button that was pressed instead."""

    keys = StringField(N_("Gõ số của dấu hiệu, rồi Enter"), validators=[Length(max=20)])
    sign = StringField(validators=[Length(max=20)])
    note = TextLine(N_("Ghi rõ"), most=300)

    def validate_keys(self, field: StringField) -> None:
        """Unknown digits, or nothing at all."""
        self.signs, self.serious, problems = rules.read_keys((field.data or "") + self._button())
        if problems:
            raise ValidationError(word(problems[0]))

    def _button(self) -> str:
        keys = {code: key for key, code in rules.SIGNS.items()}
        keys[rules.SERIOUS] = rules.SERIOUS_KEY
        return keys.get(self.sign.data or "", "")


class SeenForm(BaseForm):
    """The button beside what somebody told of themselves."""

    seen = StringField()
