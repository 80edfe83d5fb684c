"""What people do in a session, as sentences: at stations, at one desk, and afterwards."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.accounts.models import User
from app.audit import chain_key, verify
from app.people.models import Document, Person
from app.units.models import Unit
from app.visits.models import Dose, Visit
from tests import build
from tests.page_client import Page, PageClient

# The answer to the screening sheet (QĐ 4355/QĐ-BYT) that leads to a conclusion.
FINDING = {
    "CHONG_CHI_DINH": {"i_1": "yes"},
    "TRI_HOAN": {"i_3": "yes"},
    "CHUYEN_BV": {"i_5": "yes", "t_5": "Penicillin"},
}


def at_work(app: Flask, who: User) -> PageClient:
    """A browser with this person signed in."""
    return build.sign_in(app.test_client(), who)


@dataclass
class Clinic:
    """A site at work; `staff`: what they do there → their browser. later(31): minutes pass."""

    app: Flask
    site: Unit
    staff: Mapping[str, PageClient]
    session: int
    later: Callable[[int], None]

    def somebody(self, **given: Any) -> Person:
        """A grown-up in the care of this site."""
        return build.person(self.site, **given)

    def board(self, who: str, at: str = "") -> Page:
        """The board of the session as this member of the staff sees it."""
        return self.staff[who].open_page(f"/sessions/{self.session}/board?at={at}")


def number_of(person: Person) -> str:
    """What stands on the person's card."""
    return str(Document.get(Document.person == person).number)


def visit_of(person: Person) -> Visit:
    """The person's visit, as it is stored."""
    return Visit.get(Visit.person == person)


class Stations:
    """Everybody stands at their own station and takes the first of their queue."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic

    def receives(self, person: Person) -> Page:
        page = self.clinic.board("reception").submit(what=number_of(person))
        assert person.name in page.text
        return page.form("Tiếp đón").submit()

    def hears(self, person: Person, agreed: str) -> Page:
        self.receives(person)
        page = self.clinic.board("reception", "consent").follow(person.name)
        return page.form("agreed").submit(button=agreed)

    def examines(self, person: Person, **found: str) -> Page:
        self.hears(person, "yes")
        page = self.clinic.board("screener", "screening").follow(person.name)
        return page.submit(temperature="36,6", **found)

    def vaccinates(self, person: Person) -> Page:
        self.examines(person)
        page = self.clinic.board("vaccinator", "dose").follow(person.name)
        return page.submit("holding_id")

    def is_refused_by(self, person: Person) -> Page:
        return self.hears(person, "no")

    def finds(self, person: Person, conclusion: str) -> Page:
        return self.examines(person, conclusion=conclusion, **FINDING[conclusion])

    def ends_observation(self, person: Person) -> Page:
        page = self.clinic.board("observer", "observation")
        return page.form(person.name).submit(button="Xong")


class OneDesk:
    """One person does everything on one page."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic, self.client = clinic, clinic.staff["everything"]

    def meets(self, person: Person) -> Page:
        page = self.client.open_page(f"/sessions/{self.clinic.session}/desk")
        page = page.submit(what=number_of(person))
        assert person.name in page.text
        return page

    def vaccinates(self, person: Person) -> Page:
        return self.meets(person).submit("holding_id")

    def is_refused_by(self, person: Person) -> Page:
        return self.meets(person).form("holding_id").submit(button="Không đồng ý")

    def finds(self, person: Person, conclusion: str) -> Page:
        page = self.meets(person).form("holding_id").submit(button="Có mục CÓ")
        return page.submit(temperature="36,6", conclusion=conclusion, **FINDING[conclusion])

    def ends_observation(self, person: Person) -> Page:
        page = self.clinic.board("everything", "observation")
        return page.form(person.name).submit(button="Xong")


def notes_a_reaction(clinic: Clinic, person: Person, keys: str) -> Page:
    """Somebody of the observers types the digits of what they see."""
    page = clinic.board("observer", "observation").follow("Phản ứng")
    assert person.name in page.text
    return page.submit(keys=keys)


def gets_a_slip(clinic: Clinic, person: Person) -> tuple[str, str]:
    """Print the slip; what the person takes home: (code, PIN)."""
    page = clinic.staff["observer"].open_page(f"/visits/{visit_of(person).id}/slip")
    return code_and_pin(page.form("Cấp và in").submit())


def code_and_pin(paper: Page) -> tuple[str, str]:
    """What a person reads on the paper in order to look their doses up."""
    said = re.search(r"Code: ([0-9A-Z –-]+?) · Mã PIN/PIN: (\d{6})", paper.text)
    assert said, paper.text
    return said[1], said[2]


def looks_up(clinic: Clinic, what: str, birth: str, pin: str) -> Page:
    """Somebody at home, without an account and without cookies."""
    page = clinic.app.test_client(use_cookies=False).open_page("/tra-cuu")
    return page.submit(what=what, dob=birth, pin=pin)


def the_province_counts(clinic: Clinic, **counts: int) -> Page:
    """The province's day has these counts, and behind each stand as many visits."""
    page = clinic.staff["province"].open_page("/reports")
    seen = {name: count_on(page, name) for name in counts}
    assert seen == counts
    for name in [name for name, count in counts.items() if count]:
        behind = click_count(page, name)
        assert len(behind.css("tbody tr")) == counts[name], behind.text
    return page


def count_on(page: Page, name: str) -> int:
    """The figure above a count; without a link to it there is nothing to count."""
    found = page.css(f'.t a[href*="count={name}"]')
    return int(found[0].getparent().cssselect("b")[0].text) if found else 0


def click_count(page: Page, name: str) -> Page:
    """The visits behind a count."""
    return page.client.open_page(page.css(f'.t a[href*="count={name}"]')[0].get("href"))


def the_audit_holds(at_least: int) -> None:
    """Every link of every chain is whole."""
    links, broken = verify(chain_key())
    assert broken == [] and links >= at_least


def doses_of(person: Person) -> int:
    """How many doses are stored for the person."""
    return int(Dose.select().where(Dose.person == person).count())
