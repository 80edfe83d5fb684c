"""Where: the subtree of the unit one works at, and nothing beside it."""

import threading

import pytest
from flask import g
from werkzeug.exceptions import NotFound

from app import clock
from app.accounts.actions import passwords, signed_in
from app.accounts.models import Membership, User
from app.accounts.scope import UNSCOPED, get_or_404, scoped
from app.db import db
from app.schema import MODELS
from app.units.models import Unit
from app.words import Refused
from tests import build


@pytest.fixture
def tree(app):
    nation, province, station = build.country()
    tent = build.unit("mobile", station)
    other = build.unit("station", build.unit("province", nation))
    return {
        "nation": nation,
        "province": province,
        "station": station,
        "tent": tent,
        "other": other,
    }


@pytest.mark.parametrize(
    "at, seen",
    [("nation", "nation province station tent other"), ("province", "province station tent"),
     ("station", "station tent"), ("tent", "tent"), ("other", "other")],
)  # fmt: skip
def test_one_sees_what_stands_at_or_below(app, tree, at, seen):
    who = build.user(tree[at])
    with app.app_context():
        g.user = signed_in(Membership.get(Membership.user == who))
        visible = {row.id for row in scoped(Unit)}
        for name, unit in tree.items():
            assert (unit.id in visible) is (name in seen.split())
            if name in seen.split():
                assert get_or_404(Unit, unit.id) == unit
            else:
                with pytest.raises(NotFound):
                    get_or_404(Unit, unit.id)


def test_ids_that_begin_alike_are_not_relatives(app):
    """The unit 12 does not stand below the unit 1."""
    nation = build.unit("national")
    few = [build.unit("province", nation) for _ in range(20)]
    assert any(str(b.id).startswith(str(a.id)) for a in few for b in few if a != b)
    for unit in few:
        assert [row.id for row in Unit.within(unit.path)] == [unit.id]


@pytest.mark.parametrize("row_id", [0, -1, 2**31, 2**63, 2**70, "x", "", None])
def test_impossible_ids_are_not_found(app, tree, row_id):
    who = build.user(tree["nation"])
    with app.app_context():
        g.user = signed_in(Membership.get(Membership.user == who))
        with pytest.raises(NotFound):
            get_or_404(Unit, row_id)


def test_every_model_hangs_on_the_tree_or_says_why_not():
    unscoped = {model.__name__ for model in MODELS if not hasattr(model, "within")}
    assert unscoped == set(UNSCOPED)
    assert all(UNSCOPED.values())


def test_guesses_at_the_same_moment_get_no_further_than_one_after_the_other(app):
    who, heard = build.user(build.country()[2]), []

    def guess():
        with app.app_context(), db.connection_context():
            try:
                heard.append(passwords.verify(who.username, "sai mat khau"))
            except Refused:
                heard.append("wait")

    with clock.frozen(clock.local(clock.now()).replace(tzinfo=None)):
        threads = [threading.Thread(target=guess) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(map(str, heard)) == ["None"] * 5 + ["wait"] * 7
    assert User.get_by_id(who.id).active
