"""The switch of language works without cookies, stays on the page, and carries nothing personal."""

from datetime import date, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask, g

from app.i18n import LANGUAGES, show_date, show_moment
from app.web import PUBLIC
from tests import build
from tests.page_client import Page
from tests.test_catalogue import VIETNAMESE


def switch(page: Page) -> str:
    """Where the link to the other language leads."""
    (link,) = page.css("footer a[lang]")
    return str(link.get("href"))


def addresses(page: Page) -> list[str]:
    """Where all links and forms of the page lead, but the switch, its own parts and its files."""
    found = [a.get("href") for a in page.css("a[href]") if not a.get("lang")]
    found += [form.get("action") for form in page.css("form")]
    found += [b.get("formaction") for b in page.css("button[formaction]")]
    return [address for address in found if not address.startswith("#")]


def asks(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def public_pages(app: Flask) -> list[str]:
    """The addresses of all public pages that need no argument."""
    return sorted(
        rule.rule for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", "") == PUBLIC
        and "GET" in rule.methods and not rule.arguments
    )  # fmt: skip


def test_every_public_page_speaks_english_without_cookies(app: Flask) -> None:
    browser = app.test_client(use_cookies=False)
    seen = []
    for path in [*public_pages(app), "/x/none", "/no-such-page"]:
        response = browser.get(f"{path}?lang=en", follow_redirects=True)
        if response.mimetype != "text/html":
            continue
        page = Page(browser, response)
        seen.append(page.url)
        assert page.css("html")[0].get("lang") == "en", path
        for names in page.css("main select[lang=vi]"):
            names.drop_tree()  # names of places stay what they are, and say so
        said = page.text.replace("Sổ Tiêm", "").replace("Tiếng Việt", "")
        assert not VIETNAMESE.search(said), said
        assert addresses(page), path
        for address in addresses(page):
            assert asks(address).get("lang") == "en", f"{address} on {path}"
        back = browser.open_page(switch(page))
        assert asks(switch(page))["lang"] == "vi" and back.css("html")[0].get("lang") == "vi"
    assert {"/tra-cuu", "/sign-in", "/x/none"} <= set(seen)


def test_a_form_sent_in_english_answers_in_english_without_cookies(app: Flask) -> None:
    browser = app.test_client(use_cookies=False)
    page = browser.open_page("/tra-cuu?lang=en").submit(what="1", dob="31/02/1980", pin="12")
    assert page.status == 422 and page.css("html")[0].get("lang") == "en"
    assert "There is no such day in the calendar." in " ".join(page.errors())
    assert all(asks(address)["lang"] == "en" for address in addresses(page))


def test_the_answer_to_a_form_switches_to_its_page_and_carries_nothing_personal(app, client):
    _nation, _province, site = build.country()
    dose = build.dose(build.visit(build.session(site)))
    slip, pin = build.slip(dose.visit)
    typed = {"what": slip.code, "dob": "17/05/1980", "pin": pin}
    page = client.send("/tra-cuu?lang=en", typed, status=200)
    assert page.css("html")[0].get("lang") == "en" and page.css("td")
    assert switch(page) == "/tra-cuu?lang=vi"
    assert client.open_page(switch(page)).css("html")[0].get("lang") == "vi"


def test_what_only_answers_forms_switches_to_the_page_above(app, client) -> None:
    _nation, _province, site = build.country()
    who = build.user(site)
    build.sign_in(client, who)
    token = client.open_page("/lots").form("csrf_token").values["csrf_token"]
    for deed in ("close", "first-password"):
        address = f"/accounts/{who.id}/{deed}"
        page = client.send(address, {"csrf_token": token}, status=422)
        assert client.get(address).status_code == 405
        assert switch(page) == f"{address.rpartition('/')[0]}?lang=en"
        english = client.open_page(switch(page), status=200)
        assert english.css("html")[0].get("lang") == "en"
        client.open_page(switch(english))


def test_who_is_signed_in_chooses_once(app, client) -> None:
    _nation, _province, site = build.country()
    build.sign_in(client, build.user(site))
    page = client.open_page(switch(client.open_page("/lots")))
    assert page.url == "/lots" and "Vaccine stock" in page.text
    assert not [a for a in addresses(page) if "lang" in asks(a)]
    page = client.open_page("/sessions")
    assert page.css("html")[0].get("lang") == "en"
    client.open_page("/sessions?lang=vi")
    assert client.open_page("/lots").css("html")[0].get("lang") == "vi"


@pytest.mark.parametrize("wanted", ["/sign-in?lang=en", "/sign-in?lang=en&next=/lots"])
def test_the_choice_outlives_signing_in_and_out(app, client, wanted: str) -> None:
    _nation, _province, site = build.country()
    who = build.user(site)
    page = client.open_page(wanted).submit(username=who.username, password=build.PASSWORD)
    assert page.url != "/sign-in" and page.css("html")[0].get("lang") == "en"
    page = page.form("Sign out").submit()
    assert page.url == "/sign-in" and page.css("html")[0].get("lang") == "en"


@pytest.mark.parametrize("asked", ["", "EN", "fr", "en,vi", "../en", "\x00", "en" * 9999])
def test_an_unknown_language_is_ignored(app, client, asked: str) -> None:
    page = client.open_page("/tra-cuu", query_string={"lang": asked}, status=200)
    assert page.css("html")[0].get("lang") == "vi"
    assert switch(page) == "/tra-cuu?lang=en"


def test_the_switch_keeps_page_and_question(app, client) -> None:
    _nation, _province, site = build.country()
    build.sign_in(client, build.user(site))
    page = client.open_page("/lots?number=A%26B&all=1&lang=vi")
    address = urlsplit(switch(page))
    assert (address.path, asks(switch(page))) == (
        "/lots", {"number": "A&B", "all": "1", "lang": "en"},
    )  # fmt: skip


@pytest.mark.parametrize("name", ["endpoint", "_external", "_scheme", "_method", "_anchor", "lang"])
def test_no_question_leads_the_switch_away(app, client, name: str) -> None:
    page = client.open_page(
        "/tra-cuu", query_string=[(name, "javascript"), (name, "x")], status=200
    )
    address = urlsplit(switch(page))
    assert (address.scheme, address.netloc, address.path) == ("", "", "/tra-cuu")
    assert asks(switch(page))["lang"] == "en"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dates_are_day_month_year_in_both_languages(app: Flask, lang: str) -> None:
    with app.test_request_context():
        g.lang = lang
        assert show_date(date(2021, 8, 5)) == "05/08/2021"
        assert show_moment(datetime(2021, 8, 5, 20, 30)) == "06/08/2021 03:30"
