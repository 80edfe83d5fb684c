"""What an officer asks of the wishes, and does with them."""

from typing import Any

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import Optional

from app.fields import BaseForm, TextLine
from app.i18n import N_


class DecideForm(BaseForm):
    """Which of those shown, where to, and why not."""

    # Who of them may still be decided upon is asked under the lock.
    ids = SelectMultipleField(N_("Người"), coerce=int, choices=[], validate_choice=False)
    site = SelectField(N_("Cơ sở tiêm"), [Optional()], choices=[])
    reason = TextLine(N_("Lý do không duyệt"), [Optional()], most=200)

    def offer(self, sites: list[tuple[str, str]]) -> None:
        """Where people may be sent."""
        self.site.choices = [("", ""), *sites]

    @property
    def site_id(self) -> int | None:
        """The site that was chosen."""
        chosen: Any = self.site.data
        return int(chosen) if chosen else None
