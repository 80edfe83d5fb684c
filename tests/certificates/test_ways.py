"""Where the pages of certificates are found from, and the way back from each."""

import pytest

from tests import build

BULK, FAMILY, INDEX, FIND = (
    "/certificates/bulk", "/certificates/family", "/certificates", "/slips",
)  # fmt: skip


@pytest.fixture
def site(app):
    return build.country()[2]


def links(client, path):
    """The addresses that a page leads to from its main part."""
    page = client.open_page(path)
    assert page.status == 200
    return {a.get("href") for a in page.css("main a")}


def test_the_site_prints_from_its_page_and_comes_back(client, site):
    build.sign_in(client, build.user(site, "site_head"))
    assert {BULK, FAMILY} <= links(client, INDEX)
    for path in (BULK, FAMILY, "/certificates/sign"):
        assert INDEX in links(client, path)


def test_a_province_comes_by_the_counter(client, site):
    build.sign_in(client, build.user(site.parent, "province"))
    assert {BULK, FAMILY, "/people"} <= links(client, FIND)
    assert FIND in links(client, "/people")
    for path in (BULK, FAMILY):
        found = links(client, path)
        assert FIND in found and INDEX not in found


def test_nobody_is_led_to_what_they_may_not_open(client, site):
    person = build.person(site)
    build.sign_in(client, build.user(site, "vaccinator"))
    assert not [a for a in links(client, f"/people/{person.id}") if "certificate" in a]


def test_a_paper_leads_to_the_certificates_of_its_person(client, site, keys):
    row = build.certificate(site)
    build.sign_in(client, build.user(site, "reception"))
    own = f"/people/{row.person_id}/certificate"
    assert own in links(client, f"/people/{row.person_id}")
    assert own in links(client, f"/certificates/{row.id}/paper")
    assert f"/people/{row.person_id}" in links(client, own)


@pytest.mark.parametrize("path", ["/sign-in", "/tra-cuu"])
def test_whoever_checks_finds_the_page_without_an_account(app, path):
    page = app.test_client().open_page(path)
    assert "/kiem-tra" in {a.get("href") for a in page.css("nav a")}


def test_who_came_by_a_code_goes_on(app):
    page = app.test_client().open_page("/x/AAAA-AAAA-AAAA", status=404)
    assert "/kiem-tra" in {a.get("href") for a in page.css("main a")}
