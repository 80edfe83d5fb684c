"""Registering in four steps: for oneself, for a grandmother, with one telephone for a family."""

from datetime import timedelta

import pytest

from app import clock
from app.outbox import OutboxEvent
from app.registrations import rules
from app.registrations.models import Registration
from app.units.models import Unit
from app.vaccines.models import ReferenceVersion
from tests import build

PERSON = {
    "name": "Nguyễn Văn An", "dob": "17/05/1980", "sex": "M", "phone": "0912345678",
    "number": "001080012345", "commune": "Ba Đình, Hà Nội",
}  # fmt: skip
HISTORY = dict.fromkeys(rules.ITEMS, "no")


@pytest.fixture(autouse=True)
def province(app) -> Unit:
    """The province of Hà Nội, and another one."""
    _nation, mine, _site = build.country()
    build.country()
    Unit.update(area_scheme="vn34", area_code="01").where(Unit.id == mine.id).execute()
    return mine


def details(**given: str) -> dict[str, str]:
    wished = (clock.today() + timedelta(7)).strftime("%d/%m/%Y")
    values = {
        "who": "self", "occupation": "Nông dân", "priority_group": "9", "wished_on": wished,
        "half_day": "morning", "dose": "first",
    }  # fmt: skip
    return values | given


def begin(client, **given: str):
    return client.open_page("/dang-ky-tiem").submit(**PERSON | given)


def finish(page, **given: str):
    page = page.submit(**details(**given)).submit(**HISTORY)
    return page.submit(agree="yes")


def only() -> Registration:
    (wish,) = Registration.select()
    return wish


def test_four_steps_send_a_wish(client, province):
    page = begin(client)
    assert page.status == 200 and "1/4" in page.text
    assert rules.grouped(only().code) in page.text
    page = page.submit(**details())
    assert "2/4" in page.text and len(page.css("fieldset")) == 12
    page = page.submit(**HISTORY)
    assert "3/4" in page.text and "PHIẾU ĐỒNG Ý" in page.text
    page = page.submit(agree="yes")
    assert "Đã gửi, chờ duyệt" in page.text
    wish = only()
    assert (wish.state, wish.unit, wish.rank) == ("sent", province, 9)
    assert (wish.area_scheme, wish.area_code) == ("vn34", "00004")
    assert wish.consent_by == "Nguyễn Văn An" and wish.consent_at == wish.sent_at
    assert ReferenceVersion.get_by_id(wish.consent_id).code == "adult"
    assert wish.history == HISTORY and wish.wished_on == clock.today() + timedelta(7)
    event = OutboxEvent.get(OutboxEvent.event == "registration.sent")
    assert event.payload == {"registration": wish.id}


def test_a_grandmother_of_whom_only_the_year_is_known(client):
    page = begin(client, name="Lò Thị Mẩy", dob="1938", sex="F", number="")
    relative = {"who": "other", "by_name": "Lò Văn Pá", "relation": "cháu"}
    assert "Đã lưu. Mã đặt tiêm" in page.text
    wrong = page.submit(**details(**relative))
    assert wrong.status == 422 and "Mục này chưa điền." in wrong.text
    assert "Đã lưu" not in wrong.text and rules.grouped(only().code) in wrong.text
    finish(page, **relative, by_phone="0987654321")
    wish = only()
    assert (wish.state, wish.dob_year, wish.dob_month, wish.number) == ("sent", 1938, None, "")
    assert (wish.by_name, wish.relation, wish.by_phone) == ("Lò Văn Pá", "cháu", "0987654321")
    assert wish.consent_by == "Lò Văn Pá"


def test_a_child_is_registered_by_somebody_else_with_the_sheet_for_children(client):
    page = begin(client, dob="17/05/2015", number="")
    wrong = page.submit(**details())
    assert wrong.status == 422 and "Chưa đủ 18 tuổi" in wrong.text
    finish(page, who="other", by_name="Nguyễn Văn Cha", relation="cha", by_phone="0912345678")
    assert ReferenceVersion.get_by_id(only().consent_id).code == "child"


def test_a_family_shares_a_telephone(client):
    finish(begin(client))
    finish(begin(client, name="Nguyễn Thị Bình", sex="F", number="001180012345"))
    assert [wish.state for wish in Registration.select()] == ["sent", "sent"]


@pytest.mark.parametrize("other", [{}, {"number": ""}, {"name": "Nguyễn Văn Ân"}])
def test_who_registers_again_is_led_to_the_first_one(client, other):
    finish(begin(client))
    page = begin(client, **other)
    assert page.status == 422 and "đã có đăng ký" in page.text
    assert only().code not in page.text.replace(" ", "")


@pytest.mark.parametrize("other", [{"phone": "0912345679"}, {"dob": "18/05/1980"}])
def test_a_stranger_with_the_number_learns_nothing_but_the_province_sees_it(client, other):
    finish(begin(client))
    first = only()
    page = finish(begin(client, **other))
    assert "Đã gửi, chờ duyệt" in page.text
    assert Registration.get(Registration.id != first.id).twin == first


def test_a_lost_draft_is_begun_again(client):
    begin(client)
    begin(client)
    assert [row.state for row in Registration.select().order_by(Registration.id)] == [
        "withdrawn", "draft",
    ]  # fmt: skip


def test_pressed_twice_it_is_one(client):
    form = client.open_page("/dang-ky-tiem")
    first, again = form.submit(**PERSON), form.submit(**PERSON)
    code = rules.grouped(only().code)
    assert code in first.text and code in again.text
    sheet = first.submit(**details()).submit(**HISTORY)
    sheet.submit(agree="yes")
    again = sheet.submit(agree="yes")
    assert again.status == 200 and "Đã gửi, chờ duyệt" in again.text
    assert OutboxEvent.select().where(OutboxEvent.event == "registration.sent").count() == 1


def test_a_lost_line_loses_nothing(client, app):
    begin(client).submit(**details())
    known = {"code": rules.grouped(only().code), "phone": "0912 345 678", "year": "1980"}
    page = app.test_client().open_page("/ket-qua-dang-ky").submit(**known)
    assert "2/4" in page.text
    page.submit(**HISTORY).submit(agree="yes")
    assert only().state == "sent" and only().occupation == "Nông dân"


def test_every_step_can_be_reached_again_with_what_was_answered(client):
    relative = {"who": "other", "by_name": "Lò Văn Pá", "relation": "cháu", "dose": "next"}
    more = {"by_phone": "0987654321", "vaccine": "AstraZeneca", "given_on": "01/09/2021"}
    page = begin(client).submit(**details(**relative, **more))
    page = page.form("acute").submit(button="1", **HISTORY | {"acute": "yes"})
    values = page.form("occupation").values
    assert page.status == 200 and values["occupation"] == ["Nông dân"]
    assert {name: values[name] for name in (*relative, *more)} == {
        name: [value] for name, value in (relative | more | {"by_name": "Lò Văn Pá"}).items()
    }
    page = page.submit(occupation="Giáo viên")
    assert "PHIẾU ĐỒNG Ý" in page.text and only().occupation == "Giáo viên"
    page = page.form("agree").submit(button="1")
    assert page.form("acute").values["acute"] == ["yes"]
    page.submit(acute="no").submit(agree="yes")
    assert (only().state, only().history["acute"]) == ("sent", "no")


def test_one_who_goes_back_unfinished_loses_no_answer(client):
    page = begin(client).submit(**details())
    page = page.form("acute").submit(button="1", acute="yes", covid="oh")
    assert page.form("occupation") and only().history == {"acute": "yes"}
    page = page.submit()
    assert "2/4" in page.text and page.form("acute").values["acute"] == ["yes"]


def test_who_it_is_can_be_corrected_until_it_is_sent(client):
    page = begin(client).submit(**details(occupation="", workplace="Xã Ea Tar"))
    page = page.form("workplace").submit(button="1", workplace="Xã Ea Tar", wished_on="mai")
    assert "1/4" in page.text and only().workplace == "Xã Ea Tar"
    values = page.form("name").values
    assert (values["dob"], values["phone"], values["number"]) == (
        ["17/05/1980"], ["0912345678"], [""],
    )  # fmt: skip
    assert PERSON["number"] not in page.body
    wrong = page.submit(name="", dob="17/05/1981")
    assert wrong.status == 422 and only().name == PERSON["name"]
    page = page.submit(name="Nguyễn Văn Ân", dob="17/05/1981", phone="0987654321")
    assert page.form("workplace").values["workplace"] == ["Xã Ea Tar"]
    wish = only()
    assert (wish.name, wish.folded, wish.dob_year) == ("Nguyễn Văn Ân", "nguyen van an", 1981)
    assert (wish.phone, wish.number, wish.kind) == ("0987654321", PERSON["number"], "CCCD")
    finish(page)
    assert only().state == "sent" and only().consent_by == "Nguyễn Văn Ân"


def test_a_correction_moves_the_wish_to_the_right_province(client):
    _nation, other, _site = build.country()
    Unit.update(area_scheme="vn34", area_code="79").where(Unit.id == other.id).execute()
    page = begin(client).form("occupation").submit(button="1")
    page.submit(commune="Phường Sài Gòn, Hồ Chí Minh", number="079080012345")
    assert (only().unit, only().number) == (other, "079080012345")


def test_a_correction_finds_the_wish_that_is_under_way(client):
    finish(begin(client))
    page = begin(client, name="Trần Văn Bê", number="").form("occupation").submit(button="1")
    page = page.submit(name=PERSON["name"])
    assert page.status == 422 and "đã có đăng ký" in page.text
    assert Registration.get(Registration.state == "draft").name == "Trần Văn Bê"


def test_corrections_are_counted_like_beginnings(client, monkeypatch):
    from app.verification import rules as limits

    monkeypatch.setattr(limits, "REGISTER", (limits.REGISTER[0]._replace(most=1),))
    page = begin(client).form("occupation").submit(button="1").submit(name="Nguyễn Văn Ân")
    assert page.status == 429 and only().name == PERSON["name"]


def test_a_birth_date_corrected_to_that_of_a_child_needs_an_adult(client):
    page = begin(client).submit(**details()).form("acute").submit(button="1", **HISTORY)
    page = page.form("occupation").submit(button="1").submit(dob="17/05/2015", number="")
    assert "2/4" not in page.text and page.form("occupation")
    known = {"code": only().code, "phone": PERSON["phone"], "year": "2015"}
    page = client.open_page("/ket-qua-dang-ky").submit(**known).submit(agree="yes")
    assert page.status == 422 and "Chưa đủ 18 tuổi" in page.text and only().state == "draft"


def test_an_allergy_is_named(client):
    page = begin(client).submit(**details())
    wrong = page.submit(**HISTORY | {"allergy": "yes"})
    assert wrong.status == 422 and "Hãy ghi rõ dị ứng với gì" in wrong.text
    assert "3/4" in wrong.submit(allergen="tôm").text
    assert only().history["allergen"] == "tôm"


def test_what_is_wrong_and_what_is_unknown_look_alike(client):
    finish(begin(client))
    code = only().code
    right = {"code": code, "phone": "0912345678", "year": "1980"}
    assert "Đã gửi" in client.open_page("/ket-qua-dang-ky").submit(**right).text
    told = set()
    for wrong in (
        {"phone": "0912345679"},
        {"year": "1981"},
        {"code": rules.code((int(code[:-1]) + 1) % rules.CODES)},
    ):
        page = client.open_page("/ket-qua-dang-ky").submit(**right | wrong)
        assert "Nguyễn" not in page.text
        told.add((page.status, page.css("[role=alert]")[0].text_content()))
    assert len(told) == 1 and "Không tìm thấy" in told.pop()[1]


def test_five_guesses_at_a_code_are_enough(client):
    finish(begin(client))
    wrong = {"code": only().code, "phone": "0912345678", "year": "1981"}
    pages = [client.open_page("/ket-qua-dang-ky").submit(**wrong) for _ in range(6)]
    assert [page.status for page in pages] == [200] * 5 + [429]


def test_a_telephone_registers_sixty_a_day(client, monkeypatch):
    from app.verification import rules as limits

    few = (limits.REGISTER[0]._replace(most=2), limits.REGISTER[1])
    monkeypatch.setattr(limits, "REGISTER", few)
    names = ["Nguyễn Văn Ba", "Nguyễn Văn Bốn", "Nguyễn Văn Năm"]
    pages = [begin(client, name=name, number="") for name in names]
    assert [page.status for page in pages] == [200, 200, 429]
    assert pages[2].response.headers["Retry-After"] and Registration.select().count() == 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": ""}, "Mục này chưa điền."),
        ({"dob": "31/02/1980"}, "Ngày sinh"),
        ({"phone": "123"}, "Số điện thoại"),
        ({"number": "12"}, "Số CMND/CCCD/HC"),
        ({"commune": "Không Đâu Cả"}, "Không tìm thấy xã, phường này"),
        ({"country": "Atlantis"}, "Không có nước này"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client, given, told):
    page = begin(client, **given)
    assert page.status == 422 and told in page.css("[role=alert]")[0].text_content()
    assert page.css("[name=name]")[0].get("value") == (PERSON | given)["name"] or "name" in given
    assert not Registration.select().exists()


@pytest.mark.parametrize("given", [{"wished_on": "01/01/2020"}, {"occupation": ""}])
def test_a_step_that_is_wrong_keeps_nothing(client, given):
    page = begin(client).submit(**details(**given))
    assert page.status == 422 and only().occupation == ""


def test_without_consent_nothing_is_sent(client):
    page = begin(client).submit(**details()).submit(**HISTORY).submit(agree="no")
    assert page.status == 422 and "Không đồng ý thì không gửi" in page.text
    assert only().state == "draft"


def test_a_step_cannot_be_left_out(client):
    page = begin(client)
    mark = page.css("[name=mark]")[0].get("value")
    sent = {"mark": mark, "step": "consent", "agree": "yes", "signer": "Nguyễn Văn An"}
    page = client.send("/dang-ky-tiem", sent, status=422)
    assert "còn bước chưa khai" in page.text and only().state == "draft"


@pytest.mark.parametrize("mark", ["", "x", "1.abc.def"])
def test_a_mark_of_ones_own_making_opens_nothing(client, mark):
    begin(client)
    page = client.send("/dang-ky-tiem", {"mark": mark, "step": "history", **HISTORY}, status=422)
    assert "mở lại đăng ký bằng mã" in page.text and only().history == {}
