"""Nobody is shut out (goal A8): axe-core finds nothing on any page of the URL map, as it opens and
as it answers an empty form."""

import pytest
from werkzeug.routing import Rule

from app.db import is_postgres
from app.web import PUBLIC
from tests import build
from tests.browsers import barriers, chromium, fed_by
from tests.test_rights import access, address, place

EVERYTHING = "national province police auditor " + build.EVERYTHING_AT_A_SITE
# What is no page for people.
NO_PAGE = {"asset", "healthz", "home", "metrics", "readyz"}


@pytest.fixture
def browser(app):
    if is_postgres():
        pytest.skip("pages are the same on both databases")
    with chromium() as found:
        yield found


def pages(app) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in NO_PAGE and "GET" in rule.methods
    ]


def test_no_page_shuts_anybody_out(app, client, browser):
    here = place()
    build.sign_in(client, build.user(here.station, EVERYTHING))
    found, looked = {}, 0
    page = browser.new_page()
    fed_by(client, page)
    for rule in pages(app):
        path = address(app, rule, here)
        answer = client.get(path, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        page.goto(f"http://localhost{path}")
        found[path] = barriers(page)
        looked += 1
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert looked > 40


def test_no_refused_form_shuts_anybody_out(app, client, browser):
    here = place()
    build.sign_in(client, build.user(here.station, EVERYTHING))
    found, refused = {}, 0
    page = browser.new_page()
    fed_by(client, page)
    for rule in pages(app):
        path = address(app, rule, here)
        if "POST" not in rule.methods or access(app, rule) == PUBLIC:
            continue
        page.goto(f"http://localhost{path}")
        form = page.locator("main form[method=post]")
        if form.count():
            with page.expect_navigation():
                form.first.evaluate("form => { form.submit() }")
            found[path] = barriers(page)
            refused += page.locator("[role=alert], .err").count() > 0
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert refused > 8
