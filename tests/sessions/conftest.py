"""A station with two lots, whose head is signed in."""

from types import SimpleNamespace

import pytest

from app.accounts import actions as accounts
from app.accounts.models import Membership
from tests import build


def as_signed_in(user):
    """The account as actions know it."""
    return accounts.signed_in(Membership.get(Membership.user == user))


@pytest.fixture
def here(app, client):
    nation, province, site = build.country()
    head = build.user(site, "site_head")
    lots = [build.holding(site, "COMIRNATY", doses=60), build.holding(site, "SPIKEVAX", doses=40)]
    build.sign_in(client, head)
    return SimpleNamespace(
        nation=nation, province=province, site=site, head=head, by=as_signed_in(head), lots=lots,
        client=client, app=app,
    )  # fmt: skip
