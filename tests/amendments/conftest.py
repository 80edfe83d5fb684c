"""A station with three people: one who records, one who may approve, and one session today."""

from types import SimpleNamespace

import pytest

from app.accounts.actions import signed_in
from app.accounts.models import Membership, User
from app.units.models import Unit
from tests import build


def working(user):
    """The person as actions know them, where their account is kept."""
    return signed_in(
        Membership.select(Membership, User, Unit)
        .join(User).switch(Membership).join(Unit).where(User.id == user.id).get()
    )  # fmt: skip


@pytest.fixture
def here(app, client):
    """nation, province, site, session (one lot), lot, staff (does everything but is nobody's
    second person), doctor (may approve); the client is signed in as staff."""
    nation, province, site = build.country()
    staff, doctor = build.user(site), build.user(site, "screener", name="Bác Sĩ Duyệt")
    lot = build.holding(site, doses=10)
    session = build.session(site, [lot], tables=2)
    build.sign_in(client, staff)
    return SimpleNamespace(
        nation=nation, province=province, site=site, staff=staff, doctor=doctor, lot=lot,
        session=session, client=client, app=app,
    )  # fmt: skip
