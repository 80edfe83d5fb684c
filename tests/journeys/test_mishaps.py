"""What goes wrong on an ordinary morning, and what the pages make of it."""

import pytest

from app.people.models import Care, KeptApart, Person
from app.stock.models import Holding
from app.visits.models import Dose, Visit
from tests import build
from tests.journeys.steps import OneDesk, Stations, doses_of, number_of, the_audit_holds, visit_of

CARD = "001190123456||{name}|05061990|{sex}|Tổ 5, Phường Cống Vị, Quận Ba Đình, Hà Nội|15042021"


def scans_a_card_of_a_newcomer(clinic, name="TRẦN THỊ HOA", sex="Nữ"):
    page = clinic.board("reception").submit(what=CARD.format(name=name, sex=sex))
    assert "Chưa có ai trong hệ thống" in page.text
    return page.form("Lập hồ sơ mới").submit()


def test_a_newcomer_is_registered_by_a_scan_and_received(clinic):
    page = scans_a_card_of_a_newcomer(clinic)
    page = page.submit(phone="0912345678")
    assert "TRẦN THỊ HOA" in page.text
    page = page.form("Tiếp đón").submit()
    person = Person.get(Person.name == "TRẦN THỊ HOA")
    assert (person.sex, str(person.dob), number_of(person)) == ("F", "05/06/1990", "001190123456")
    assert visit_of(person).state == "arrived" and "Chờ phiếu đồng ý" in page.text


def test_a_scanner_that_spoils_the_letters_still_gives_number_birth_and_sex(clinic):
    page = scans_a_card_of_a_newcomer(clinic, "TR?N TH? HOA", "N?")
    form = page.form("phone")
    assert form.values["name"] == [""] and "TR?N TH? HOA" in page.text
    assert (form.values["number"], form.values["dob"]) == (["001190123456"], ["05/06/1990"])
    assert form.values["sex"] == ["F"]
    form.submit(name="TRẦN THỊ HOA").form("Tiếp đón").submit()
    assert visit_of(Person.get(Person.name == "TRẦN THỊ HOA")).state == "arrived"


def test_somebody_known_is_found_whatever_the_scanner_does_to_the_letters(clinic):
    person = clinic.somebody(number="001190123456", name="TRẦN THỊ HOA", sex="F")
    page = clinic.board("reception").submit(what=CARD.format(name="TR?N TH? HOA", sex="N?"))
    page.form("Tiếp đón").submit()
    assert visit_of(person).state == "arrived"


def test_somebody_from_another_province_is_found_by_number_only(clinic, way):
    person = build.person(build.country()[2], name="HOÀNG THỊ LAN", sex="F", phone="0912345678")
    page = clinic.board("reception").submit(what="hoang thi lan")
    assert "HOÀNG THỊ LAN" not in page.text
    page = clinic.board("reception").submit(what=number_of(person))
    assert "HOÀNG THỊ LAN" in page.text and "0912345678" not in page.text
    way.vaccinates(person)
    assert doses_of(person) == 1
    assert Care.select().where(Care.person == person, Care.unit == clinic.site).exists()


def test_namesakes_are_kept_apart_on_purpose(clinic):
    first = clinic.somebody(name="NGUYỄN VĂN MINH")
    page = clinic.staff["reception"].open_page(f"/people/new?session={clinic.session}")
    page = page.submit(name="Nguyễn Văn Minh", dob="17/05/1980", sex="M", number="001080999999")
    assert page.status == 422 and "Trùng họ tên, ngày sinh và giới tính" in page.text
    assert Person.select().count() == 1, "nothing is written before somebody has looked"
    page.submit(why="namesake").form("Tiếp đón").submit()
    second = Person.get(Person.id != first.id)
    assert visit_of(second).state == "arrived" and KeptApart.get().reason == "namesake"
    page = clinic.board("reception").submit(what="nguyen van minh")
    assert page.text.lower().count("nguyễn văn minh, 17/05/1980") == 2


@pytest.mark.parametrize(
    "given", [{"number": "KHAC1"}, {"expires_on": "2021-10-19"}], ids=["another site", "expired"]
)
def test_a_wrong_lot_is_refused_and_nothing_is_written(clinic, given):
    wrong = build.holding(build.country()[2] if "number" in given else clinic.site, **given)
    person = clinic.somebody()
    page = OneDesk(clinic).meets(person).submit(holding_id=str(wrong.id), table_no="2")
    assert page.status == 422 and page.css("#holding_id[aria-invalid]")
    assert page.form("holding_id").values["table_no"] == ["2"], "what was typed stays"
    assert not Visit.select().count() and not Dose.select().count()
    page.submit(holding_id=page.css("#holding_id option")[0].get("value"))
    assert doses_of(person) == 1 and Holding.get_by_id(wrong.id).balance == 100


def test_a_second_press_and_a_retry_after_a_lost_answer_are_one_dose(clinic):
    person = clinic.somebody()
    form = OneDesk(clinic).meets(person).form("holding_id")
    answers = {" ".join(form.submit().css(".good")[0].text_content().split()) for _ in range(3)}
    assert len(answers) == 1 and person.name in answers.pop()
    assert doses_of(person) == 1 and Holding.get().balance == 19
    the_audit_holds(at_least=2)


def test_a_lost_answer_about_the_last_unit_is_given_again(clinic):
    """The lot is no longer offered, so the form could not be sent anew."""
    Holding.update(balance=1).execute()
    person = clinic.somebody()
    form = OneDesk(clinic).meets(person).form("holding_id")
    first, again = form.submit(), form.submit()
    assert first.status == again.status == 200
    assert person.name in again.css(".good")[0].text_content()
    assert doses_of(person) == 1 and Holding.get().balance == 0


def test_a_second_press_at_the_last_unit_at_a_station(clinic):
    Holding.update(balance=1).execute()
    person = clinic.somebody()
    Stations(clinic).examines(person)
    page = clinic.board("vaccinator", "dose").follow(person.name)
    form = page.form("holding_id")
    for _ in range(2):
        page = form.submit()
        assert page.status == 200 and "đến 08:30" in page.text
    assert doses_of(person) == 1 and Holding.get().balance == 0


def test_a_second_desk_is_told_that_the_dose_was_given(clinic):
    person = clinic.somebody()
    here, there = (OneDesk(clinic).meets(person).form("holding_id") for _ in range(2))
    here.submit()
    page = there.submit()
    assert page.status == 422 and "đã có lượt tiêm trong buổi này" in page.text
    assert doses_of(person) == 1


def test_a_stale_page_says_what_is_true_now(clinic):
    person = clinic.somebody()
    Stations(clinic).examines(person)
    url = f"/visits/{visit_of(person).id}"
    stale, fresh = (clinic.staff["vaccinator"].open_page(url) for _ in range(2))
    fresh.submit("holding_id")
    page = stale.submit("holding_id")
    assert page.status == 409 and "Đang theo dõi" in page.text
    assert not page.css("[name=holding_id]") and doses_of(person) == 1


def test_a_stale_page_that_is_filled_in_wrongly_shows_the_present_step_too(clinic):
    person = clinic.somebody(dob_year=2015, name="NGUYỄN THỊ BÉ")
    Stations(clinic).receives(person)
    url = f"/visits/{visit_of(person).id}"
    stale, fresh = (clinic.staff["reception"].open_page(url).form("agreed") for _ in range(2))
    fresh.submit(button="yes", signer="Nguyễn Văn Cha")
    assert visit_of(person).state == "consented"
    page = stale.submit(button="yes", signer="")
    assert page.status == 409 and "Chờ khám sàng lọc" in page.text


def test_a_form_of_the_morning_does_not_serve_the_next_person(clinic):
    first, second = clinic.somebody(), clinic.somebody()
    desk = OneDesk(clinic)
    old = desk.meets(first).form("holding_id")
    old.submit()
    values = desk.meets(second).form("holding_id").values
    old.values["person"] = values["person"]
    assert old.submit().status == 409, "one key belongs to one dose"
    assert doses_of(second) == 0
