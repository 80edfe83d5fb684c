"""What is asked of somebody who wants their paper and may come from anywhere."""

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from app.fields import BaseForm, PartialDateField, TextLine
from app.i18n import N_

LONGEST_SCAN = 1000


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
