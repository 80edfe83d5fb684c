"""Somebody with one dose and its slip, who says that something is wrong; and who answers."""

from types import SimpleNamespace

import pytest

from app.corrections.models import Ticket
from tests import build
from tests.amendments.conftest import working

PHONE = "0912345678"


@pytest.fixture
def told(app, client):
    """nation, province, site, person, dose, slip, pin, client, app; head and doctor work at the
    site, officer in the police of the province."""
    nation, province, site = build.country()
    person = build.person(site, phone=PHONE, identity_state="verified")
    dose = build.dose(build.visit(build.session(site), person))
    slip, pin = build.slip(dose.visit)
    return SimpleNamespace(
        nation=nation, province=province, site=site, person=person, dose=dose, slip=slip, pin=pin,
        number=person.documents[0].number, head=build.user(site, "site_head reception"),
        doctor=build.user(site, "screener"), officer=build.user(province, "police"),
        client=client, app=app,
    )  # fmt: skip


def looked_up(told):
    """The page with the mark, ready to say what is wrong."""
    page = told.client.send("/tra-cuu", {"what": told.number, "dob": "17/05/1980", "pin": told.pin})
    return page.form("Gửi phản ánh").submit()


def filed(told, kind="not_me", **said) -> Ticket:
    """A ticket of the person who was looked up."""
    page = looked_up(told).form("kind").submit(kind)
    page = page.submit("phone", phone=PHONE, **said)
    assert page.status == 200, page.errors()
    return Ticket.select().order_by(Ticket.id.desc()).get()


def at(told, who):
    """The client, signed in as somebody."""
    return build.sign_in(told.client, who)


__all__ = ["PHONE", "at", "filed", "looked_up", "told", "working"]
