"""What is asked while a list is taken in."""

from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app import clock
from app.amendments.rules import PROOFS
from app.fields import BaseForm, DayField, NameField, PhoneField, TextLine, settle_area
from app.i18n import N_
from app.people.models import communes
from app.registrations import rules as wishes
from app.vaccines.models import catalogue_on
from app.words import word

LONGEST_PASTE = 400_000


class UploadForm(BaseForm):
    """A file with a list."""

    file = FileField(N_("Tệp danh sách"))

    def validate_file(self, field: Any) -> None:
        """Some file was chosen; what is in it is found out later."""
        if not field.data or not field.data.filename:
            raise ValidationError(word("file_missing"))

    def taken(self) -> bytes:
        """What the file holds. The place where it lay meanwhile is given back at once."""
        with self.file.data.stream as stream:
            data: bytes = stream.read()
        return data


class PastForm(UploadForm):
    """A list of doses, and what papers it was made from."""

    proof = SelectField(N_("Giấy tờ chứng minh"))
    evidence = TextLine(N_("Số, mã, nơi giữ giấy tờ đó"), [InputRequired()], most=200)
    reason = TextLine(N_("Ghi rõ"), [Optional()], most=150)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.proof.choices = [(code, word(code)) for code in PROOFS]


class OrganisationForm(UploadForm):
    """A list by which an organisation registers its people: a file, or rows that are pasted; and
    what holds for all of them."""

    text = TextAreaField(
        N_("Hoặc dán bảng từ Excel vào đây"), [Optional(), Length(max=LONGEST_PASTE)]
    )
    name = TextLine(N_("Tên cơ quan, tổ chức"), [InputRequired()], most=150)
    contact = NameField(N_("Người liên hệ"), [InputRequired()])
    phone = PhoneField(N_("Số điện thoại liên hệ"), [InputRequired()])
    address = TextLine(N_("Địa chỉ"), [Optional()], most=200)
    commune = TextLine(N_("Xã/Phường, Tỉnh/Thành phố"), [InputRequired()], most=150)
    area = RadioField(N_("Chọn đúng xã, phường"), choices=[], validate_choice=False)
    priority_group = SelectField(N_("Nhóm ưu tiên"), [InputRequired()])
    wished_on = DayField(N_("Ngày muốn được tiêm (dự kiến)"), [InputRequired()], future=True)
    half_day = SelectField(N_("Buổi tiêm mong muốn"), default="day")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.priority_group.choices = [("", "")] + [
            (group.code, f"{group.code}. {group.short}")
            for group in catalogue_on(clock.today()).groups
        ]
        self.half_day.choices = [(code, word(code)) for code in wishes.HALF_DAYS]

    def validate_file(self, field: Any) -> None:
        """Either a file or pasted rows."""
        if not (field.data and field.data.filename) and not (self.text.data or "").strip():
            raise ValidationError(word("file_missing"))

    def validate_commune(self, field: Any) -> None:
        """A commune by its name of today or of before; several of one name are offered."""
        settle_area(self.area, communes(field.data))

    def validate_wished_on(self, field: Any) -> None:
        """A day from today on, within a year."""
        if not 0 <= (field.data - clock.today()).days <= wishes.AHEAD:
            raise ValidationError(word("wish_day"))

    def taken(self) -> bytes:
        """The file; without one what was pasted."""
        chosen = self.file.data and self.file.data.filename
        return super().taken() if chosen else (self.text.data or "").encode(errors="replace")

    def sender(self) -> dict[str, Any]:
        """The organisation and what holds for all."""
        scheme, _, code = self.area.data.partition(":")
        names = ("name", "contact", "phone", "priority_group", "wished_on", "half_day")
        given = {name: self[name].data for name in names}
        return given | {
            "address": self.address.data or "", "area_scheme": scheme, "area_code": code
        }  # fmt: skip


class PasteForm(BaseForm):
    """Numbers of people, each on a line of its own."""

    text = TextAreaField(
        N_("Số CCCD/CMND/hộ chiếu, mỗi người một dòng"),
        validators=[InputRequired(), Length(max=LONGEST_PASTE)],
    )


class StepForm(BaseForm):
    """Go on, write, take back, or give up."""


class AcceptForm(BaseForm):
    """Rows whose proposed texts are taken, or that are right although they look strange."""

    # Which of them still wait for it is asked under the lock.
    rows = SelectMultipleField(coerce=int, choices=[], validate_choice=False)


class DecideForm(BaseForm):
    """What the clerk decided about rows: fields "r<row id>" (see actions.decide)."""

    why = TextLine(N_("Lý do, giấy tờ đã xem (khi xác nhận dòng cần xem lại)"), most=200)

    @property
    def decisions(self) -> dict[int, str]:
        """Row id → decision, where one was taken."""
        return {
            int(name[1:]): value
            for name, value in request.form.items()
            if name[:1] == "r" and name[1:].isascii() and name[1:].isdecimal() and len(name) < 11
            and value
        }  # fmt: skip
