"""Changing the identity, the details, the death; the police verifier."""

from datetime import date

import pytest

from app import clock
from app.people.models import IdentityVersion, Person
from tests import build

NUMBER = "001080000017"
BAD = ["\x00a", "a\x07", "\u202ea", "😀", "\ufffe", "n" * 600, "ế" * 100_000]


@pytest.fixture
def person(station):
    return build.person(station, NUMBER, name="NGUYỄN VĂN AN")


@pytest.fixture
def police(app, station):
    """Another browser, of the police verifier."""
    return build.sign_in(app.test_client(), build.user(station, "police"))


def now(person) -> Person:
    return Person.get_by_id(person.id)


def opened(client, person, part):
    return client.open_page(f"/people/{person.id}/{part}", 200)


def test_a_name_is_corrected_with_a_reason(desk, person):
    page = opened(desk, person, "identity").submit(name="NGUYỄN VĂN ÂN", reason="Thẻ mới")
    assert page.url == f"/people/{person.id}" and now(person).name == "NGUYỄN VĂN ÂN"
    assert now(person).folded == "nguyen van an"
    assert IdentityVersion.select().where(IdentityVersion.person == person).count() == 2


def test_no_identity_changes_without_a_reason(desk, person):
    page = opened(desk, person, "identity").submit(name="NGUYỄN VĂN ÂN", reason=" ")
    assert page.status == 422 and page.css("#reason[aria-invalid]")
    assert page.form("name").values["name"] == ["NGUYỄN VĂN ÂN"]
    assert now(person).name == "NGUYỄN VĂN AN"


def test_what_disagrees_with_the_number_is_confirmed_first(desk, person):
    page = opened(desk, person, "identity").submit(sex="F", reason="Giấy khai sinh")
    assert page.status == 422 and "Giới tính khác với số CCCD." in page.text
    page = page.submit(confirmed="y")
    assert page.status == 200 and now(person).sex == "F"
    assert now(person).identity_note == "Giấy khai sinh"


def test_a_stale_page_is_refused_with_both_versions_shown(app, desk, station, person):
    mine = opened(desk, person, "identity")
    other = build.sign_in(app.test_client(), build.user(station))
    opened(other, person, "identity").submit(name="NGUYỄN VĂN ÁN", reason="Thẻ")
    page = mine.submit(name="NGUYỄN VĂN ÂN", reason="Khai sinh")
    assert page.status == 422 and now(person).name == "NGUYỄN VĂN ÁN"
    assert "người khác sửa" in page.text and "NGUYỄN VĂN ÁN" in page.text
    assert page.form("name").values["name"] == ["NGUYỄN VĂN ÂN"], "what was typed is kept"
    page.submit("name")
    assert now(person).name == "NGUYỄN VĂN ÂN", "after a look at both it is saved"


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "99999999999999999999"])
@pytest.mark.parametrize("part", ["identity", "details", "deceased"])
def test_a_page_without_a_right_version_is_stale(desk, person, part, version):
    form = opened(desk, person, part).form("version")
    sent = {**form.values, "version": [version], "reason": ["Sửa"], "phone": ["0912345678"]}
    page = desk.send(f"/people/{person.id}/{part}", sent)
    assert page.status == 422 and "người khác sửa" in page.text
    assert now(person).version == 1


@pytest.mark.parametrize("bad", range(len(BAD)))
def test_bad_text_is_refused_at_its_field_and_kept(desk, person, bad):
    parts = {
        "identity": ("name", "dob", "reason"),
        "details": ("phone", "address", "commune", "nationality", "occupation", "workplace",
                    "guardian_name", "guardian_phone"),
        "deceased": ("on",),
    }  # fmt: skip
    for part, fields in parts.items():
        page = opened(desk, person, part)
        for field in fields:
            answer = page.submit(field, **{field: BAD[bad]})
            assert answer.status == 422 and answer.css(f"#{field}[aria-invalid]"), field
            assert BAD[bad] in answer.body, field
    assert now(person).version == 1


def test_details_are_saved_and_shown_again(desk, person):
    page = opened(desk, person, "details").submit(
        phone="0912 345 678", commune="Ba Đình, Hà Nội", address="Tổ 5", ethnicity="08",
        priority_group="9", occupation="Nông dân", workplace="HTX", nationality="Lào",
        guardian_name="Lê Thị Mẹ", guardian_relation="mother", immunosuppressed="y",
    )  # fmt: skip
    assert page.status == 200 and "Hmông" in page.text
    known = now(person)
    assert (known.phone, known.area_code, known.ethnicity) == ("0912345678", "00004", "08")
    assert (known.nationality, known.immunosuppressed) == ("LA", True)
    values = opened(desk, person, "details").form("phone").values
    assert values["commune"] == ["Phường Ba Đình, Thành phố Hà Nội"]
    assert values["nationality"] == ["Lào"] and values["immunosuppressed"] == ["y"]
    opened(desk, person, "details").submit(phone="", commune="")
    assert (now(person).phone, now(person).area_code, now(person).address) == (None, None, "Tổ 5")


def test_one_telephone_may_serve_a_family(desk, station, person):
    """Feature 76: the record is not keyed on the telephone."""
    other = build.person(station, phone="0912345678")
    opened(desk, person, "details").submit(phone="0912345678")
    assert now(person).phone == now(other).phone == "0912345678"


def test_stale_details_show_the_newest(app, desk, station, person):
    mine = opened(desk, person, "details")
    opened(desk, person, "details").submit(phone="0987654321", occupation="Thợ")
    page = mine.submit(phone="0912345678")
    assert page.status == 422 and "0987654321" in page.text and "Thợ" in page.text
    assert page.form("phone").values["phone"] == ["0912345678"]


def test_a_death_blocks_and_can_be_taken_back(desk, person):
    page = opened(desk, person, "deceased").submit(on="31/01/2026")
    assert "Đã mất ngày 31/01/2026" in page.text and now(person).deceased_on == date(2026, 1, 31)
    assert opened(desk, person, "deceased").form("on").values["on"] == ["31/01/2026"]
    opened(desk, person, "deceased").submit(on="")
    assert now(person).deceased_on is None


@pytest.mark.parametrize(
    ("on", "words"),
    [("1979", "đủ ngày"), ("01/01/1979", "trước ngày sinh"), ("31/02/2020", "không có trong lịch"),
     ("01/01/2090", "chưa tới"), ("x", "Nhập ngày dạng")],
)  # fmt: skip
def test_an_impossible_day_of_death_is_refused(desk, person, on, words):
    page = opened(desk, person, "deceased").submit(on=on)
    assert page.status == 422 and page.css("#on[aria-invalid]")
    assert words in " ".join(page.errors()) and now(person).deceased_on is None


def test_the_police_verifier_confirms_an_identity(police, desk, person):
    page = opened(police, person, "verify")
    assert NUMBER in page.text
    page = page.submit(right="yes")
    assert "Đã đối chiếu, khớp" in page.text
    assert (now(person).identity_state, now(person).version) == ("verified", 2)
    assert "phải đối chiếu lại" in opened(desk, person, "identity").text


def test_a_mismatch_says_where(police, person):
    page = opened(police, person, "verify").submit(right="no", reason="")
    assert page.status == 422 and page.css("#reason[aria-invalid]")
    page = page.submit(right="no", reason="Sai năm sinh")
    assert "sai thông tin" in page.text and "Sai năm sinh" in page.text
    assert now(person).identity_state == "mismatch"


def test_what_changed_since_the_verifier_looked_is_shown_before_confirming(police, desk, person):
    page = opened(police, person, "verify")
    opened(desk, person, "identity").submit(name="NGUYỄN VĂN ÂN", reason="Thẻ mới")
    page = page.submit(right="yes")
    assert page.status == 422 and "NGUYỄN VĂN ÂN" in page.text
    assert now(person).identity_state == "unverified"


def test_verifying_without_an_answer_is_refused(police, person):
    page = opened(police, person, "verify").submit("right")
    assert page.status == 422 and now(person).identity_state == "unverified"


@pytest.mark.parametrize("part", ["identity", "details", "documents", "deceased"])
@pytest.mark.parametrize("role", ["police", "observer", "province"])
def test_who_may_not_edit_is_refused(client, station, person, part, role):
    build.sign_in(client, build.user(station, role))
    assert client.open_page(f"/people/{person.id}/{part}").status == 403


@pytest.mark.parametrize("role", ["reception", "site_head", "screener"])
def test_only_the_police_verify(client, station, person, role):
    build.sign_in(client, build.user(station, role))
    assert client.open_page(f"/people/{person.id}/verify").status == 403


def test_the_same_change_sent_twice_is_one_version(desk, person):
    form = opened(desk, person, "identity").form("name")
    for _ in range(2):
        page = form.submit(name="NGUYỄN VĂN ÂN", reason="Thẻ mới")
        assert page.url == f"/people/{person.id}"
    assert now(person).version == 2


def test_who_died_today_is_dead_today(desk, person):
    opened(desk, person, "deceased").submit(on=clock.today().strftime("%d/%m/%Y"))
    assert now(person).deceased_on == clock.today()
