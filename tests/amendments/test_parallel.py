"""Real threads and connections: whatever is decided at once is decided once."""

from app.amendments import actions
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
                lambda v=visit_id, u=user_id: actions.undo(v, working(u)),
                lambda v=visit_id, u=user_id: note(v, u),
            ],
        )
        assert sum(isinstance(one, Refused) for one in found) == 1
        stands = Dose.at_visit(visit_id) is not None
        noted = Reaction.select().where(Reaction.visit == visit_id).exists()
        assert stands == noted == Alert.select().where(Alert.visit_id == visit_id).exists()


def test_two_presses_at_once_undo_once(app):
    visit_id, user_id = injected(app)
    found = all_at_once(app, [lambda: actions.undo(visit_id, working(user_id))] * 4)
    assert sum(not isinstance(one, Refused) for one in found) == 1
    assert Visit.get_by_id(visit_id).state == "ready" and not Dose.at_visit(visit_id)
    assert Movement.select().where(Movement.kind == "undo").count() == 1
    assert Holding.get().balance == 100
