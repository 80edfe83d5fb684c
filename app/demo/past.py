"""What happened at a site before today: sessions with doses and slips, and the first two steps
of QĐ 5772/QĐ-BYT to the certificates of those who came."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from peewee import fn

from app import clock
from app.accounts.actions import SignedIn
from app.certificates.actions import confirm_until, issue_slip, sheets, sign
from app.closing import actions as closing
from app.people.models import Care, Person
from app.sessions.actions import Plan, expect, plan
from app.stock.actions import receive
from app.stock.models import Holding, Lot
from app.units.models import Unit
from app.visits.actions import AtDesk, Injection, at_desk, finish, fresh
from app.visits.models import Dose

PRODUCTS = ("COMIRNATY", "ASTRAZENECA", "SPIKEVAX")
CONFIRMED, SIGNED = 1, 2


class Past(NamedTuple):
    """A session: how many days ago it was, who came of the people of `PEOPLE`, and the step that
    its doses have reached."""

    ago: int
    came: slice
    step: int


PAST = (
    Past(75, slice(0, 8), SIGNED),
    Past(45, slice(0, 4), SIGNED),
    Past(8, slice(8, 12), CONFIRMED),
    Past(1, slice(12, 16), 0),
)
PEOPLE = 16  # at each site


def session(unit: Unit, who: SignedIn) -> int:
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


def waiting(unit: Unit, n: int) -> list[int]:
    """Grown-ups in care of a unit without a second dose, and without any in the last 28 days."""
    late = Dose.given_at > clock.now() - timedelta(days=28)
    had = Dose.select().where(Dose.person == Person.id, late | (Dose.seq > 1))
    query = Person.select(Person.id).join(Care).where(Care.unit == unit, ~fn.EXISTS(had))
    # Whatever the month, who was born then is of age.
    grown_up = Person.dob_year <= clock.today().year - 19
    return [row.id for row in query.where(grown_up).order_by(Person.id).limit(n)]


def past(unit: Unit, people: Sequence[int], who: SignedIn) -> None:
    """The sessions of PAST: some people came once, some of these again."""
    for one in PAST:
        if came := people[one.came]:
            morning = datetime.combine(clock.today() - timedelta(days=one.ago), time(8))
            _held(unit, morning, came, who)
            with clock.frozen(morning + timedelta(hours=9)):
                _step(one.step, who)


def _held(unit: Unit, morning: datetime, people: Sequence[int], who: SignedIn) -> None:
    with clock.frozen(morning):
        session_id = session(unit, who)
        for person_id in people:
            expect(session_id, person_id, who)
    lot = _first_lot(unit)
    for minutes, person_id in enumerate(people):
        with clock.frozen(morning + timedelta(minutes=minutes)):
            given = Injection(lot, who.id)
            asked = AtDesk(session_id, person_id, "dose", "", Decimal("36.6"), given)
            visit_id = at_desk(asked, who)
        with clock.frozen(morning + timedelta(minutes=minutes + 31)):
            visit = fresh(visit_id)
            finish(visit, visit.version, who)
            issue_slip(fresh(visit_id), who)
    with clock.frozen(morning + timedelta(hours=8)):
        closing.take(session_id, lot, len(people), who)
        closing.close(session_id, who)


def _first_lot(unit: Unit) -> int:
    here = Holding.within(unit.path).where(Lot.product == PRODUCTS[0], Holding.unit == unit)
    return int(here.order_by(Lot.id).get().id)


def _step(step: int, who: SignedIn) -> None:
    """Of all doses so far, those that lack nothing."""
    if step >= CONFIRMED:
        confirm_until(clock.today(), 0, who)
    if step >= SIGNED:
        sign([sheet.value for sheet in sheets(who.unit_path)], who)
