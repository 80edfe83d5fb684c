"""A station with a store: its unit, a storekeeper signed in, and one lot of ten doses."""

from types import SimpleNamespace

import pytest

from app.accounts import actions as accounts
from app.accounts.models import Membership
from tests import build


def as_signed_in(user):
    """The account as actions know it."""
    return accounts.signed_in(Membership.get(Membership.user == user))


@pytest.fixture
def store(app, client):
    nation, province, site = build.country()
    keeper = build.user(site, "storekeeper")
    lot = build.holding(site, doses=10)
    build.sign_in(client, keeper)
    return SimpleNamespace(
        nation=nation, province=province, site=site, lot=lot, client=client, app=app,
        keeper=as_signed_in(keeper), account=keeper,
    )  # fmt: skip
