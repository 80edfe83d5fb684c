"""A dose of today, told to the outbox, and a gateway that keeps what it is given."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from app import clock, outbox
from app.notices import gateways
from tests import build

NOON = datetime(2021, 8, 12, 12)


class Gateway:
    """Keeps what was sent by its reference; `fails` is raised instead of taking the next ones."""

    def __init__(self, name: str = "first") -> None:
        self.name, self.sent, self.calls = name, {}, []
        self.fails: gateways.NotSent | None = None

    def send(self, reference: str, phone: str, text: str) -> str:
        self.calls.append(reference)
        if self.fails:
            raise self.fails
        self.sent[reference] = (phone, text)
        return f"id-{reference}"


@pytest.fixture
def noon(app):
    with clock.frozen(NOON):
        yield NOON


@pytest.fixture
def given(noon):
    """A dose of somebody with a telephone, its event; record(…) makes others."""
    site = build.country()[2]

    def record(phone="0912345678", source="session", given_at=None, **person):
        who = build.person(site, phone=phone, **person)
        dose = build.vaccinated(site, who, source=source, given_at=given_at or clock.now())
        outbox.emit("dose.recorded", dose=dose.id)
        return dose

    return SimpleNamespace(dose=record(), site=site, record=record)


@pytest.fixture
def gateway():
    return Gateway()
