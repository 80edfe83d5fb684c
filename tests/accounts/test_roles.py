"""Who may give what to whom: nobody can climb."""

import pytest

from app.accounts.roles import AT_A_SITE, GIVES, NAMES, ROLES, VERBS, fitting, given_by, verbs
from app.units.models import Level
from tests import build


def test_all_tables_speak_of_the_same_roles_and_rights():
    assert set(ROLES) == set(NAMES)
    assert verbs(ROLES) == set(VERBS)
    assert set(GIVES) <= set(ROLES)


def test_only_those_who_manage_accounts_give_roles():
    assert {role for role in ROLES if "user.manage" in ROLES[role]} == set(GIVES)


@pytest.mark.parametrize("giver", GIVES)
def test_whom_one_makes_can_give_no_more_than_oneself(giver):
    for made in GIVES[giver]:
        assert given_by([made]) <= GIVES[giver], made


@pytest.mark.parametrize(
    "giver, gives",
    [("site_head", AT_A_SITE),
     ("province", AT_A_SITE | {"province", "site_head", "police", "auditor"}),
     ("national", frozenset(ROLES)), ("vaccinator", frozenset()), ("auditor", frozenset())],
)  # fmt: skip
def test_what_each_gives(giver, gives):
    assert given_by([giver]) == gives


def test_unknown_roles_give_nothing():
    assert verbs(["root"]) == given_by(["root"]) == frozenset()


def test_every_role_fits_somewhere_and_every_level_has_roles(app):
    levels = list(Level.select())
    assert all(fitting(level.code, level.is_site) <= set(ROLES) for level in levels)
    assert all(fitting(level.code, level.is_site) for level in levels)
    assert frozenset().union(*(fitting(x.code, x.is_site) for x in levels)) == set(ROLES)


def test_page_of_roles_says_what_the_gate_reads(app, client):
    build.sign_in(client, build.user(build.country()[2], "vaccinator"))
    page = client.open_page("/roles")
    assert page.status == 200
    for text in [*NAMES.values(), *VERBS.values()]:
        assert text in page.text
    assert "Người tiêm – vai trò của bạn" in page.text
