"""A station whose session ends: two lots at hand, three people vaccinated with the first."""

from types import SimpleNamespace

import pytest

from app.accounts import actions as accounts
from app.accounts.models import Membership
from app.closing.models import lots
from app.sessions.models import SessionLot
from tests import build


def as_signed_in(user):
    """The account as actions know it."""
    return accounts.signed_in(Membership.get(Membership.user == user))


@pytest.fixture
def here(app, client):
    nation, province, site = build.country()
    staff = build.user(site)
    first, other = build.holding(site, doses=60), build.holding(site, "SPIKEVAX", doses=40)
    session = build.session(site, [first])
    visits = [build.visit(session, state="ready") for _ in range(3)]
    doses = [build.dose(visit, first) for visit in visits]
    build.sign_in(client, staff)
    return SimpleNamespace(
        nation=nation, province=province, site=site, staff=staff, by=as_signed_in(staff),
        lot=first, other=other, session=session, visits=visits, doses=doses, client=client, app=app,
        path=f"/sessions/{session.id}",
    )  # fmt: skip


def count(session, lot, taken, returned=0):
    """Write a count into the books as it is."""
    SessionLot.insert(session=session, holding=lot, taken=taken, returned=returned).on_conflict(
        conflict_target=[SessionLot.session, SessionLot.holding],
        update={SessionLot.taken: taken, SessionLot.returned: returned},
    ).execute()


def of(session, lot):
    """What is counted of a lot at a session."""
    return next(one for one in lots(session.id) if one.holding_id == lot.id)
