"""Somebody with one dose and the slip that was printed for it."""

from types import SimpleNamespace

import pytest

from tests import build


@pytest.fixture
def holder(app, client):
    """person, number, slip, pin, site, dose; ask(…) sends the form with what is right unless told
    otherwise."""
    _nation, _province, site = build.country()
    person = build.person(site, phone="0912345678", priority_group="9")
    dose = build.dose(build.visit(build.session(site), person))
    slip, pin = build.slip(dose.visit)
    number = person.documents[0].number

    def ask(what: str = number, dob: str = "17/05/1980", pin: str = pin, **options):
        return client.send("/tra-cuu", {"what": what, "dob": dob, "pin": pin}, **options)

    return SimpleNamespace(
        person=person, number=number, slip=slip, pin=pin, site=site, dose=dose, ask=ask,
        client=client,
    )  # fmt: skip


@pytest.fixture
def number(app, monkeypatch):
    """People may text us, at this number."""
    config = app.extensions["config"]
    monkeypatch.setitem(app.extensions, "config", config._replace(sms_number="8899"))
    return "8899"


def wrong(pin: str) -> str:
    """Another PIN."""
    return f"{(int(pin) + 1) % 10**6:06}"
