"""What a ticket says is filled into the forms that change the record."""

import pytest

from app import clock
from app.amendments.models import Amendment
from app.audit import AuditEntry
from app.corrections.models import Ticket
from app.people.models import Person
from tests import build
from tests.corrections.conftest import at, filed


def value(page, name):
    """What a field of a form holds."""
    return page.form(name).values[name][0]


def hints(page):
    """The ids of the fields that are said to come from the ticket."""
    told = page.css("small[id$=-h]")
    return {one.get("id")[:-2] for one in told if "lấy từ phản ánh" in one.text_content()}


def of_dose(told, row, link):
    """The form of a dose, from the ticket as the head of the site sees it."""
    return at(told, told.head).open_page(f"/corrections/{row.id}").follow(link)


def test_a_change_of_a_dose_opens_with_the_lot_that_is_said(told):
    other = build.holding(told.site, doses=5)
    row = filed(told, "wrong_dose", lot_number=f" {other.lot.number.lower()} ")
    page = of_dose(told, row, "Đề nghị sửa")
    assert page.response.request.query_string == f"ticket={row.id}".encode()
    assert value(page, "holding_id") == str(other.id)
    assert value(page, "body_part") == told.dose.body_part
    assert row.code[:4] in value(page, "reason")
    assert hints(page) == {"holding_id", "reason"}
    assert page.follow("Thôi").url == f"/corrections/{row.id}"
    cells = [[cell.text_content() for cell in line] for line in page.css("tbody tr")]
    assert ["Số lô", told.dose.lot_number, other.lot.number.lower()] in cells
    page = page.submit("reason")
    assert page.url == f"/corrections/{row.id}" and "Chờ duyệt: Sửa" in page.text
    assert Amendment.get().after == {"holding_id": other.id}


def test_a_lot_that_was_not_there_is_told_and_not_chosen(told):
    page = of_dose(told, filed(told, "wrong_dose", lot_number="KHONGCO1"), "Đề nghị sửa")
    assert value(page, "holding_id") == str(told.dose.holding_id) and "KHONGCO1" in page.text
    assert hints(page) == {"reason"}


def test_only_one_lot_that_fits_is_chosen(told):
    first = build.holding(told.site, "SPIKEVAX")
    row = filed(told, "wrong_dose", product="SPIKEVAX")
    page = of_dose(told, row, "Đề nghị sửa")
    assert value(page, "holding_id") == str(first.id)
    build.holding(told.site, "SPIKEVAX")
    page = told.client.open_page(f"/doses/{told.dose.id}/change?ticket={row.id}")
    assert value(page, "holding_id") == str(told.dose.holding_id)


def test_what_the_worker_typed_stays(told):
    row = filed(told, "wrong_identity", name="Nguyễn Văn Đúng", dob="1980")
    at(told, told.head)
    page = told.client.open_page(f"/people/{told.person.id}").follow("Sửa theo phản ánh")
    assert (value(page, "name"), value(page, "dob")) == ("Nguyễn Văn Đúng", "1980")
    assert hints(page) == {"name", "dob"} and told.person.name in page.text
    page = page.submit("reason", name="Nguyễn Văn Đúng Hơn")
    assert page.status == 422 and value(page, "name") == "Nguyễn Văn Đúng Hơn"
    assert hints(page) == {"dob"} and row.code[:4] in page.text
    page = page.submit("reason", reason="CCCD")
    assert page.url == f"/people/{told.person.id}"
    now = Person.get_by_id(told.person.id)
    assert (now.name, str(now.dob)) == ("Nguyễn Văn Đúng Hơn", "1980")


def test_another_sex_is_filled_in_and_settles(told):
    row = filed(told, "wrong_identity", sex="F")
    assert row.claim == {"sex": "F"}
    page = at(told, told.head).open_page(f"/people/{told.person.id}").follow("Sửa theo phản ánh")
    assert value(page, "sex") == "F"
    cells = [[cell.text_content() for cell in line] for line in page.css("tbody tr")]
    assert ["Giới tính", "Nam", "Nữ"] in cells
    assert "lấy từ phản ánh" in page.css("legend")[0].text_content()
    page = page.submit("reason", reason="CCCD")
    assert page.status == 422, "the number says otherwise"
    page = page.submit("reason", confirmed="y")
    assert Person.get_by_id(told.person.id).sex == "F"
    Person.update(identity_state="verified").execute()
    at(told, told.officer).open_page(f"/corrections/{row.id}").form("act").submit("settle")
    assert Ticket.get().state == "settled"


def test_another_nationality_is_filled_in(told):
    row = filed(told, "wrong_identity", nationality="lào")
    assert row.claim == {"nationality": "lào"}
    page = at(told, told.head).open_page(f"/people/{told.person.id}")
    page = page.follow("Sửa quốc tịch theo phản ánh")
    assert value(page, "nationality") == "lào" and hints(page) == {"nationality"}
    page = page.submit("nationality")
    assert page.url == f"/people/{told.person.id}"
    assert Person.get_by_id(told.person.id).nationality == "LA"


def test_sex_and_nationality_are_asked_only_where_they_are_wrong(told):
    page = told.client.open_page("/phan-anh").form("kind").submit("missing")
    assert page.css("#name") and not page.css("#sex, #nationality")
    page = told.client.open_page("/phan-anh").form("kind").submit("wrong_identity")
    said = {"name": "Trần Thị Bưởi", "dob": "1950", "province": told.province.name}
    for name, wrong in (("sex", "X"), ("nationality", "Atlantis")):
        refused = page.submit("phone", phone="0912345678", **said, **{name: wrong})
        assert refused.status == 422 and refused.css(f"#{name}")[0].get("aria-invalid")
    assert not Ticket.select().exists()


def test_a_number_is_filled_in_and_added(told):
    filed(told, "wrong_identity", number="001080012345")
    page = at(told, told.head).open_page(f"/people/{told.person.id}")
    page = page.follow("Thêm giấy tờ theo phản ánh")
    assert value(page, "number") == "001080012345" and hints(page) == {"number"}


def test_the_police_come_back_to_the_ticket(told):
    row = filed(told, "wrong_identity", name="Nguyễn Văn Đúng")
    page = at(told, told.officer).open_page(f"/corrections/{row.id}").follow("Đối chiếu nhân thân")
    assert "NGUYỄN VĂN ĐÚNG" in page.text.upper()
    page = page.submit("right", right="yes", reason="CSDL")
    assert page.url == f"/corrections/{row.id}"


def test_a_dose_that_was_not_theirs_is_voided_from_the_ticket(told):
    row = filed(told, "not_me")
    assert not at(told, told.head).open_page(f"/corrections/{row.id}").css("a[href*=change]")
    page = of_dose(told, row, "Đề nghị hủy ghi nhận")
    assert row.code[:4] in value(page, "reason")
    page = page.submit("reason", evidence="sổ tiêm")
    assert page.url == f"/corrections/{row.id}" and "Chờ duyệt: Hủy" in page.text
    assert (Amendment.get().kind, Amendment.get().dose_id) == ("void", told.dose.id)


def test_a_missing_dose_from_elsewhere_is_filled_in(told):
    row = filed(told, "missing", given_on="10/08/2021", place="Nhà văn hóa", lot_number="ABV1")
    page = of_dose(told, row, "Ghi mũi tiêm ở nơi khác")
    assert value(page, "given_on") == "10/08/2021"
    assert (value(page, "place"), value(page, "lot_number")) == ("Nhà văn hóa", "ABV1")
    assert hints(page) == {"given_on", "place", "lot_number", "reason"}


def test_a_missing_dose_of_a_session_opens_for_the_person(told):
    day = clock.today()
    row = filed(told, "missing", given_on=f"{day:%d/%m/%Y}", place=told.site.code)
    page = of_dose(told, row, "Nhập hồi cứu")
    assert page.css("h1")[0].text_content() == told.person.name and row.code[:4] in page.text
    assert value(page, "reason").endswith(row.code[4:])


@pytest.mark.parametrize("wrong", ["other person", "ended", "elsewhere", "none"])
def test_only_an_open_ticket_of_this_person_that_one_may_see(told, wrong):
    row, number = filed(told, "missing", given_on="10/08/2021", place="Nhà văn hóa"), 0
    person = told.person
    if wrong == "other person":
        person = build.person(told.site)
    if wrong == "ended":
        Ticket.update(ended_at=clock.now(), state="refused").execute()
    if wrong == "elsewhere":
        Ticket.update(unit=build.country()[2]).execute()
    at(told, told.head)
    number = 999_999 if wrong == "none" else row.id
    path = f"/people/{person.id}/doses/elsewhere"
    assert told.client.get(f"{path}?ticket={number}").status_code == 404
    assert told.client.get(path).status_code == 200
    assert told.client.get(f"{path}?ticket=").status_code == 200


def test_who_neither_answers_nor_writes_sees_no_claim(told):
    row = filed(told, "missing", given_on="10/08/2021", place="Nhà văn hóa")
    at(told, build.user(told.site, "reception"))
    path = f"/people/{told.person.id}/doses/elsewhere?ticket={row.id}"
    assert told.client.get(path).status_code == 404


def test_a_ticket_that_ended_meanwhile_takes_nothing_typed_away(told):
    row = filed(told, "not_me")
    page = of_dose(told, row, "Đề nghị hủy ghi nhận")
    Ticket.update(ended_at=clock.now(), state="refused").execute()
    page = page.submit("reason", reason="sổ không ghi")
    assert page.status == 200 and Amendment.get().reason == "sổ không ghi"


def test_that_a_claim_was_read_is_written_down(told):
    row = filed(told, "not_me")
    at(told, told.head)
    told.client.open_page(f"/doses/{told.dose.id}/void?ticket={row.id}", 200)
    entry = AuditEntry.get(AuditEntry.noun == "ticket", AuditEntry.action == "view")
    assert (entry.noun_id, entry.person_id) == (row.id, told.person.id)
