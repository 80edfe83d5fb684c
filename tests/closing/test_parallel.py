"""Real threads and connections: a closing, and something that it would have had to count."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import g

from app import clock
from app.accounts.actions import signed_in
from app.accounts.models import Membership, User
from app.amendments import actions as amendments
from app.closing import actions
from app.closing.models import Closing, lots, pending
from app.db import db
from app.once import new_key
from app.sessions.models import VaccinationSession
from app.units.models import Unit
from app.visits import actions as visits
from app.visits.models import Visit
from app.words import Refused
from tests import build
from tests.closing.conftest import count

ROUNDS = 12


def all_at_once(app, works):
    """Run the works in threads of their own, with connections of their own, at one moment."""
    gate = threading.Barrier(len(works))

    def run(work):
        with app.test_request_context(), db.connection_context():
            gate.wait()
            try:
                return work()
            except Refused as refused:
                return refused

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def working(user_id):
    """The person signed in, in this thread's request."""
    row = Membership.select(Membership, User, Unit).join(User).switch(Membership).join(Unit)
    g.user = signed_in(row.where(User.id == user_id).get())
    return g.user


def station():
    """(session with a lot of which three of three were given, lot, staff)."""
    site = build.country()[2]
    staff, lot = build.user(site), build.holding(site)
    session = build.session(site, [lot])
    for _ in range(3):
        build.dose(build.visit(session, state="ready"), lot)
    count(session, lot, 3)
    return session, lot, staff


def desk(session, lot, staff):
    """A whole dose at one desk: the long way."""
    given = visits.Injection(lot.id, staff.id)
    asked = visits.AtDesk(session.id, build.person(session.unit).id, "dose", "", None, given)
    return lambda: visits.at_desk(asked, working(staff.id))


def routine(session, lot, staff):
    """The same, the short way of PostgreSQL; where it is not taken nothing is written."""
    person = build.person(session.unit)
    asked = visits.Routine(session.id, person.id, lot.id, staff.id, 1, "left_arm")

    def work():
        given = visits.routine_dose(asked, new_key(), "body", working(staff.id))
        if given is None:
            raise Refused(("", "session_closed"))
        return given

    return work


def check_in(session, lot, staff):
    """Somebody comes."""
    person = build.person(session.unit)
    return lambda: visits.check_in(session.id, person.id, working(staff.id))


def come_back(session, lot, staff):
    """Somebody who had left comes back."""
    gone = build.visit(session, state="left")
    return lambda: visits.check_in(session.id, gone.person_id, working(staff.id))


def waste(session, lot, staff):
    """A vial breaks."""
    return lambda: actions.waste(
        session.id, lot.id, 1, "waste_broken", "", working(staff.id)
    )  # fmt: skip


def take(session, lot, staff):
    """More is brought to the tables."""
    return lambda: actions.take(session.id, lot.id, 1, working(staff.id))


def undo(session, lot, staff):
    """An ending that was pressed wrongly is taken back."""
    ended = {"ended_at": clock.now(), "ended_by": staff}
    visit = build.visit(session, state="refused", **ended)
    return lambda: amendments.undo(visit.id, visit.version, working(staff.id))


def ask(session, lot, staff):
    """Somebody asks for a dose on paper to be entered."""
    given = amendments.Injected(clock.now(), lot.id, staff.id, "left_arm", 1)
    said = amendments.Late(given, True, "cause_cut", "", "tờ 1")
    person = build.person(session.unit)
    return lambda: amendments.ask_late(session.id, person.id, said, working(staff.id))


ACTS = [desk, routine, check_in, come_back, waste, take, undo, ask]


@pytest.mark.parametrize("act", ACTS)
def test_a_closing_and_an_act_cannot_both_win(app, act):
    for _ in range(ROUNDS):
        session, lot, staff = station()
        work = act(session, lot, staff)
        found = all_at_once(
            app, [work, lambda s=session, u=staff: actions.close(s.id, working(u.id))]
        )
        acted, closed = (not isinstance(one, Refused) for one in found)
        assert acted != closed or (act is routine and not acted and closed), found
        row = VaccinationSession.get_by_id(session.id)
        assert bool(row.closed_at) == closed
        if closed:
            assert not Visit.without_end(session.id).exists()
            assert not any(lot.difference for lot in lots(session.id))
            assert not pending(session.id).exists()


def test_two_closings_at_once_are_one(app):
    session, _lot, staff = station()
    found = all_at_once(app, [lambda: actions.close(session.id, working(staff.id))] * 4)
    assert sum(not isinstance(one, Refused) for one in found) == 1
    assert Closing.select().count() == 1
