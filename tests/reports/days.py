"""Days at sites for tests of the counts and the report: by hand, or random from a seed."""

import random
from datetime import datetime, timedelta

from app import clock
from app.reactions.models import Reaction
from app.reactions.rules import SIGNS
from app.sessions.models import VaccinationSession
from app.stock.models import Movement
from app.visits.models import Dose, Visit
from tests import build

DAY = datetime(2021, 8, 10, 9, 0)
# Everything that a visit may be at any moment of a day.
EVERYTHING = {
    "done": 4, "refused": 3, "delayed": 2, "contraindicated": 1, "referred": 2, "left": 1,
    "arrived": 1, "consented": 1, "ready": 1,
}  # fmt: skip


def day_at(unit, on=None, **states):
    """A session with so many visits in each state; `done` gives doses too."""
    lot = build.holding(unit, states.pop("product", "COMIRNATY"))
    held = {"held_on": on} if on else {}
    session = build.session(unit, [lot], default_lot=lot, round=states.pop("round", ""), **held)
    made = []
    for state, number in states.items():
        for _ in range(number):
            visit = build.visit(session, state="ready" if state == "done" else state)
            made.append(build.dose(visit, lot).visit if state == "done" else visit)
    return made


def react(visit, *signs, serious=False):
    """A note of a reaction to the dose of a visit."""
    return Reaction.create(
        visit=visit, dose=Dose.at_visit(visit.id), unit=visit.unit_id, signs=list(signs),
        serious=serious, noted_at=clock.now() + timedelta(minutes=20), noted_by=visit.arrived_by,
    )  # fmt: skip


def waste(lot, doses, session=None, kind="waste", at=None):
    """Doses thrown away, at a session or in the store."""
    return Movement.create(
        holding=lot, kind=kind, doses=doses if kind == "unwaste" else -doses,
        reason="waste_broken", by=build.user(lot.unit), at=at or clock.now(),
        session_id=session.id if session else None,
    )  # fmt: skip


PRODUCTS = ("COMIRNATY", "ASTRAZENECA", "VERO_CELL")
DOSES = (("CO_BAN", 1), ("CO_BAN", 2), ("CO_BAN", 3), ("CO_BAN", 4), ("BO_SUNG", 1), ("BO_SUNG", 2),
         ("NHAC_LAI", 1), ("NHAC_LAI", 3), ("NHAC_LAI", 5))  # fmt: skip
STATES = ("refused", "delayed", "contraindicated", "referred", "left", "arrived", "consented",
          "ready", "voided")  # fmt: skip


def random_day(units, seed):
    """Sessions of today and yesterday with anything in them: several products and rounds, late
    doses, voided doses with and without another one after, reactions, waste. Returns nothing: what
    is there is what the tables hold."""
    chance = random.Random(seed)
    for unit in units:
        lots = [build.holding(unit, product) for product in PRODUCTS]
        for _ in range(chance.randint(0, 3)):
            planned = chance.choice([None, *lots])
            session = build.session(
                unit, [planned] if planned else [], default_lot=planned,
                held_on=DAY.date() - timedelta(days=chance.choice([0, 0, 0, 1])),
                round=chance.choice(["", "Đợt 1", "Đợt 2"]),
                closed_at=chance.choice([None, clock.now()]),
            )  # fmt: skip
            for _ in range(chance.randint(0, 12)):
                _random_visit(chance, session, lots)
            if chance.random() < 0.5:
                waste(chance.choice(lots), chance.randint(1, 5), session)
            if chance.random() < 0.3:
                waste(chance.choice(lots), 1, session, "unwaste")
        if chance.random() < 0.3:
            waste(chance.choice(lots), chance.randint(1, 5))
            waste(chance.choice(lots), 7, at=clock.now() - timedelta(days=1))


def _random_visit(chance, session, lots):
    if chance.random() < 0.45:
        build.visit(session, state=chance.choice(STATES))
        return
    visit = build.visit(session, state="ready")
    if chance.random() < 0.15:
        _random_dose(chance, visit, lots)
        if chance.random() < 0.5:
            react(visit, "headache", serious=chance.random() < 0.5)
        Dose.update(voided_at=clock.now()).where(Dose.visit == visit).execute()
        if chance.random() < 0.5:
            Visit.update(state=chance.choice(["ready", "voided"])).where(
                Visit.id == visit
            ).execute()
            return
    _random_dose(chance, visit, lots)
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        signs = chance.sample(list(SIGNS.values()), chance.randint(0, 3))
        serious = not signs or chance.random() < 0.2
        react(visit, *signs, serious=serious)


def _random_dose(chance, visit, lots):
    kind, seq = chance.choice(DOSES)
    late = {}
    if chance.random() < 0.2:
        given = clock.now() - timedelta(minutes=chance.randint(1, 3000))
        late = {"source": "late", "given_at": given, "recorded_at": clock.now()}
    build.dose(visit, chance.choice(lots), kind=kind, seq=seq, **late)


def sessions_of(units):
    """The sessions of DAY at these units."""
    return VaccinationSession.select().where(
        VaccinationSession.unit.in_(units), VaccinationSession.held_on == DAY.date()
    )
