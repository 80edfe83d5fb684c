"""What an administrator presses."""

from wtforms import StringField

from app.fields import BaseForm


class AgainForm(BaseForm):
    """The button beside a message that did not arrive."""

    again = StringField()
