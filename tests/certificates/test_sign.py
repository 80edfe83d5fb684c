"""Step 2: the head of a site signs what was confirmed, by name, with the password typed again."""

from datetime import timedelta

import pytest

from app import clock
from app.audit import AuditEntry
from app.certificates.models import Confirmation, SignedDay
from app.visits.models import Dose
from tests import build

ADDRESS = "/certificates/sign"


@pytest.fixture
def site(app):
    return build.country()[2]


@pytest.fixture
def head(client, site):
    return build.sign_in(client, build.user(site, "site_head"))


def test_several_days_are_signed_at_once(site, head):
    build.confirmed(build.vaccinated(site), build.vaccinated(site))
    build.confirmed(build.vaccinated(site, given_at=clock.now() - timedelta(days=2)))
    page = head.open_page(ADDRESS).submit("password", password=build.PASSWORD)
    assert "Đã ký 3 mũi." in page.text and "Không có ngày nào chờ ký" in page.text
    days = list(SignedDay.select().order_by(SignedDay.day))
    assert [(day.doses, len(day.digest)) for day in days] == [(1, 64), (2, 64)]
    assert {row.signed_id for row in Confirmation.select()} == {day.id for day in days}
    assert all(row.waits for row in Confirmation.select())
    signed = AuditEntry.noun == "signed_day", AuditEntry.action == "create"
    assert AuditEntry.select().where(*signed).count() == 2


def test_a_wrong_password_signs_nothing(site, head):
    build.confirmed(build.vaccinated(site))
    page = head.open_page(ADDRESS).submit("password", password="sai")
    assert page.status == 422 and "không đúng" in " ".join(page.errors())
    assert not SignedDay.select().exists()


def test_wrong_tries_are_slowed_down(site, head):
    build.confirmed(build.vaccinated(site))
    page = head.open_page(ADDRESS)
    for _ in range(8):
        page = head.open_page(ADDRESS).submit("password", password="sai")
    page = head.open_page(ADDRESS).submit("password", password=build.PASSWORD)
    assert page.status == 422 and "chờ" in " ".join(page.errors())
    assert not SignedDay.select().exists()


def test_what_changed_since_it_was_shown_is_refused(site, head):
    dose = build.vaccinated(site)
    build.confirmed(dose, build.vaccinated(site))
    page = head.open_page(ADDRESS)
    Dose.update(version=2).where(Dose.id == dose.id).execute()
    page = page.submit("password", password=build.PASSWORD)
    assert page.status == 422 and "vừa thay đổi" in page.text
    assert not SignedDay.select().exists()


def test_no_day_chosen(site, head):
    build.confirmed(build.vaccinated(site))
    page = head.open_page(ADDRESS).submit("password", password=build.PASSWORD, days=[])
    assert page.status == 422 and "Chọn ít nhất một ngày" in page.text


def test_a_second_press_does_no_harm(site, head):
    build.confirmed(build.vaccinated(site))
    page = head.open_page(ADDRESS)
    page.submit("password", password=build.PASSWORD)
    assert "Đã ký 1 mũi." in page.submit("password", password=build.PASSWORD).text
    assert SignedDay.select().count() == 1


def test_days_of_other_sites_are_not_there(site, head):
    build.confirmed(build.vaccinated(build.country()[2]))
    assert "Không có ngày nào chờ ký" in head.open_page(ADDRESS).text


def test_the_clerk_does_not_sign(site, client):
    build.sign_in(client, build.user(site, "reception"))
    assert client.open_page(ADDRESS).status == 403
