"""Slips for people without a telephone: found anywhere by card or number, printed at any site."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest
from flask import g

from app import clock
from app.accounts.actions import signed_in
from app.accounts.models import Membership
from app.audit import AuditEntry
from app.certificates import actions, rules
from app.certificates.models import Slip
from app.db import db
from app.people.models import Document, Person
from app.people.rules import PartialDate
from app.visits.models import Dose, Visit
from app.words import Refused
from tests import build


@pytest.fixture
def counter(app, client):
    """A site where somebody asks who was vaccinated twice at other sites."""
    nation, _province, away = build.country()
    here = build.unit("station", build.unit("province", nation))
    person = build.person(away, name="TRẦN THỊ BÌNH AN", sex="F")
    for month, site in ((3, away), (5, build.unit("station", nation))):
        with clock.frozen(datetime(2026, month, 7, 9)):
            visit = build.visit(build.session(site), person)
            build.dose(visit, lot_number=f"LO-{month}")
    clerk = build.user(here, "reception")
    build.sign_in(client, clerk)
    number = Document.get(Document.person == person).number
    return SimpleNamespace(
        client=client, person=person, number=number, clerk=clerk, here=here, visit=visit, app=app
    )


def asked(counter, typed=None):
    return counter.client.open_page("/slips").submit("what", what=typed or counter.number)


def test_only_the_minimum_is_shown_until_the_birth_date_is_typed(counter):
    page = counter.client.open_page("/people").follow("In giấy xác nhận")
    page = page.submit("what", what=counter.number)
    assert "TRẦN T** B** AN" in page.text and "sinh năm 1980" in page.text
    assert "BÌNH" not in page.text and "17/05" not in page.body and "LO-" not in page.text
    entry = AuditEntry.get(AuditEntry.action == "search")
    assert (entry.person_id, entry.chain) == (counter.person.id, counter.here.id)


def test_the_paper_has_the_doses_of_all_sites(counter):
    page = asked(counter).submit("dob", dob="17/05/1980")
    assert page.status == 200 and "TRẦN THỊ BÌNH AN" in page.text
    assert "LO-3" in page.text and "LO-5" in page.text
    slip = Slip.get()
    assert (slip.visit_id, slip.prints, slip.issued_by_id) == (
        counter.visit.id, 1, counter.clerk.id,
    )  # fmt: skip
    entry = AuditEntry.get(AuditEntry.action == "print")
    assert (entry.chain, entry.person_id, entry.user_id) == (
        counter.here.id, counter.person.id, counter.clerk.id,
    )  # fmt: skip
    assert page.follow("In cho người khác").url == "/slips"


def test_printing_again_counts_and_a_double_press_does_not(counter):
    form = asked(counter).form("dob")
    form.submit(dob="17/05/1980", size="a5")
    form.submit(dob="17/05/1980", size="a5")
    assert Slip.get().prints == 1
    asked(counter).submit("dob", dob="17/05/1980")
    assert Slip.get().prints == 2
    assert AuditEntry.select().where(AuditEntry.action == "print").count() == 2


def test_a_scanned_card_says_the_birth_date_itself(counter):
    scan = f"{counter.number}||TRẦN THỊ BÌNH AN|17051980|Nữ|Xã A, Tỉnh B|15042021"
    page = asked(counter, scan)
    assert page.form("dob").values["dob"] == ["17/05/1980"]
    assert "LO-5" in page.submit("dob").text


@pytest.mark.parametrize("typed", ["18/05/1980", "05/1980", "1980", "17/05/1981"])
def test_a_wrong_birth_date_is_told_and_noted(counter, typed):
    page = asked(counter).submit("dob", dob=typed)
    assert page.status == 422 and "không khớp" in page.text and "LO-" not in page.text
    assert page.css("#dob")[0].get("value") == typed
    entry = AuditEntry.get(AuditEntry.action == "refuse")
    assert (entry.noun, entry.person_id) == ("slip", counter.person.id)
    assert not Slip.select().exists()


@pytest.mark.parametrize("typed", ["", "31/02/1980", "\x00", "x" * 5000])
def test_what_is_no_birth_date(counter, typed):
    page = asked(counter).submit("dob", dob=typed)
    assert page.status == 422 and page.css("#dob[aria-invalid]")
    assert not AuditEntry.select().where(AuditEntry.action == "refuse").exists()


def test_guessing_ends_after_some_tries(counter):
    page = asked(counter)
    for day in range(1, 6):
        page = page.submit("dob", dob=f"{day:02}/01/1980")
    assert "không khớp" in page.text
    page = page.submit("dob", dob="17/05/1980")
    assert page.status == 422 and "15 phút" in page.text and not Slip.select().exists()
    with clock.frozen(clock.local(clock.now() + timedelta(minutes=16)).replace(tzinfo=None)):
        assert "LO-5" in page.submit("dob", dob="17/05/1980").text


def test_guesses_at_the_same_moment_get_no_further(counter):
    together = Barrier(8)

    def guess(day):
        with db.connection_context(), counter.app.app_context():
            g.user = signed_in(Membership.get(Membership.user == counter.clerk))
            together.wait()
            try:
                return actions.knows_birth(counter.person.id, PartialDate(1980, 1, day))
            except Refused:
                return None

    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(guess, range(1, 9)))
    assert heard.count(False) == 5 and heard.count(None) == 3


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "chưa điền"), ("trần thị bình an", "Gõ đủ số"), ("001099999999", "Không có ai"),
     ("\x00", "điều khiển"), ("1234", "Gõ đủ số")],
)  # fmt: skip
def test_who_is_not_found(counter, typed, message):
    page = counter.client.open_page("/slips").submit("what", what=typed)
    assert page.status == 422 and message in page.text


@pytest.mark.parametrize("number", ["", "001099999999", "x" * 500])
def test_a_number_that_nobody_has_prints_nothing(counter, number):
    page = asked(counter).submit("dob", dob="17/05/1980", number=number)
    assert page.status == 422 and not Slip.select().exists()


def test_who_was_not_vaccinated_is_told_so(counter):
    Dose.update(voided_at=clock.now()).execute()
    page = asked(counter).submit("dob", dob="17/05/1980")
    assert page.status == 422 and "chưa có mũi tiêm nào" in page.text


def test_doses_from_old_papers_alone_have_no_slip(counter):
    Dose.update(visit=None, source="elsewhere").execute()
    page = asked(counter).submit("dob", dob="17/05/1980")
    assert page.status == 422 and "giấy xác nhận cũ" in page.text


def test_who_still_sits_in_observation_waits(counter):
    Visit.update(state="observing").where(Visit.id == counter.visit.id).execute()
    page = asked(counter).submit("dob", dob="17/05/1980")
    assert page.status == 422 and "theo dõi" in page.text and not Slip.select().exists()


def test_only_who_prints_slips_may_ask(counter):
    build.sign_in(counter.client, build.user(counter.here, "vaccinator"))
    assert counter.client.get("/slips").status_code == 403


@pytest.mark.parametrize(
    ("known", "typed", "same"),
    [
        ((1980, 5, 17), (1980, 5, 17), True),
        ((1980, 5, 17), (1980, 5, None), False),
        ((1980, 5, 17), (1980, None, None), False),
        ((1980, None, None), (1980, None, None), True),
        ((1980, None, None), (1980, 5, 17), True),
        ((1980, 5, None), (1980, 5, 17), True),
        ((1980, 5, None), (1980, 6, 17), False),
        ((1980, None, None), (1981, None, None), False),
    ],
)
def test_as_much_as_is_on_record_must_be_known(known, typed, same):
    assert rules.same_birth(known, typed) is same


def test_the_person_is_the_one_of_the_number(counter):
    other = build.person(counter.here)
    assert Person.select().count() == 2
    page = asked(counter, Document.get(Document.person == other).number)
    assert "chưa có mũi tiêm nào" in page.submit("dob", dob="17/05/1980").text
