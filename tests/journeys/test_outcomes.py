"""Every way a visit can end, at stations and at one desk, by plain requests."""

import pytest

from app.stock.models import Holding
from tests.journeys.steps import (
    click_count,
    doses_of,
    gets_a_slip,
    looks_up,
    notes_a_reaction,
    the_audit_holds,
    the_province_counts,
    visit_of,
)


def test_vaccinated_and_looked_up_at_home(clinic, way):
    person = clinic.somebody(name="TRẦN THỊ MAI", sex="F")
    page = way.vaccinates(person)
    assert "Theo dõi đến 08:30" in page.text or "đến 08:30" in page.text
    assert visit_of(person).state == "observing" and doses_of(person) == 1
    clinic.later(30)
    assert "TRẦN THỊ MAI" in way.ends_observation(person).text
    code, pin = gets_a_slip(clinic, person)
    home = looks_up(clinic, code, "17/05/1980", pin)
    assert "Đã tiêm 1 mũi" in home.text and clinic.site.name in home.text
    page = the_province_counts(clinic, received=1, vaccinated=1, refused=0, ordinary=0)
    assert "TRẦN THỊ MAI" in click_count(page, "vaccinated").text
    the_audit_holds(at_least=8)


def test_nobody_goes_and_no_slip_is_printed_before_thirty_minutes(clinic, way):
    person = clinic.somebody()
    way.vaccinates(person)
    clinic.later(29)
    board = clinic.board("observer", "observation")
    assert person.name in board.text and "Xong" not in board.text
    slip = clinic.staff["observer"].open_page(f"/visits/{visit_of(person).id}/slip")
    assert "Chưa hết thời gian theo dõi" in slip.text
    assert not slip.css("form button[autofocus]")
    clinic.later(1)
    way.ends_observation(person)
    assert visit_of(person).state == "done"


def test_refused(clinic, way):
    person = clinic.somebody()
    assert "Không đồng ý" in way.is_refused_by(person).text
    assert visit_of(person).state == "refused" and doses_of(person) == 0
    assert Holding.get().balance == 20
    the_province_counts(clinic, received=1, refused=1, vaccinated=0)


@pytest.mark.parametrize(
    ("conclusion", "state", "said"),
    [
        ("TRI_HOAN", "delayed", "Trì hoãn"),
        ("CHONG_CHI_DINH", "contraindicated", "Chống chỉ định"),
        ("CHUYEN_BV", "referred", "Chuyển bệnh viện"),
    ],
    ids=lambda value: f"QĐ 4355 {value}" if value.isupper() else "",
)
def test_not_vaccinated_after_the_examination(clinic, way, conclusion, state, said):
    person = clinic.somebody()
    assert said in way.finds(person, conclusion).text
    visit = visit_of(person)
    assert (visit.state, visit.computed) == (state, conclusion) and doses_of(person) == 0
    page = clinic.staff["everything"].open_page(f"/visits/{visit.id}")
    assert not page.css("[name=holding_id]"), "no way to a dose is left"
    the_province_counts(clinic, received=1, vaccinated=0, **{state: 1})


def test_a_delay_says_until_when(clinic, way):
    person = clinic.somebody()
    way.finds(person, "TRI_HOAN")
    page = clinic.staff["reception"].open_page(f"/visits/{visit_of(person).id}")
    assert "03/11/2021" in page.text, "fourteen days after an acute illness (QĐ 4355)"


def test_observed_with_an_ordinary_reaction(clinic, way):
    person = clinic.somebody()
    way.vaccinates(person)
    clinic.later(10)
    assert "Đã ghi" in notes_a_reaction(clinic, person, "12").text
    clinic.later(20)
    way.ends_observation(person)
    gets_a_slip(clinic, person)
    the_province_counts(clinic, received=1, vaccinated=1, ordinary=1, serious=0)


def test_a_serious_reaction_takes_two_keys_and_is_known_the_next_time(clinic, way):
    person = clinic.somebody()
    way.vaccinates(person)
    page = notes_a_reaction(clinic, person, "0")
    assert "TAI BIẾN NẶNG" in page.text and "24 giờ" in page.text
    the_province_counts(clinic, vaccinated=1, serious=1)
    page = clinic.staff["screener"].open_page(f"/visits/{visit_of(person).id}")
    assert "phản ứng sau tiêm" in page.text and "Tai biến nặng" in page.text


def test_everybody_of_a_morning_is_counted_once(clinic, way):
    people = [clinic.somebody() for _ in range(6)]
    way.vaccinates(people[0])
    way.vaccinates(people[1])
    way.is_refused_by(people[2])
    way.finds(people[3], "TRI_HOAN")
    way.finds(people[4], "CHONG_CHI_DINH")
    way.finds(people[5], "CHUYEN_BV")
    the_province_counts(
        clinic, received=6, vaccinated=2, refused=1, delayed=1, contraindicated=1, referred=1
    )
    assert Holding.get().balance == 18
    the_audit_holds(at_least=20)
