"""What is asked about people."""

from collections.abc import Callable
from typing import Any, NamedTuple

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Optional, StopValidation
from wtforms.widgets import HiddenInput

from app.fields import (
    BaseForm,
    DayField,
    DocumentNumberField,
    NameField,
    PartialDateField,
    PhoneField,
    TextLine,
    settle_area,
)
from app.i18n import N_, _
from app.people import rules
from app.words import word

MOST_SCANNED = 1000
SEXES = [("M", N_("Nam")), ("F", N_("Nữ"))]
KINDS = [
    ("", N_("Tự nhận biết theo số")), ("CCCD", N_("CCCD / số định danh")), ("CMND", N_("CMND")),
    ("PASSPORT", N_("Hộ chiếu")), ("BHYT", N_("Thẻ BHYT")),
]  # fmt: skip
RELATIONS = [
    ("", ""), ("father", N_("Cha")), ("mother", N_("Mẹ")), ("guardian", N_("Người giám hộ")),
]  # fmt: skip
OTHERS = ("twins", "namesake", "family", "near_number")
ENDINGS = ("replaced", "expired", "lost", "mistyped")


class Lists(NamedTuple):
    """What is looked up while a form is read. country: name → code or ""; communes: what was
    typed → (value, label) pairs; groups, ethnic: (code, name) pairs."""

    country: Callable[[str], str]
    communes: Callable[[str], list[tuple[str, str]]]
    groups: list[tuple[str, str]]
    ethnic: list[tuple[str, str]]


class ScanField(StringField):
    """Whatever a scanner or a person types; its meaning is found out later."""

    def pre_validate(self, form: Any) -> None:
        if len(self.data or "") > MOST_SCANNED:
            raise StopValidation(word("too_long", most=MOST_SCANNED))


def whole(text: str) -> int | None:
    """The number of a row; None for nonsense. Longer ones are in no database."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class SearchForm(BaseForm):
    """One field that takes everything. after: the id of the last person of the page before."""

    what = ScanField(N_("Quét thẻ CCCD, hoặc gõ số giấy tờ, họ tên, năm sinh"), [DataRequired()])
    after = HiddenField()

    @property
    def last_shown(self) -> int | None:
        """The id in `after`; None for the first page and for nonsense."""
        return whole(self.after.data or "")


class ReceiveForm(BaseForm):
    """Take somebody from elsewhere in care: the number that was shown."""

    number = DocumentNumberField(validators=[InputRequired()], widget=HiddenInput())


class AlikeFields:
    """The second look at people who look alike. others: the ids of those who were shown."""

    others = HiddenField()
    why = SelectField(N_("Người khác, vì"), default="")

    def other_people(self) -> frozenset[int]:
        """The look-alikes who were shown and, as was chosen in `why`, are other people."""
        texts = (self.others.data or "").split(",") if self.why.data else []
        return frozenset(number for text in texts[:50] if (number := whole(text)))


class DoubtFields:
    """The second look at what seems wrong."""

    confirmed = BooleanField(N_("Tôi đã xem giấy tờ: thông tin đúng"))
    note = TextLine(N_("Lý do, giấy tờ đã xem"), most=300)

    def validate_confirmed(self, field: Any) -> None:
        """Whoever confirms says why."""
        if field.data and not self.note.data:
            raise ValidationError(word("note_missing"))

    def reason(self) -> str:
        """Why what seems wrong is right; "" when nobody confirmed it."""
        return self.note.data if self.confirmed.data else ""


class ScanFields:
    """`scan` fills the rest of a form and saves nothing."""

    scan = ScanField(N_("Quét thẻ CCCD để điền"))


class IdentityFields:
    """Name, birth date, sex."""

    name = NameField(N_("Họ và tên"), [InputRequired()])
    dob = PartialDateField(N_("Ngày sinh"), [InputRequired()])
    sex = RadioField(N_("Giới tính"), [InputRequired()], choices=SEXES)


class NationalityField:
    """The country, typed by its name; `data` is its code once it was found."""

    nationality = TextLine(N_("Quốc tịch"), [InputRequired()], most=60, default="Việt Nam")

    def validate_nationality(self, field: Any) -> None:
        """A country by its name."""
        field.data = self.lists.country(field.data)  # type: ignore[attr-defined]
        if not field.data:
            raise ValidationError(word("country_unknown"))


class NumberFields:
    """What a person shows to say who they are; a passport is issued by the country of
    `nationality`."""

    kind = SelectField(
        N_("Loại giấy tờ"), choices=[*KINDS, ("NONE", N_("Chưa có giấy tờ"))], default=""
    )
    number = DocumentNumberField(N_("Số giấy tờ"), country="nationality")
    old_number = DocumentNumberField(N_("Số CMND cũ"), [Optional()], kind="CMND")
    bhyt = DocumentNumberField(N_("Số thẻ BHYT"), [Optional()], kind="BHYT")

    def validate_number(self, field: Any) -> None:
        """A number, or the word that there is none."""
        if not field.data and self.kind.data != "NONE":
            raise ValidationError(word("number_or_none"))

    def numbers(self) -> list[rules.Number]:
        """The documents; a person without any gets a temporary code later."""
        kind, country = self.number.kind_found, rules.VIET_NAM
        if kind == "PASSPORT":
            country = self.nationality.data  # type: ignore[attr-defined]
        typed = [
            (kind, self.number.data, country),
            ("CMND", self.old_number.data, rules.VIET_NAM),
            ("BHYT", self.bhyt.data, rules.VIET_NAM),
        ]
        return [rules.Number(k, n, c) for k, n, c in typed if n and k and k != "NONE"]


class DetailFields(NationalityField):
    """Nationality, contact, address, guardian, group."""

    phone = PhoneField(N_("Số điện thoại"), [Optional()])
    address = TextLine(N_("Số nhà, đường, thôn, tổ"), [Optional()], most=200)
    commune = TextLine(N_("Xã, phường"), [Optional()], most=150)
    area = RadioField(N_("Chọn đúng xã, phường"), choices=[], validate_choice=False)
    guardian_name = NameField(N_("Họ tên cha, mẹ hoặc người giám hộ"), [Optional()])
    guardian_relation = SelectField(N_("Quan hệ"), [Optional()], choices=RELATIONS)
    guardian_phone = PhoneField(N_("Số điện thoại của người này"), [Optional()])
    priority_group = SelectField(N_("Nhóm đối tượng"), [Optional()])
    occupation = TextLine(N_("Nghề nghiệp"), [Optional()], most=100)
    workplace = TextLine(N_("Đơn vị công tác"), [Optional()], most=150)

    def validate_commune(self, field: Any) -> None:
        """A commune by its name; several of one name are offered to choose from."""
        settle_area(self.area, self.lists.communes(field.data))  # type: ignore[attr-defined]

    def offer_groups(self) -> None:
        """The priority groups in force."""
        self.priority_group.choices = [("", ""), *self.lists.groups]  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """The answers by the names of the columns."""
        scheme, code = None, None
        if self.commune.data and self.area.data:
            scheme, code = self.area.data.split(":")
        return {
            "nationality": self.nationality.data, "phone": self.phone.data,
            "address": self.address.data, "area_scheme": scheme, "area_code": code,
            "guardian_name": self.guardian_name.data or None,
            "guardian_relation": self.guardian_relation.data or None,
            "guardian_phone": self.guardian_phone.data,
            "priority_group": self.priority_group.data or None,
            "occupation": self.occupation.data, "workplace": self.workplace.data,
        }  # fmt: skip


class RegisterForm(
    AlikeFields, DoubtFields, ScanFields, IdentityFields, NumberFields, DetailFields, BaseForm
):
    """Everything about a new person, in the order of the page."""

    def __init__(self, lists: Lists, **kwargs: Any) -> None:
        self.lists = lists
        super().__init__(**kwargs)
        self.offer_groups()
        self.why.choices = [("", ""), *((code, word(code)) for code in OTHERS)]

    def show(self, **values: Any) -> None:
        """Fill in what a scanner read; what has no value stays as it is."""
        for name, value in values.items():
            if value:
                field = self[name]
                field.data, field.raw_data, field.process_errors = value, None, []


class VersionForm(BaseForm):
    """A change of what a page showed. version: of the person, as it was then."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version as a number; 0, which is always stale, for nonsense."""
        return whole(str(self.version.data)) or 0

    def renew(self, version: int) -> None:
        """The page now shows the newest version."""
        self.version.data, self.version.raw_data = str(version), None


class IdentityForm(IdentityFields, VersionForm):
    """A new version of the identity, with its reason."""

    reason = TextLine(N_("Lý do sửa, giấy tờ đã xem"), [InputRequired()], most=300)
    confirmed = BooleanField(N_("Tôi đã xem giấy tờ: thông tin đúng"))


class DetailsForm(DetailFields, VersionForm):
    """Contact, address, guardian, group; ethnicity is nobody's duty to tell."""

    ethnicity = SelectField(N_("Dân tộc"), [Optional()])
    immunosuppressed = BooleanField(N_("Suy giảm miễn dịch vừa hoặc nặng"))

    def __init__(self, lists: Lists, **kwargs: Any) -> None:
        self.lists = lists
        super().__init__(**kwargs)
        self.offer_groups()
        self.ethnicity.choices = [("", ""), *lists.ethnic]

    def details(self) -> dict[str, Any]:
        """The answers by the names of the columns."""
        own = {"ethnicity": self.ethnicity.data or None}
        return super().details() | own | {"immunosuppressed": self.immunosuppressed.data}


class DocumentForm(NationalityField, DoubtFields, BaseForm):
    """Another number by which the person is known. nationality: who issued a passport."""

    kind = SelectField(N_("Loại giấy tờ"), choices=KINDS, default="")
    number = DocumentNumberField(N_("Số giấy tờ"), [InputRequired()], country="nationality")

    def __init__(self, lists: Lists, **kwargs: Any) -> None:
        self.lists = lists
        super().__init__(**kwargs)
        self.nationality.label.text = _("Nước cấp hộ chiếu")

    def document(self) -> rules.Number:
        """The number that was typed."""
        kind = self.number.kind_found or ""
        country = self.nationality.data if kind == "PASSPORT" else rules.VIET_NAM
        return rules.Number(kind, self.number.data, country)


class EndForm(BaseForm):
    """Why a document no longer holds."""

    why = SelectField(N_("Lý do"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.why.choices = [(code, word(code)) for code in ENDINGS]


class DeceasedForm(VersionForm):
    """The day of death; empty: it was noted by mistake."""

    on = DayField(N_("Ngày mất"), [Optional()])


class VerifyForm(VersionForm):
    """What the police verifier found in the population database."""

    right = RadioField(
        N_("Kết quả đối chiếu với Cơ sở dữ liệu quốc gia về dân cư"), [InputRequired()],
        choices=[("yes", N_("Khớp")), ("no", N_("Sai thông tin"))],
    )  # fmt: skip
    reason = TextLine(N_("Sai ở đâu, ghi chú"), [Optional()], most=300)
