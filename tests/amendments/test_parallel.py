"""Real threads and connections: whatever is decided at once is decided once."""

from app import clock
from app.amendments import actions
from app.amendments.models import Amendment
from app.audit import chain_key, verify
from app.db import is_postgres
from app.people.models import Alert
from app.reactions import actions as reactions
from app.reactions.models import Reaction
from app.stock.models import Holding, Movement
from app.visits.models import Dose, Visit
from app.words import Refused
from tests import build
from tests.visits.test_parallel import all_at_once, give, working


def injected(app):
    """A dose just recorded; (visit id, user id)."""
    site = build.country()[2]
    staff, lot = build.user(site), build.holding(site)
    visit = build.visit(build.session(site, [lot]), state="ready")
    all_at_once(app, [lambda: give(visit.id, lot.id, staff.id)])
    return visit.id, staff.id


def note(visit_id, user_id):
    return reactions.note(Visit.get_by_id(visit_id), ["fever"], False, "", working(user_id))


def test_a_dose_with_a_reaction_stands_whoever_comes_first(app):
    for _ in range(10 if is_postgres() else 2):
        visit_id, user_id = injected(app)
        found = all_at_once(
            app,
            [
                lambda v=visit_id, u=user_id: actions.undo(v, 2, working(u)),
                lambda v=visit_id, u=user_id: note(v, u),
            ],
        )
        assert sum(isinstance(one, Refused) for one in found) == 1
        stands = Dose.at_visit(visit_id) is not None
        noted = Reaction.select().where(Reaction.visit == visit_id).exists()
        assert stands == noted == Alert.select().where(Alert.visit_id == visit_id).exists()


def test_two_presses_at_once_undo_once(app):
    visit_id, user_id = injected(app)
    found = all_at_once(app, [lambda: actions.undo(visit_id, 2, working(user_id))] * 4)
    assert sum(not isinstance(one, Refused) for one in found) == 1
    assert Visit.get_by_id(visit_id).state == "ready" and not Dose.at_visit(visit_id)
    assert Movement.select().where(Movement.kind == "undo").count() == 1
    assert Holding.get().balance == 100


def asked(app, people=1):
    """Late entries that wait at one session; (request ids, ids of two who may approve)."""
    site = build.country()[2]
    staff, lot = build.user(site), build.holding(site)
    session = build.session(site, [lot])
    doctors = [build.user(site, "screener").id for _ in range(2)]
    given = actions.Injected(clock.now(), lot.id, staff.id, "left_arm", 1)
    said = actions.Late(given, True, "cause_cut", "", "DS-0001")
    ids = [build.person(site).id for _ in range(people)]
    works = [lambda p=p: actions.ask_late(session.id, p, said, working(staff.id)) for p in ids]
    return all_at_once(app, works), doctors


def test_two_approvals_at_once_are_one_dose(app):
    for _ in range(5 if is_postgres() else 1):
        (row,), doctors = asked(app)
        works = [
            lambda d=d, row=row: actions.decide(row, True, "", working(d)) for d in doctors * 2
        ]
        found = all_at_once(app, works)
        assert sum(not isinstance(one, Refused) for one in found) == 1
        assert Dose.select().count() == Movement.select().where(Movement.kind == "dose").count()
        assert Amendment.get_by_id(row).state == "approved"
    assert Dose.select().count() == Visit.select().count() == (5 if is_postgres() else 1)


def test_one_person_is_asked_for_once(app):
    site = build.country()[2]
    staff, lot, person = build.user(site), build.holding(site), build.person(site)
    session = build.session(site, [lot])
    given = actions.Injected(clock.now(), lot.id, staff.id, "left_arm", 1)
    said = actions.Late(given, True, "cause_cut", "", "DS-0001")
    work = [lambda: actions.ask_late(session.id, person.id, said, working(staff.id))] * 4
    found = all_at_once(app, work)
    assert sum(not isinstance(one, Refused) for one in found) == 1
    assert Amendment.select().count() == 1


def test_two_batches_in_other_orders_do_not_wait_for_each_other(app):
    rows, doctors = asked(app, 6)
    found = all_at_once(
        app,
        [
            lambda: actions.decide_all(rows, working(doctors[0])),
            lambda: actions.decide_all(rows[::-1], working(doctors[1])),
        ],
    )
    assert sorted(len(refused) for refused in found) == [0, 6]
    assert Dose.select().count() == 6
    assert verify(chain_key())[1] == []


def test_two_lots_are_changed_for_each_other_at_once(app):
    """One dose goes from lot A to B while another goes from B to A: nobody waits for ever."""
    site = build.country()[2]
    staff, doctor = build.user(site), build.user(site, "screener")
    lots = [build.holding(site), build.holding(site)]
    session = build.session(site, lots)
    doses = [build.dose(build.visit(session, state="ready"), lot) for lot in lots * 3]
    rows = all_at_once(
        app,
        [
            lambda d=d, other=other: actions.ask_change(
                d.id, 1,
                actions.as_given(actions.values_of(d) | {"holding_id": other.id}), "nhầm lô", "",
                working(staff.id),
            )
            for d, other in zip(doses, lots[::-1] * 3, strict=True)
        ],
    )  # fmt: skip
    found = all_at_once(
        app, [lambda r=r: actions.decide(r, True, "", working(doctor.id)) for r in rows]
    )
    assert found == rows
    assert [row.balance for row in Holding.select()] == [97, 97]
    assert sorted(d.holding_id for d in Dose.select()) == sorted(lot.id for lot in lots * 3)
    assert verify(chain_key())[1] == []


def test_one_dose_is_asked_about_once(app):
    visit_id, user_id = injected(app)
    dose = Dose.at_visit(visit_id)
    work = [lambda: actions.ask_void(dose.id, 1, "nhầm", "", working(user_id))] * 4
    found = all_at_once(app, work)
    assert sum(not isinstance(one, Refused) for one in found) == 1
    assert Amendment.select().count() == 1
