"""Real threads and connections: one dose, one unit, one row, whatever happens at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

from flask import g

from app.accounts.actions import signed_in
from app.accounts.models import Membership, User
from app.audit import chain_key, verify
from app.db import db
from app.once import once
from app.stock.models import Holding, Movement
from app.units.models import Unit
from app.visits import actions
from app.visits.models import Dose, Visit
from app.words import Refused
from tests import build


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
    row = (
        Membership.select(Membership, User, Unit)
        .join(User).switch(Membership).join(Unit).where(User.id == user_id).get()
    )  # fmt: skip
    g.user = signed_in(row)
    return g.user


def give(visit_id, holding_id, user_id):
    visit = actions.fresh(visit_id)
    given = actions.Injection(holding_id, user_id)
    return actions.record_dose(visit, visit.version, given, working(user_id))


def test_two_sites_and_one_person_are_one_dose(app):
    person = build.person()
    visits, works = [], []
    for _ in range(2):
        site = build.country()[2]
        staff, lot = build.user(site), build.holding(site)
        visit = build.visit(build.session(site, [lot]), person, state="ready")
        visits.append(visit)
        works.append(lambda v=visit.id, h=lot.id, u=staff.id: give(v, h, u))
    found = all_at_once(app, works)
    assert sum(isinstance(one, Refused) for one in found) == 1
    assert Dose.select().where(Dose.person == person).count() == 1
    assert sorted(v.state for v in Visit.select()) == ["observing", "ready"]
    assert sorted(h.balance for h in Holding.select()) == [99, 100]


def test_the_last_unit_of_a_lot_is_taken_once(app):
    site = build.country()[2]
    staff, lot = build.user(site), build.holding(site, doses=1)
    session = build.session(site, [lot])
    visits = [build.visit(session, state="ready") for _ in range(6)]
    found = all_at_once(app, [lambda v=visit.id: give(v, lot.id, staff.id) for visit in visits])
    assert sum(not isinstance(one, Refused) for one in found) == 1
    assert Dose.select().count() == 1
    assert Holding.get_by_id(lot.id).balance == 0
    assert Movement.select().where(Movement.kind == "dose").count() == 1
    assert [v.state for v in Visit.select()].count("observing") == 1


def test_one_form_sent_ten_times_at_once_is_one_row(app):
    site = build.country()[2]
    staff, lot = build.user(site), build.holding(site)
    visit = build.visit(build.session(site, [lot]), state="ready")

    def send():
        working(staff.id)
        return once("k" * 22, "body", lambda: give(visit.id, lot.id, staff.id))

    found = all_at_once(app, [send] * 10)
    assert {str(one) for one in found} == {str(Dose.get().id)}
    assert Dose.select().count() == 1
    assert Holding.get_by_id(lot.id).balance == 99
    assert verify(chain_key())[1] == []


def test_two_desks_at_once_give_one_dose_to_one_person(app):
    person = build.person()
    site = build.country()[2]
    staff, lot = build.user(site), build.holding(site)
    session = build.session(site, [lot])
    asked = actions.AtDesk(
        session.id, person.id, "dose", "", None, actions.Injection(lot.id, staff.id)
    )
    found = all_at_once(app, [lambda: actions.at_desk(asked, working(staff.id))] * 4)
    assert sum(not isinstance(one, Refused) for one in found) == 1
    assert Visit.select().count() == Dose.select().count() == 1
    assert Holding.get_by_id(lot.id).balance == 99
