"""What is asked for signing in and for passwords."""

from typing import Any

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.fields import BaseForm
from app.i18n import N_
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
