"""What waits for confirming, signing or issuing longer than a day stands on the first pages."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from app import clock
from app.certificates.models import Confirmation, SignedDay, overdue_at
from app.people.models import Person
from app.visits.models import Dose
from tests import build
from tests.certificates.test_confirm import elsewhere

CONFIRM, SIGN, ISSUE = "chưa xác nhận", "chờ ký", "chờ cấp chứng nhận"


@pytest.fixture
def site(app):
    return build.country()[2]


def ago(days, **more):
    """At noon of a day so many days ago, as a dose is stored."""
    at = clock.day_bounds(clock.today() - timedelta(days))[0] + timedelta(hours=12)
    return {"given_at": at, "recorded_at": at, **more}


def given(site, days, **more):
    return build.vaccinated(site, **ago(days, **more))


def confirmed(site, days):
    dose = given(site, days)
    build.confirmed(dose)
    Confirmation.update(at=dose.given_at).where(Confirmation.dose == dose).execute()
    return dose


def signed(site, days):
    dose = given(site, days)
    day = build.signed(dose)
    Confirmation.update(at=dose.given_at).where(Confirmation.dose == dose).execute()
    SignedDay.update(at=dose.given_at).where(SignedDay.id == day.id).execute()
    return dose


def read(client, who, path="/sessions"):
    build.sign_in(client, who)
    return client.open_page(path)


def lines(page):
    """(address, text) of each line on top."""
    links = [a for a in page.css("main .warn a") if "/certificates" in a.get("href")]
    return [(a.get("href"), a.text_content()) for a in links]


def test_the_clerk_sees_what_waits_for_confirming(client, site):
    given(site, 2)
    given(site, 4)
    given(site, 4)
    confirmed(site, 3)
    page = read(client, build.user(site, "reception"))
    said = "Trong 31 ngày qua còn 3 mũi của 2 ngày chưa xác nhận"
    assert lines(page) == [("/certificates", said)]
    oldest = (clock.today() - timedelta(4)).strftime("%d/%m/%Y")
    assert f"cũ nhất {oldest}" in page.text
    assert page.follow(said).css("h1")[0].text_content() == "Chứng nhận"


def test_the_head_sees_both(client, site):
    given(site, 2)
    confirmed(site, 2)
    confirmed(site, 40)
    page = read(client, build.user(site, "site_head"))
    assert lines(page) == [
        ("/certificates", "Trong 31 ngày qua còn 1 mũi của 1 ngày chưa xác nhận"),
        ("/certificates/sign", "Còn 2 mũi của 2 ngày chờ ký"),
    ]
    assert lines(read(client, build.user(site, "site_head"), "/reports")) == lines(page)


def test_who_can_do_nothing_about_it_is_not_told(client, site):
    given(site, 2)
    confirmed(site, 2)
    assert CONFIRM not in read(client, build.user(site, "vaccinator")).text
    assert SIGN not in read(client, build.user(site, "reception")).text


def test_nothing_is_said_when_all_is_done_or_is_of_yesterday(client, site):
    given(site, 0)
    given(site, 1)
    signed(site, 5)
    fresh = given(site, 6)
    build.confirmed(fresh)  # a moment ago
    given(site, 7, voided_at=clock.now())
    given(build.country()[2], 3)
    late = given(site, 8)
    Dose.update(recorded_at=clock.now()).where(Dose.id == late.id).execute()
    page = read(client, build.user(site))
    assert not page.css("main .warn a[href*=certificates]"), page.text


def test_what_changed_after_the_confirmation_waits_again(client, site):
    for change in (Dose.update(version=2), Dose.update(version=3)):
        dose = signed(site, 3)
        change.where(Dose.id == dose.id).execute()
    dose = confirmed(site, 3)
    Dose.update(version=2).where(Dose.id == dose.id).execute()
    (row,) = overdue_at(site.path)
    assert (row.step, row.number, row.days) == ("confirm", 3, 1)


def test_a_dose_from_elsewhere_waits_from_when_it_was_entered(site):
    old = clock.now() - timedelta(days=300)
    row = elsewhere(site)
    Dose.update(given_at=old).where(Dose.id == row.id).execute()
    assert overdue_at(site.path) == []
    Dose.update(recorded_at=ago(2)["recorded_at"]).where(Dose.id == row.id).execute()
    (waiting,) = overdue_at(site.path)
    assert (waiting.number, waiting.since) == (1, clock.local(old).date())


@pytest.fixture
def nation(app):
    """A nation, a province and two of its sites; a site of another province."""
    root, province, site = build.country()
    return root, province, site, build.unit("station", province), build.country()[2]


def rows(page):
    return [
        [cell.text_content().strip() for cell in row.cssselect("td")]
        for row in page.css("main div.np table.c tbody tr")
        if CONFIRM in row.text_content() or SIGN in row.text_content()
    ]


def test_a_province_sees_its_sites_by_day(client, nation):
    _root, province, site, second, far = nation
    given(site, 2)
    given(far, 9)
    one = build.session(second, held_on=clock.today() - timedelta(3))
    two = build.session(second, held_on=clock.today() - timedelta(3), half_day="afternoon")
    for session in (one, two):
        build.dose(build.visit(session, build.person(second)), **ago(3))
    confirmed(second, 5)
    here = build.session(site, held_on=clock.today() - timedelta(2))
    Dose.update(session=here).where(Dose.unit == site).execute()
    page = read(client, build.user(province, "province"), "/")
    day = [(clock.today() - timedelta(n)).strftime("từ %d/%m/%Y") for n in (5, 2)]
    assert rows(page) == [
        [second.name, "1 ngày chưa xác nhận", "1 ngày chờ ký", day[0]],
        [site.name, "1 ngày chưa xác nhận", "", day[1]],
    ]
    page = client.open_page(page.css("main div.np table.c td a[href*=reports]")[0].get("href"))
    assert "còn 2 mũi của 1 ngày chưa xác nhận" in page.text
    assert not lines(page)  # only the site itself can do it


def test_a_day_that_was_begun_or_has_no_dose_is_not_shown_above(client, nation):
    _root, province, site, *_rest = nation
    day = clock.today() - timedelta(3)
    build.session(site, held_on=day)
    begun = build.session(site, held_on=day - timedelta(1))
    doses = [build.dose(build.visit(begun, build.person(site)), **ago(4)) for _ in range(2)]
    build.confirmed(doses[0])
    long_ago = build.session(site, held_on=day - timedelta(12))
    build.dose(build.visit(long_ago, build.person(site)), **ago(15))
    assert not rows(read(client, build.user(province, "province"), "/"))


def test_the_centre_sees_what_it_has_not_issued(client, nation):
    root, _province, site, _second, far = nation
    signed(site, 2)
    dose = signed(far, 4)
    with_two = signed(far, 4)
    Confirmation.update(person=dose.person_id).where(Confirmation.dose == with_two).execute()
    done = signed(far, 6)
    Confirmation.update(waits=False).where(Confirmation.dose == done).execute()
    fresh = given(far, 9)
    build.signed(fresh)  # a moment ago, of what was confirmed long before
    Confirmation.update(at=fresh.given_at).where(Confirmation.dose == fresh).execute()
    page = read(client, build.user(root, "national"), "/")
    ((href, said),) = lines(page)
    assert (href, said) == (
        "/certificates/issue", "Còn 2 người của 3 ngày đã ký chờ cấp chứng nhận",
    )  # fmt: skip
    assert f"cũ nhất {(clock.today() - timedelta(4)).strftime('%d/%m/%Y')}" in page.text
    assert ISSUE not in read(client, build.user(nation[1], "province"), "/").text


def test_a_long_list_shows_the_oldest_ten(client, nation):
    province = nation[1]
    for days in range(2, 14):
        confirmed(build.unit("station", province), days)
    found = rows(read(client, build.user(province, "province"), "/"))
    assert len(found) == 10
    assert found[0][3] == (clock.today() - timedelta(13)).strftime("từ %d/%m/%Y")


def test_the_first_page_of_a_site_asks_once(client, site):
    def statements() -> int:
        client.open_page("/sessions")
        with count_queries() as counter:
            client.open_page("/sessions")
        return counter.count

    build.sign_in(client, build.user(site, "reception"))
    few = statements()
    for days in range(2, 9):
        given(site, days)
    assert statements() == few


@pytest.mark.parametrize("role", ["province", "national"])
def test_an_authority_asks_once_more_for_names(client, nation, role):
    at = nation[1] if role == "province" else nation[0]
    build.sign_in(client, build.user(at, role))
    client.open_page("/reports")
    with count_queries() as counter:
        client.open_page("/reports")
    few = counter.count
    for days in range(2, 9):
        confirmed(build.unit("station", nation[1]), days)
        signed(nation[4], days)
    with count_queries() as counter:
        client.open_page("/reports")
    assert counter.count <= few + 1


def test_nobody_is_named(client, nation):
    dose = given(nation[2], 3)
    page = read(client, build.user(nation[2], "site_head"))
    assert lines(page) and Person.get_by_id(dose.person_id).name not in page.text
