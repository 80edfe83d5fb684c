"""What is asked for signing in, for passwords, and for accounts and their roles."""

from collections.abc import Container
from typing import Any

from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts import rules
from app.accounts.roles import NAMES
from app.fields import BaseForm, NameField, TextLine
from app.i18n import N_, _
from app.words import word


class SignInForm(BaseForm):
    """Name and password."""

    username = StringField(N_("Tên đăng nhập"), [InputRequired(), Length(max=100)])
    password = PasswordField(N_("Mật khẩu"), [InputRequired()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Here the gate knows nobody yet, so the form alone tells of a lost cookie."""
        fine = bool(super().validate(extra_validators))
        if self.csrf_token.errors:
            self.csrf_token.errors = [word("cookie_lost")]
        return fine


class PasswordForm(BaseForm):
    """Another password for oneself."""

    old = PasswordField(N_("Mật khẩu đang dùng"), [InputRequired()])
    new = PasswordField(N_("Mật khẩu mới"), [InputRequired()])
    again = PasswordField(N_("Nhập lại mật khẩu mới"), [InputRequired()])

    def validate_again(self, field: PasswordField) -> None:
        """Nobody sees what they type here."""
        if field.data != self.new.data:
            raise ValidationError(word("password_again"))


class RolesForm(BaseForm):
    """Roles at one unit; only `offered` ones can be chosen."""

    roles = SelectMultipleField(
        N_("Vai trò"), option_widget=CheckboxInput(), widget=ListWidget(), choices=[]
    )

    def __init__(self, offered: Container[str], **given: Any) -> None:
        super().__init__(**given)
        self.roles.choices = [(role, _(text)) for role, text in NAMES.items() if role in offered]


class AccountForm(RolesForm):
    """A new account at a unit."""

    name = NameField(N_("Họ và tên"), [InputRequired()])
    username = StringField(N_("Tên đăng nhập"), [Optional()])

    def validate_username(self, field: StringField) -> None:
        """An empty one is made from the name."""
        if not rules.username(field.data):
            raise ValidationError(word("username_form"))


class PlaceForm(RolesForm):
    """Another unit for an account, by the unit's code."""

    code = TextLine(N_("Mã đơn vị"), [InputRequired()], most=40)


class ActForm(BaseForm):
    """A button."""
