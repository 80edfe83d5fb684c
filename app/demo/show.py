"""What there is to see in the demo: vaccine, a session today with its list, past doses and their
certificates."""

from app import clock
from app.accounts.models import Membership, User
from app.db import db
from app.demo.certified import issue_most, verify
from app.demo.nation import (
    AT_A_SITE,
    SHOWN,
    SignIn,
    account,
    add_accounts,
    add_sites,
    is_demo,
    new_passwords,
    sites,
    working,
)
from app.demo.past import PEOPLE, past, session, waiting
from app.demo.people import add_people
from app.reports.actions import count_days
from app.sessions.actions import expect
from app.sessions.models import VaccinationSession
from app.units.models import Unit

LISTED = 30


def run(
    people: int, sites_: int, seed: int, if_empty: bool = False, passwords: bool = False
) -> list[SignIn]:
    """Add units, people, accounts, past doses and certificates, or, with `if_empty` where a demo
    is already, only today's sessions; with `passwords` only other passwords. Returns the sign-ins
    that were made. Raises NotADemo."""
    known = is_demo()
    if passwords:
        return new_passwords() if known else []
    made = [] if known and if_empty else _add(people, sites_, seed, known)
    _keep()
    count_days()
    return made


def _add(people: int, sites_: int, seed: int, known: bool) -> list[SignIn]:
    with db.atomic():
        add_sites(sites_, seed)
        made = [] if known else add_accounts(seed)
    add_people(people, seed, sites())
    if not known:
        _add_past()
    return made


def _add_past() -> None:
    for someone, unit in _shown():
        people, police = waiting(unit, PEOPLE), account("congan")
        with db.atomic(), working(police, police.unit):
            verify(people)
        with db.atomic(), working(someone, unit) as who:
            past(unit, people, who)
    ministry = account("boyte")
    with working(ministry, ministry.unit) as who:
        issue_most(who)


def _keep() -> None:
    """A session today, with lots and a list, at each of the first sites that has none."""
    for someone, unit in _shown():
        with db.atomic(), working(someone, unit) as who:
            today = (VaccinationSession.unit == unit) & (
                VaccinationSession.held_on == clock.today()
            )
            if not VaccinationSession.select().where(today).exists():
                session_id = session(unit, who)
                for person_id in waiting(unit, LISTED):
                    expect(session_id, person_id, who)


def _shown() -> list[tuple[User, Unit]]:
    """The first stations with somebody who does everything there."""
    rows = Membership.select(Membership, User, Unit).join(User).switch(Membership).join(Unit)
    mine = rows.where(Membership.roles == AT_A_SITE, Unit.level == "station")
    return [(row.user, row.unit) for row in mine.order_by(Unit.id).limit(SHOWN)]
