"""A dose from elsewhere, with a proof and a second person; then it counts for the next one."""

from datetime import date, timedelta

import pytest

from app import clock
from app.amendments import actions
from app.amendments.models import Amendment
from app.audit import chain_key, verify
from app.stock.models import Movement
from app.visits.actions import history
from app.visits.models import Dose, Visit
from app.words import Refused
from tests import build
from tests.amendments.conftest import working

PAPER = {
    "product": "COMIRNATY", "given_on": "15/08/2021", "kind": "CO_BAN", "seq": "1",
    "lot_number": "FD5996", "place": "Bệnh viện Bạch Mai", "proof": "proof_book",
    "evidence": "trang 3",
}  # fmt: skip


def asked(here, person, **typed):
    page = here.client.open_page(f"/people/{person.id}/doses").follow("Ghi mũi tiêm ở nơi khác")
    return page.submit("proof", **(PAPER | typed))


def approve(here, row=None):
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/amendments/{(row or Amendment.get()).id}")
    return page.form("answer").submit(button="yes")


def test_a_dose_from_elsewhere_counts_once_it_is_approved(here):
    person = build.person(here.site)
    page = asked(here, person)
    assert page.status == 200 and "Chờ người thứ hai duyệt" in page.text
    assert not Dose.select().count()
    assert "Chờ duyệt" in here.client.open_page(f"/people/{person.id}/doses").text
    assert "Sổ tiêm chủng" in here.client.open_page(f"/amendments/{Amendment.get().id}").text
    approve(here)
    dose, row = Dose.get(), Amendment.get()
    assert (dose.source, dose.place, dose.unit, dose.visit) == (
        "elsewhere", "Bệnh viện Bạch Mai", None, None,
    )  # fmt: skip
    assert clock.local(dose.given_at).date() == date(2021, 8, 15)
    assert (dose.lot_number, dose.evidence, row.cause) == ("FD5996", "trang 3", "proof_book")
    assert (dose.recorded_by, dose.confirmed_by) == (here.staff, here.doctor)
    assert not Movement.select().where(Movement.kind == "dose").count()
    assert [(one.kind, one.seq) for one in history(person.id)] == [("CO_BAN", 1)]
    assert verify(chain_key())[1] == []
    build.sign_in(here.client, here.staff)
    page = here.client.open_page(f"/people/{person.id}/doses")
    assert "Tiêm ở nơi khác" in page.text and "Mũi tiếp theo" in page.text
    page = page.follow("15/08/2021")
    assert "trang 3" in page.text and "Bệnh viện Bạch Mai" in page.text
    visit = build.visit(here.session, person, state="ready")
    here.client.open_page(f"/visits/{visit.id}").submit("holding_id")
    assert Dose.at_visit(visit.id).seq == 2, "the rules of the next dose see it"


def test_a_unit_of_ours_is_known_by_its_code(here):
    far = build.country()[2]
    asked(here, build.person(here.site), place=far.code.lower())
    approve(here)
    assert (Dose.get().unit, Dose.get().place) == (far, "")


def test_it_is_voided_by_who_entered_it_not_by_who_gave_it(here):
    far = build.country()[2]
    asked(here, build.person(here.site), place=far.code)
    approve(here)
    dose = Dose.get()
    with pytest.raises(Refused, match="amend_not_yours"):
        actions.ask_void(dose.id, 1, "nhầm", "", working(build.user(far)))
    row = actions.ask_void(dose.id, 1, "nhầm", "", working(here.staff))
    actions.decide(row, True, "", working(here.doctor))
    assert Dose.get().voided_at and not history(dose.person_id)
    assert not Movement.select().where(Movement.kind == "undo").count()


def test_it_is_not_changed_but_voided_and_entered_again(here):
    asked(here, build.person(here.site))
    approve(here)
    build.sign_in(here.client, here.staff)
    page = here.client.open_page(f"/doses/{Dose.get().id}/change")
    assert page.status == 422 and "hủy rồi ghi lại" in page.text


def test_pressing_twice_is_one_request(here):
    person = build.person(here.site)
    form = here.client.open_page(f"/people/{person.id}/doses/elsewhere").form("proof")
    assert form.submit(**PAPER).status == form.submit(**PAPER).status == 200
    assert Amendment.select().count() == 1
    page = here.client.open_page(f"/people/{person.id}/doses/elsewhere").submit("proof", **PAPER)
    assert page.status == 422 and page.css("#given_on-e")


BAD = [
    ("given_on", "31/02/2021"), ("given_on", "2021"), ("given_on", ""), ("given_on", "01/01/2099"),
    ("given_on", "01/01/1979"), ("given_on", "01/05/2021"), ("product", "X"), ("kind", "X"),
    ("seq", "0"), ("seq", "x"), ("place", ""), ("place", "x" * 900), ("proof", "X"),
    ("evidence", " "), ("lot_number", "\u202eX"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD)
def test_what_cannot_be_is_refused_at_its_field(here, name, value):
    page = asked(here, build.person(here.site), **{name: value})
    assert page.status == 422 and page.css(f"#{name}-e"), page.text
    assert page.form("proof").values["evidence"] != ["None"]
    assert not Amendment.select().count()


def test_other_papers_need_words(here):
    page = asked(here, build.person(here.site), proof="proof_other")
    assert page.status == 422 and page.css("#reason-e")
    assert page.submit("proof", reason="thẻ của công ty").status == 200


def test_the_same_day_twice_is_refused(here):
    person = build.person(here.site)
    asked(here, person)
    approve(here)
    build.sign_in(here.client, here.staff)
    page = asked(here, person, product="ASTRAZENECA")
    assert page.status == 422 and "cùng ngày" in page.text


def test_the_same_day_between_asking_and_approving(here):
    person = build.person(here.site)
    asked(here, person, given_on=clock.today().strftime("%d/%m/%Y"))
    build.dose(build.visit(here.session, person, state="ready"), here.lot)
    page = approve(here)
    assert page.status == 422 and "cùng ngày" in page.text and Dose.select().count() == 1


def test_the_approver_sees_the_warnings(here):
    person = build.person(here.site)
    at = clock.now() - timedelta(days=1)
    build.dose(build.visit(here.session, person, state="ready"), here.lot, given_at=at)
    asked(here, person)
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/amendments/{Amendment.get().id}")
    told = " ".join(item.text_content() for item in page.css(".warn"))
    assert "sau ngày này" in told and "Hồ sơ đã có Liều cơ bản, mũi 1" in told
    approve(here)
    later = Dose.get(Dose.source == "elsewhere")
    assert set(later.warnings) >= {"later_dose", "dose_number_taken"}


def test_too_soon_after_the_dose_before_is_a_warning(here):
    person = build.person(here.site)
    asked(here, person)
    approve(here)
    build.sign_in(here.client, here.staff)
    asked(here, person, given_on="20/08/2021", seq="2")
    row = Amendment.select().order_by(Amendment.id.desc()).get()
    build.sign_in(here.client, here.doctor)
    page = here.client.open_page(f"/amendments/{row.id}")
    assert "Sớm" in " ".join(item.text_content() for item in page.css("div.warn"))


def test_strangers_and_others_are_kept_out(here):
    person = build.person(here.site)
    build.sign_in(here.client, build.user(build.country()[2]))
    here.client.open_page(f"/people/{person.id}/doses/elsewhere", status=404)
    build.sign_in(here.client, here.doctor)
    here.client.open_page(f"/people/{person.id}/doses/elsewhere", status=403)
    assert not Visit.select().count()
