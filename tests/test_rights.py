"""Every role × every route × own unit, another unit, nobody: made from the URL map, so that a new
route is tried as soon as it is there. What is expected comes from roles.py and from what the view
declares; an argument of an address needs a line in ARGUMENTS."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule

from app import clock
from app.accounts.models import User
from app.accounts.roles import ROLES, verbs
from app.amendments.models import Amendment
from app.audit import AuditEntry
from app.certificates.models import BulkPrint, Slip
from app.corrections.models import Ticket
from app.imports.models import PastFile, Upload, WishFile
from app.lists.models import PrintRun
from app.people.models import Document
from app.units.models import Unit
from app.visits.models import Dose
from app.web import PUBLIC, SIGNED_IN
from tests import build
from tests.certificates.issued import issued
from tests.page_client import PageClient

METHODS = ("GET", "POST")
DONE = {200, 303, 409, 422}  # a page, the next one, or what was wrong with an empty form


class Place(NamedTuple):
    """A station, the units above it, and who is received there."""

    nation: Unit
    province: Unit
    station: Unit


def slip(at: Place) -> Slip:
    visit = vaccinated(at)
    return Slip.create(
        visit=visit, person=visit.person, unit=at.station, code=f"C{next(build.numbers):07}",
        nonce="n", issued_at=clock.now(), issued_by=visit.arrived_by,
    )  # fmt: skip


def vaccinated(at: Place) -> Any:
    visit = build.visit(build.session(at.station))
    build.dose(visit)
    return visit


def amendment(at: Place) -> Amendment:
    visit = vaccinated(at)
    return Amendment.create(
        kind="late", unit=at.station, person=visit.person, session=visit.session,
        after={"given_at": clock.now().isoformat()}, asked_by=visit.arrived_by,
        asked_at=clock.now(),
    )  # fmt: skip


def upload(at: Place) -> Upload:
    session = build.session(at.station)
    return Upload.create(
        session=session, digest="d" * 64, columns=[], skipped=[], by=session.created_by,
        at=clock.now(),
    )  # fmt: skip


def past(at: Place) -> PastFile:
    return PastFile.create(
        unit=at.station, digest=f"{next(build.numbers):064}", columns=[], proof="proof_book",
        evidence="1", reason="", by=build.user(at.station), at=clock.now(),
    )  # fmt: skip


def wish_file(at: Place) -> WishFile:
    return WishFile.create(
        unit=at.station, digest=f"{next(build.numbers):064}", columns=[], name="Công ty",
        contact="Lê Thị Hoa", phone="0912345678", area_scheme="vn34", area_code="00004",
        priority_group="13", wished_on=clock.today(), half_day="day", by=build.user(at.station),
        at=clock.now(),
    )  # fmt: skip


def run(at: Place) -> PrintRun:
    session = build.session(at.station)
    return PrintRun.create(
        unit=at.station, kind="paper", session=session, at=clock.now(), by=session.created_by
    )


def bulk(at: Place) -> BulkPrint:
    row = issued(Dose.at_visit(vaccinated(at).id))
    return BulkPrint.create(
        unit=at.station, what="workplace", which="x", layout="a4", certificates=[row.id], total=1,
        by=build.user(at.station), at=clock.now(),
    )  # fmt: skip


def ticket(at: Place) -> Ticket:
    return Ticket.create(
        code=f"T{next(build.numbers):07}", kind="missing", half="health", channel="portal",
        unit=at.station, phone="0912345678", asked_at=clock.now(), due_answer=clock.today(),
        due_settle=clock.today(),
    )  # fmt: skip


# Argument of an address → something of that kind that belongs to a place.
ARGUMENTS: dict[str, Callable[[Place], Any]] = {
    "amendment_id": lambda at: amendment(at).id,
    "bulk_id": lambda at: bulk(at).id,
    "certificate_id": lambda at: issued(Dose.at_visit(vaccinated(at).id)).id,
    "code": lambda at: slip(at).code,
    "dose_id": lambda at: Dose.at_visit(vaccinated(at).id).id,
    "document_id": lambda at: Document.get(Document.person == build.person(at.station)).id,
    "file_id": lambda at: wish_file(at).id,
    "holding_id": lambda at: build.holding(at.station).id,
    "past_id": lambda at: past(at).id,
    "person_id": lambda at: build.person(at.station).id,
    "run_id": lambda at: run(at).id,
    "session_id": lambda at: build.session(at.station).id,
    "ticket_id": lambda at: ticket(at).id,
    "unit_id": lambda at: at.station.id,
    "upload_id": lambda at: upload(at).id,
    "user_id": lambda at: build.user(at.station, "reception").id,
    "visit_id": lambda at: vaccinated(at).id,
}
# The same for everybody, or open on purpose.
ANYWHERE = {
    "code": "printed on the slip; its page shows the minimum",
}
WORDS = {"day": "2026-11-25", "digest": "00000000", "name": "so.css", "part": "1"}

# What is not 404 for another unit although its address names something there, and why.
FROM_ELSEWHERE = {
    "people.receive": "people go where they like; the form wants their whole number",
}
# What is 404 at one's own unit too when the form is empty, and why.
NOT_WITH_AN_EMPTY_FORM = {
    "accounts.at": "the form names one of one's own units",
    "corrections.choose": "this ticket is of health, and the police answer for identity",
    "corrections.copy": "this ticket asks for no copy",
    "corrections.act": "this ticket is of health, and the police answer for identity",
    "corrections.link": "this ticket is of health, and the police answer for identity",
    "corrections.photo": "this ticket has no photo",
    "corrections.show": "this ticket is of health, and the police answer for identity",
    "sessions.expect": "the form names a person",
    "units.edit": "a head changes the units below, not the own one",
}
# Where an account is kept: everybody at the lowest unit that has the role.
KEPT = {"national": "nation", "province": "province", "police": "province", "auditor": "province"}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every address with every method."""
    for rule in app.url_map.iter_rules():
        for method in METHODS:
            if method in rule.methods:
                yield rule, method


def address(app: Flask, rule: Rule, at: Place) -> str:
    """The rule with arguments that belong to a place. KeyError: ARGUMENTS has no such line."""
    values = {}
    for name in rule.arguments:
        choices = getattr(rule._converters[name], "items", None)
        values[name] = min(choices) if choices else WORDS.get(name) or ARGUMENTS[name](at)
    return app.url_map.bind("localhost").build(rule.endpoint, values, rule.methods and None)


def place() -> Place:
    return Place(*build.country())


def enter(app: Flask, client: PageClient, who: User) -> dict[str, str]:
    """Sign in; what a form of this sign-in carries: token and key."""
    build.sign_in(client, who)
    with client.session_transaction() as session:
        session["csrf_token"] = "t" * 40
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("t" * 40)
    return {"csrf_token": str(token), "key": f"{next(build.numbers):020}"}


def ask(client: PageClient, method: str, path: str, form: dict[str, str]) -> int:
    answer = client.open(path, method=method, data=form if method == "POST" else None)
    return answer.status_code


def access(app: Flask, rule: Rule) -> Any:
    return app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]


def may(app: Flask, rule: Rule, role: str) -> bool:
    declared = access(app, rule)
    return declared in (PUBLIC, SIGNED_IN) or bool(set(declared) & verbs([role]))


def names_something(rule: Rule) -> bool:
    return bool(set(rule.arguments) & (set(ARGUMENTS) - set(ANYWHERE)))


def test_every_argument_is_known(app):
    for rule, _method in routes(app):
        for name in rule.arguments:
            known = name in ARGUMENTS or name in WORDS
            assert known or hasattr(rule._converters[name], "items"), f"{rule}: {name}"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_what_it_may_at_its_own_unit(app, client, role):
    here = place()
    who = build.user(getattr(here, KEPT.get(role, "station")), role)
    wrong = []
    for rule, method in routes(app):
        path = address(app, rule, here)
        status = ask(client, method, path, enter(app, client, who))
        expected = DONE if may(app, rule, role) else {403}
        if rule.endpoint in NOT_WITH_AN_EMPTY_FORM and may(app, rule, role):
            expected = DONE | {404}
        if access(app, rule) == PUBLIC:
            expected = DONE | {404, 503}  # what it tells does not depend on who asks
        if rule.endpoint == "portal.sms":
            expected = {403}  # only who signs
        if status not in expected:
            wrong.append((method, path, status))
    assert not wrong


@pytest.mark.parametrize("role", [role for role in ROLES if role != "national"])
def test_a_role_finds_nothing_of_another_unit(app, client, role):
    here, there = place(), place()
    who = build.user(getattr(here, KEPT.get(role, "station")), role)
    wrong, tried = [], 0
    for rule, method in routes(app):
        if not names_something(rule) or access(app, rule) == PUBLIC:
            continue
        path = address(app, rule, there)
        status = ask(client, method, path, enter(app, client, who))
        expected = {404} if may(app, rule, role) else {403}
        if rule.endpoint in FROM_ELSEWHERE and may(app, rule, role):
            expected = DONE
        tried += 1
        if status not in expected:
            wrong.append((method, path, status))
    assert not wrong and tried > 30


# Whatever needs no right is listed, so that none is forgotten behind the wrong decorator.
OPEN = {
    PUBLIC: {
        "accounts.sign_in", "asset", "healthz", "home", "metrics", "portal.certificate",
        "portal.figures", "portal.figures_by_place", "portal.guide",
        "portal.correct", "portal.follow", "portal.ill", "portal.look_up", "portal.register",
        "portal.evidence", "portal.registration", "portal.reply", "portal.sites", "portal.sms",
        "portal.verify", "readyz", "verification.camera", "verification.check",
        "verification.checkpoint", "verification.checkpoint_worker",
        "verification.checkpoint_list", "verification.revocation_list", "verification.trust_list",
    },
    SIGNED_IN: {"accounts.at", "accounts.password", "accounts.roles", "accounts.sign_out"},
}  # fmt: skip


@pytest.mark.parametrize("kind", OPEN)
def test_what_is_open_to_all_is_listed(app, kind):
    assert {rule.endpoint for rule, _method in routes(app) if access(app, rule) == kind} == OPEN[
        kind
    ]


def test_nobody_is_asked_to_sign_in(app, client):
    here, wrong = place(), []
    for rule, method in routes(app):
        path = address(app, rule, here)
        answer = client.open(path, method=method)
        asked = answer.status_code == 303 and answer.location.startswith("/sign-in")
        if asked == (access(app, rule) == PUBLIC):
            wrong.append((method, path, answer.status_code))
    assert not wrong


def test_nothing_is_written_without_the_right(app, client):
    """Not even a trace: what is refused changes no table."""
    here = place()
    who = build.user(here.station, "storekeeper")
    paths = [
        (method, address(app, rule, here))
        for rule, method in routes(app)
        if not may(app, rule, "storekeeper")
    ]
    form = enter(app, client, who)
    before = AuditEntry.select().count()
    assert {ask(client, method, path, form) for method, path in paths} == {403}
    assert AuditEntry.select().count() == before
