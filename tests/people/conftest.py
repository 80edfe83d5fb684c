"""A station with a clerk who is signed in, and people who look at other places."""

import pytest

from tests import build


@pytest.fixture
def station(app):
    return build.country()[2]


@pytest.fixture
def desk(client, station):
    """The browser of a clerk at the station."""
    return build.sign_in(client, build.user(station))


@pytest.fixture
def away(app):
    """A station in another province."""
    return build.country()[2]
