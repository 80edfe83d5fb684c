"""A station with a session this morning, and a watch that the test turns on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest

from app import clock
from tests import build
from tests.journeys.steps import Clinic, OneDesk, Stations, at_work

STATIONS = ("reception", "screener", "vaccinator", "observer")
MORNING = datetime(2021, 10, 20, 8)


@pytest.fixture
def later() -> Iterator[Callable[[int], None]]:
    """It is eight in the morning; later(31) is 31 minutes after that or after the last time."""
    moment = MORNING
    with ExitStack() as stack:
        stack.enter_context(clock.frozen(moment))

        def turn(minutes: int) -> None:
            nonlocal moment
            moment += timedelta(minutes=minutes)
            stack.enter_context(clock.frozen(moment))

        yield turn


@pytest.fixture
def clinic(app, later) -> Clinic:
    """A station whose people are signed in, each with one role, at a session with two tables."""
    _nation, province, site = build.country()
    staff = {role: at_work(app, build.user(site, role)) for role in STATIONS}
    staff["everything"] = at_work(app, build.user(site))
    staff["province"] = at_work(app, build.user(province, "province"))
    lot = build.holding(site, doses=20)
    return Clinic(app, site, staff, build.session(site, [lot], tables=2).id, later)


@pytest.fixture(params=[Stations, OneDesk], ids=["at stations", "at one desk"])
def way(request, clinic) -> Stations | OneDesk:
    """Both ways to work."""
    return request.param(clinic)
