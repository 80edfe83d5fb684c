"""What a citizen is asked who wishes to be vaccinated, step by step; each step is kept at once."""

from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired, Optional

from app import clock
from app.fields import (
    BaseForm,
    DayField,
    DocumentNumberField,
    NameField,
    PartialDateField,
    PhoneField,
    PublicForm,
    RuleField,
    TextLine,
)
from app.i18n import N_
from app.people import rules as people
from app.people.models import communes, country
from app.registrations import rules
from app.vaccines.models import group_names
from app.words import word

SEXES = [("M", N_("Nam")), ("F", N_("Nữ"))]
WHO = [("self", N_("Đăng ký bản thân")), ("other", N_("Đăng ký cho người thân"))]
DOSES = [("first", N_("Mũi tiêm thứ nhất")), ("next", N_("Mũi tiêm tiếp theo"))]
ANSWERS = [("yes", N_("Có")), ("no", N_("Không")), ("unknown", N_("Không rõ"))]
LAST_DOSE = {"vaccine": 100, "lot": 40, "place": 150, "reaction": 200}


class CountryField(RuleField):
    """A country by its name; `data` is its code."""

    def read(self, text: str) -> str:
        code = country(text)
        if not code:
            raise people.Unfit("country_unknown")
        return code


class CodeField(RuleField):
    """The normal code of a wish."""

    def read(self, text: str) -> str:
        code = rules.normal(text)
        if not code:
            raise people.Unfit("wish_code")
        return code


class YearField(RuleField):
    """The year of birth."""

    def read(self, text: str) -> int:
        return people.parse_date(text, clock.today()).year


class PersonForm(BaseForm):
    """Who is to be vaccinated. Its key makes one draft of it, however often it arrives."""

    class Meta(BaseForm.Meta):
        csrf = False

    name = NameField(N_("Họ và tên"), [InputRequired()])
    dob = PartialDateField(N_("Ngày sinh"), [InputRequired()])
    sex = RadioField(N_("Giới tính"), [InputRequired()], choices=SEXES)
    phone = PhoneField(N_("Số điện thoại"), [InputRequired()])
    country = CountryField(N_("Quốc tịch"), [InputRequired()], default="Việt Nam")
    number = DocumentNumberField(N_("Số CMND/CCCD/HC"), [Optional()])
    commune = TextLine(N_("Xã/Phường, Tỉnh/Thành phố"), [InputRequired()], most=150)
    area = RadioField(N_("Chọn đúng xã, phường"), choices=[], validate_choice=False)

    def validate_commune(self, field: Any) -> None:
        """A commune by its name of today or of before; several of one name are offered."""
        found = communes(field.data)
        chosen = self.area.data in dict(found)
        self.area.choices = found if len(found) > 1 else []
        if not chosen:
            self.area.data = found[0][0] if len(found) == 1 else None
        if not self.area.data:
            raise ValidationError(word("commune_several" if found else "commune_unknown"))

    def given(self) -> dict[str, Any]:
        """The answers by the names of the columns."""
        scheme, code = self.area.data.split(":")
        born = self.dob.data
        return {
            "name": self.name.data, "sex": self.sex.data, "dob_year": born.year,
            "dob_month": born.month, "dob_day": born.day, "phone": self.phone.data,
            "nationality": self.country.data, "number": self.number.data or "",
            "kind": self.number.kind_found if self.number.data else "",
            "area_scheme": scheme, "area_code": code,
        }  # fmt: skip


class PersonAgainForm(PersonForm):
    """The first step again. The number of the document is not shown to whoever opened the wish:
    left out, it stays. mark, step: see StepForm."""

    key = None
    mark = HiddenField()
    step = HiddenField()

    def given(self) -> dict[str, Any]:
        """The answers by the names of the columns."""
        found = super().given()
        kept = () if self.number.data else ("number", "kind")
        return {name: value for name, value in found.items() if name not in kept}


class StepForm(PublicForm):
    """A later step. mark: which draft; step: which of the forms this is."""

    mark = HiddenField()
    step = HiddenField()


class DetailsForm(StepForm):
    """The rest about the person, who registers, and what is wished."""

    who = RadioField(N_("Người đăng ký"), [InputRequired()], choices=WHO)
    by_name = NameField(N_("Họ tên người đăng ký"), [Optional()])
    relation = TextLine(N_("Quan hệ"), [Optional()], most=50)
    by_phone = PhoneField(N_("Số điện thoại người đăng ký"), [Optional()])
    bhyt = DocumentNumberField(N_("Số thẻ BHYT"), [Optional()], kind="BHYT")
    occupation = TextLine(N_("Nghề nghiệp"), [InputRequired()], most=100)
    workplace = TextLine(N_("Đơn vị công tác"), [Optional()], most=150)
    address = TextLine(N_("Địa chỉ hiện tại"), [Optional()], most=200)
    priority_group = SelectField(N_("Nhóm ưu tiên"), [InputRequired()])
    wished_on = DayField(N_("Ngày muốn được tiêm (dự kiến)"), [InputRequired()], future=True)
    half_day = SelectField(N_("Buổi tiêm mong muốn"))
    dose = RadioField(N_("Đăng kí mũi tiêm thứ"), [InputRequired()], choices=DOSES)
    vaccine = TextLine(N_("Tên vắc xin"), [Optional()], most=LAST_DOSE["vaccine"])
    given_on = DayField(N_("Ngày tiêm"), [Optional()])
    lot = TextLine(N_("Số lô"), [Optional()], most=LAST_DOSE["lot"])
    place = TextLine(N_("Địa điểm tiêm"), [Optional()], most=LAST_DOSE["place"])
    reaction = TextLine(N_("Phản ứng sau tiêm chủng"), [Optional()], most=LAST_DOSE["reaction"])

    def __init__(self, born: people.PartialDate, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.born = born
        self.priority_group.choices = [("", ""), *group_names().items()]
        self.half_day.choices = [(code, word(code)) for code in rules.HALF_DAYS]

    def validate_who(self, field: Any) -> None:
        """For a child it is somebody else; who they are is needed then."""
        if field.data == "self" and self.born.age_range(clock.today())[1] < rules.OF_AGE:
            raise ValidationError(word("wish_child"))

    def validate(self, extra_validators: Any = None) -> bool:
        """For a relative, who registers is needed too."""
        good = super().validate(extra_validators)
        for field in (self.by_name, self.relation, self.by_phone):
            if self.who.data == "other" and not field.data and not field.errors:
                field.errors, good = [word("required")], False
        return good

    def validate_wished_on(self, field: Any) -> None:
        """A day from today on, within a year."""
        if not 0 <= (field.data - clock.today()).days <= rules.AHEAD:
            raise ValidationError(word("wish_day"))

    def given(self) -> dict[str, Any]:
        """The answers by the names of the columns."""
        other = self.who.data == "other"
        last = {name: self[name].data for name in LAST_DOSE if self[name].data}
        if self.given_on.data:
            last["given_on"] = self.given_on.data.isoformat()
        return {
            "relation": self.relation.data if other else "self",
            "by_name": self.by_name.data if other else "",
            "by_phone": (self.by_phone.data or "") if other else "",
            "bhyt": self.bhyt.data or "", "occupation": self.occupation.data,
            "workplace": self.workplace.data, "address": self.address.data,
            "priority_group": self.priority_group.data, "wished_on": self.wished_on.data,
            "half_day": self.half_day.data,
            "last_dose": {"dose": "next"} | last if self.dose.data == "next" else {},
        }  # fmt: skip

    def right(self) -> dict[str, Any]:
        """The answers that are right, of a form that is not finished."""
        last_dose = any(self[name].errors for name in (*LAST_DOSE, "given_on"))
        wrong = {*self.errors, *(["last_dose"] if last_dose else [])}
        return {name: value for name, value in self.given().items() if name not in wrong}


def details_again(relation: str, last: dict[str, str]) -> dict[str, Any]:
    """What DetailsForm.given made of who registers and of the dose before, as it was answered."""
    who = {"who": "self"} if relation == "self" else {"who": "other", "relation": relation}
    day = {"given_on": date.fromisoformat(last["given_on"])} if "given_on" in last else {}
    return who | last | day | {"dose": "next" if last else "first"}


class HistoryForm(StepForm):
    """The twelve questions, in the words of words.py; the last asks what exactly."""

    allergen = TextLine(N_("Dị nguyên (ghi rõ)"), [Optional()], most=200)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for item in rules.ITEMS:
            self[item].label.text = word(f"past_{item}")

    def validate_allergy(self, field: Any) -> None:
        """The form of the portal says: ghi rõ."""
        if field.data == "yes" and not self.allergen.data:
            raise ValidationError(word("wish_allergen"))

    def questions(self) -> list[Any]:
        """The fields of the questions."""
        return [self[item] for item in rules.ITEMS]

    def given(self) -> dict[str, Any]:
        """The answers, as far as they are right, by the names of the columns."""
        asked = (*rules.ITEMS, "allergen")
        good = (self[name] for name in asked if self[name].data and not self[name].errors)
        return {"history": {field.name: field.data for field in good}}

    right = given


for _item in rules.ITEMS:
    setattr(HistoryForm, _item, RadioField("", [InputRequired()], choices=ANSWERS))


class ConsentForm(StepForm):
    """The consent, and who gives it."""

    agree = RadioField(N_("Phiếu đồng ý tiêm"), [InputRequired()], validate_choice=False)
    signer = NameField(N_("Họ tên người đồng ý"), [InputRequired()])

    def validate_agree(self, field: Any) -> None:
        """Without consent nothing is sent."""
        if field.data != "yes":
            raise ValidationError(word("wish_consent"))


class PhoneForm(StepForm):
    """The code that was sent to the telephone."""

    code = TextLine(N_("Mã trong tin nhắn"), most=20)

    @property
    def typed(self) -> str:
        """The digits of the code."""
        return "".join(sign for sign in self.code.data or "" if sign.isdecimal())


class OpenForm(PublicForm):
    """What only who registered knows together."""

    code = CodeField(N_("Mã đặt tiêm"), [InputRequired()])
    phone = PhoneField(N_("Số điện thoại"), [InputRequired()])
    year = YearField(N_("Năm sinh"), [InputRequired()])
