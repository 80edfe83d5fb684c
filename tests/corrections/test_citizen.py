"""A citizen says what is wrong, and follows it."""

from datetime import date

import pytest

from app import clock
from app.audit import AuditEntry
from app.corrections.models import Ticket, TicketEvent
from app.outbox import OutboxEvent
from app.units.models import Unit
from tests import build
from tests.corrections.conftest import PHONE, at, filed, looked_up


def stranger(told, kind="missing", **said):
    """The page that answers somebody whose record was not looked up."""
    page = told.client.open_page("/phan-anh").form("kind").submit(kind)
    values = {
        "name": "Trần Thị Bưởi", "dob": "1950", "given_on": "10/08/2021", "place": "Nhà văn hóa",
        "province": told.province.name, "phone": PHONE,
    }  # fmt: skip
    return page.submit("phone", **{k: v for k, v in (values | said).items() if v is not None})


def follow(told, code, phone=PHONE):
    return told.client.open_page("/phan-anh/theo-doi").submit("code", code=code, phone=phone)


def test_from_the_look_up_nothing_is_typed_again(told):
    page = looked_up(told).form("kind").submit("not_me")
    assert not page.css("[name=name], [name=dob], [name=number], [name=province]")
    page = page.submit("phone", phone=PHONE)
    row = Ticket.get()
    assert (row.person_id, row.dose_id, row.unit_id, row.half, row.proven) == (
        told.person.id, told.dose.id, told.site.id, "health", True,
    )  # fmt: skip
    assert f"{row.code[:4]}-{row.code[4:]}" in page.text
    assert clock.local(clock.now()).strftime("%Y") in page.text
    event = OutboxEvent.get(OutboxEvent.event == "correction.filed")
    assert event.payload == {"ticket": row.id}
    entry = AuditEntry.get(AuditEntry.noun == "ticket")
    assert (entry.action, entry.noun_id, entry.person_id) == ("create", row.id, told.person.id)
    assert entry.detail == {"kind": "not_me"}


def test_a_stranger_to_the_system_reaches_the_province(told):
    page = stranger(told)
    assert page.status == 200, page.errors()
    row = Ticket.get()
    assert (row.person_id, row.unit_id, row.proven) == (None, told.province.id, False)
    assert row.claim["name"] == "Trần Thị Bưởi" and row.claim["given_on"] == "2021-08-10"


def test_the_next_key_goes_into_the_first_field(told):
    def first(page):
        return [one.get("id") for one in page.css("[autofocus]")]

    assert first(told.client.open_page("/phan-anh").form("kind").submit("missing")) == ["name"]
    assert first(told.client.open_page("/phan-anh/theo-doi")) == ["code"]


@pytest.mark.parametrize(
    ("typed", "reached"),
    [("ho chi minh", "province"), ("Bình Dương", "province"), ("Tỉnh An Giang", "nation")],
)
def test_a_province_by_its_name_of_before_or_without_an_authority(told, typed, reached):
    """Bình Dương went up in Hồ Chí Minh on 01/07/2025; An Giang has nobody here who answers."""
    mine = Unit.id == told.province.id
    Unit.update(area_scheme="vn34", area_code="79").where(mine).execute()
    assert stranger(told, province=typed).status == 200
    assert Ticket.get().unit_id == getattr(told, reached).id


def test_a_site_named_by_its_code_gets_the_ticket(told):
    stranger(told, place=told.site.code)
    assert Ticket.get().unit_id == told.site.id


def test_a_closed_site_hands_on_to_who_stands_above(told):
    told.site.valid_to = date(2021, 12, 31)
    told.site.save()
    assert filed(told).unit_id == told.province.id


@pytest.mark.parametrize("kind", ["missing", "wrong_identity", "copy"])
def test_a_number_is_taken_whatever_the_ticket_is_about(told, kind):
    """The kind of a ticket is not the kind of a document."""
    day = {} if kind == "missing" else {"given_on": None, "place": None}
    assert stranger(told, kind, number="001 080 012 345", **day).status == 200
    assert Ticket.get().claim["number"] == "001080012345"


def test_identity_goes_to_the_police(told):
    row = filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    assert (row.unit_id, row.half) == (told.province.id, "identity")


@pytest.mark.parametrize(
    "said, field",
    [({"name": ""}, "name"), ({"dob": "40/13/1950"}, "dob"), ({"phone": "12"}, "phone"),
     ({"province": "Atlantis"}, "province"), ({"given_on": "mai"}, "given_on"),
     ({"place": ""}, "place")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(told, said, field):
    page = stranger(told, **said)
    assert page.status == 422 and not Ticket.select().exists()
    assert page.css(f"#{field}")[0].get("aria-invalid") == "true"
    assert page.css("#lot_number") and page.css("#note")


@pytest.mark.parametrize("mark", ["", "x", "\x00"])
def test_a_made_up_mark_proves_nothing(told, mark):
    page = told.client.send("/phan-anh", {"mark": mark, "kind": "who_saw", "phone": PHONE}, 422)
    assert page.css("#name") and not Ticket.select().exists()


def test_a_stranger_cannot_name_the_dose_of_another(told):
    other = build.vaccinated(told.site)
    form = looked_up(told).form("kind").submit("not_me").form("phone")
    assert form.submit(phone=PHONE, dose=str(other.id)).status == 422
    assert not Ticket.select().exists()


def test_the_same_said_again_is_the_same_ticket(told):
    assert filed(told).id == filed(told).id
    assert Ticket.select().count() == TicketEvent.select().count() == 1


def test_one_telephone_files_so_many_a_day(told):
    for n in range(10):
        assert stranger(told, note=f"lần {n}").status == 200
    page = stranger(told, note="nữa")
    assert page.status == 429 and page.response.headers["Retry-After"]
    assert Ticket.select().count() == 10


def test_following_says_where_it_stands(told):
    row = filed(told)
    page = follow(told, row.code.lower())
    assert page.status == 200 and "Mới gửi" in page.text and told.site.name in page.text
    assert told.person.name not in page.text and told.number not in page.text


def test_wrong_and_unknown_are_answered_alike(told):
    row = filed(told)
    answers = {
        follow(told, code, phone).text.replace(code, "").replace(phone, "")
        for code, phone in ((row.code, "0987654321"), ("ZZZZZZZZ", PHONE), ("???", PHONE))
    }
    assert len(answers) == 1 and "Không tìm thấy phản ánh" in answers.pop()


def test_codes_are_not_tried_for_long(told):
    row = filed(told)
    for _n in range(5):
        assert follow(told, row.code, "0987654321").status == 200
    assert follow(told, row.code).status == 429


def test_what_is_asked_back_is_answered_without_typing_the_code(told):
    row = filed(told)
    at(told, told.head)
    page = told.client.open_page(f"/corrections/{row.id}")
    page.form("text").submit("ask", text="Mũi nào?")
    told.client.get("/sign-out")
    page = follow(told, row.code)
    assert "Mũi nào?" in page.text
    page = page.submit("text", text="Mũi một")
    assert page.status == 200 and "Đang xem xét" in page.text and "Mũi một" in page.text
    assert Ticket.get().state == "taken"
    assert TicketEvent.get(TicketEvent.act == "reply").by_id is None


def test_a_reply_needs_a_mark_and_a_question(told):
    row = filed(told)
    assert told.client.open_page("/phan-anh/tra-loi").url == "/phan-anh/theo-doi"
    told.client.post("/phan-anh/tra-loi", data={"mark": "x", "text": "a"})
    assert TicketEvent.select().where(TicketEvent.ticket == row).count() == 1


def test_nothing_personal_in_addresses_or_cookies(told):
    page = looked_up(told).form("kind").submit("not_me").submit("phone", phone=PHONE)
    assert page.response.request.query_string == b"" and page.url == "/phan-anh"
    assert "Set-Cookie" not in page.response.headers
