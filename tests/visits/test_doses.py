"""The page of a person's doses, and receiving somebody from their page."""

from datetime import timedelta

from app import clock
from app.visits.models import Visit
from tests import build


def test_all_doses_with_the_next_one_due(here):
    person = build.person(here.site)
    far = build.country()[2]
    build.dose(build.visit(build.session(far), person), given_at=clock.now() - timedelta(days=60))
    page = here.client.open_page(f"/people/{person.id}").follow("Các mũi tiêm")
    assert far.name in page.text and "Mũi tiếp theo" in page.text
    assert not page.css('a[href^="/visits/"]')  # another unit's visit is not opened here


def test_without_doses_it_says_so(here):
    person = build.person(here.site)
    assert "Chưa có mũi tiêm nào" in here.client.open_page(f"/people/{person.id}/doses").text


def test_strangers_and_the_police_see_no_doses(here):
    person = build.person(here.site)
    build.sign_in(here.client, build.user(build.country()[2]))
    here.client.open_page(f"/people/{person.id}/doses", status=404)
    build.sign_in(here.client, build.user(here.site, "police"))
    here.client.open_page(f"/people/{person.id}/doses", status=403)


def test_somebody_found_for_a_session_is_received_from_their_page(here):
    person = build.person(here.site)
    page = here.client.open_page(f"/people/{person.id}?session={here.session.id}")
    page.form("Tiếp đón").submit()
    assert Visit.get().person == person
