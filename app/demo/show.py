"""What there is to see in the demo: vaccine, a session today with its list, and past doses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from decimal import Decimal

from flask import g
from peewee import fn

from app import clock
from app.accounts.actions import SignedIn, signed_in
from app.accounts.models import Membership, User
from app.closing import actions as closing
from app.db import db
from app.demo.nation import (
    AT_A_SITE,
    SHOWN,
    SignIn,
    add_accounts,
    add_sites,
    is_demo,
    new_passwords,
    sites,
)
from app.demo.people import add_people
from app.people.models import Care, Person
from app.sessions.actions import Plan, expect, plan
from app.sessions.models import VaccinationSession
from app.stock.actions import receive
from app.stock.models import Holding, Lot
from app.units.models import Unit
from app.visits.actions import AtDesk, Injection, at_desk, finish, fresh
from app.visits.models import Dose

LISTED, PAST = 30, ((60, 12), (30, 6))  # days ago, doses at each site
PRODUCTS = ("COMIRNATY", "ASTRAZENECA", "SPIKEVAX")


def run(
    people: int, sites_: int, seed: int, if_empty: bool = False, passwords: bool = False
) -> list[SignIn]:
    """Add units, people, accounts and past doses, or, with `if_empty` where a demo is already,
    only today's sessions; with `passwords` only other passwords. Returns the sign-ins that were
    made. Raises NotADemo."""
    known = is_demo()
    if passwords:
        return new_passwords() if known else []
    made = [] if known and if_empty else _add(people, sites_, seed, known)
    _keep()
    return made


def _add(people: int, sites_: int, seed: int, known: bool) -> list[SignIn]:
    with db.atomic():
        add_sites(sites_, seed)
        made = [] if known else add_accounts(seed)
    add_people(people, seed, sites())
    for account, unit in [] if known else _shown():
        with db.atomic(), _working(account, unit) as who:
            _past(unit, who)
    return made


def _keep() -> None:
    """A session today, with lots and a list, at each of the first sites that has none."""
    for account, unit in _shown():
        with db.atomic(), _working(account, unit) as who:
            today = (VaccinationSession.unit == unit) & (
                VaccinationSession.held_on == clock.today()
            )
            if not VaccinationSession.select().where(today).exists():
                session_id = _session(unit, who)
                for person_id in _waiting(unit, LISTED):
                    expect(session_id, person_id, who)


def _shown() -> list[tuple[User, Unit]]:
    """The first stations with somebody who does everything there."""
    rows = Membership.select(Membership, User, Unit).join(User).switch(Membership).join(Unit)
    mine = rows.where(Membership.roles == AT_A_SITE, Unit.level == "station")
    return [(row.user, row.unit) for row in mine.order_by(Unit.id).limit(SHOWN)]


@contextmanager
def _working(account: User, unit: Unit) -> Iterator[SignedIn]:
    """Act as somebody, so that the audit says who it was."""
    row = Membership.get(Membership.user == account, Membership.unit == unit)
    g.user = signed_in(row)
    try:
        yield g.user
    finally:
        del g.user


def _session(unit: Unit, who: SignedIn) -> int:
    """A session of today with lots that last for a while."""
    today = clock.today()
    mine = Holding.usable(today).where(Holding.unit == unit)
    known = {row.lot.product for row in mine if row.lot.expires_on > today + timedelta(days=7)}
    for product in PRODUCTS:
        if product not in known:
            number, last = f"{product[:2]}{today:%d%m%y}", today + timedelta(days=120)
            receive(product, number, last, 300, "", unit.id, who)
    lots = tuple(row.id for row in mine.clone())
    return plan(unit.id, Plan(today, "day", 2, 200, "", lots), who)


def _waiting(unit: Unit, n: int) -> list[int]:
    """Grown-ups in care of a unit without a second dose, and without any in the last 28 days."""
    late = Dose.given_at > clock.now() - timedelta(days=28)
    had = Dose.select().where(Dose.person == Person.id, late | (Dose.seq > 1))
    query = Person.select(Person.id).join(Care).where(Care.unit == unit, ~fn.EXISTS(had))
    # Whatever the month, who was born then is of age.
    grown_up = Person.dob_year <= clock.today().year - 19
    return [row.id for row in query.where(grown_up).order_by(Person.id).limit(n)]


def _past(unit: Unit, who: SignedIn) -> None:
    """Two sessions of the past: some people came once, some of these again."""
    people = _waiting(unit, PAST[0][1])
    for ago, n in PAST:
        morning = datetime.combine(clock.today() - timedelta(days=ago), time(8))
        with clock.frozen(morning):
            session_id = _session(unit, who)
            for person_id in people[:n]:
                expect(session_id, person_id, who)
        lot = _first_lot(unit)
        for minutes, person_id in enumerate(people[:n]):
            with clock.frozen(morning + timedelta(minutes=minutes)):
                given = Injection(lot, who.id)
                asked = AtDesk(session_id, person_id, "dose", "", Decimal("36.6"), given)
                visit_id = at_desk(asked, who)
            with clock.frozen(morning + timedelta(minutes=minutes + 31)):
                visit = fresh(visit_id)
                finish(visit, visit.version, who)
        with clock.frozen(morning + timedelta(hours=8)):
            closing.take(session_id, lot, n, who)
            closing.close(session_id, who)


def _first_lot(unit: Unit) -> int:
    here = Holding.within(unit.path).where(Lot.product == PRODUCTS[0], Holding.unit == unit)
    return int(here.order_by(Lot.id).get().id)
