"""A station at work: one site, one session today, one person signed in who does everything."""

from types import SimpleNamespace

import pytest

from tests import build


@pytest.fixture
def here(app, client):
    """nation, province, site, session (one lot), lot, staff; the client is signed in as staff."""
    nation, province, site = build.country()
    staff = build.user(site)
    lot = build.holding(site, doses=10)
    session = build.session(site, [lot], tables=2)
    build.sign_in(client, staff)
    return SimpleNamespace(
        nation=nation, province=province, site=site, staff=staff, lot=lot, session=session,
        client=client, app=app,
    )  # fmt: skip
