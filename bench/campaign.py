"""A campaign in which people forget, mistype and break things: does every dose come to light?

Whole days at many stations, through the real actions. Beside them the program keeps the truth:
what really left the store, what was really injected, thrown away and brought back. It fails when a
session closes although a lot is not accounted for, when a dose that was given and not entered is
not on the first page of the next morning, or when in the end books, ledger and truth disagree.
One JSON line on standard output, progress on standard error.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from flask import Flask, g
from peewee import fn

from app import audit, clock, create_app
from app.accounts.actions import SignedIn, signed_in
from app.accounts.models import Membership
from app.amendments import actions as amendments
from app.closing import actions as closing
from app.closing.models import open_by_unit, open_sessions
from app.config import Config
from app.db import db
from app.sessions.actions import Plan, plan
from app.sessions.models import VaccinationSession
from app.stock.models import Holding, Movement
from app.units.models import Unit
from app.visits import actions as visits
from app.visits.models import Dose, Visit
from app.words import Refused
from bench.seed import make_tables
from tests import build
from tests.postgres import running_cluster

VIAL = 6  # doses
STOCK = 1_000_000
MORNING, EVENING = timedelta(hours=8), timedelta(hours=17)

# Of a thousand people.
PEOPLE = {
    "dose": 870, "refuse": 30, "leave": 20, "undo": 30, "forget": 30, "forget at the table": 20,
}  # fmt: skip
# Of a thousand times that somebody counts.
CLERK = {"right": 930, "forgets": 30, "types too much": 20, "types too little": 20}
BREAKS = 0.3  # sessions where a vial breaks
MENDS = 0.6  # what is open is mended on the next day; otherwise it waits longer


# What is told also where it is nothing.
TOLD = (
    "closings refused", "counts forgotten", "counts mended", "counts mistyped",
    "counts refused at once", "doses", "entered late", "forgotten", "gaps older than a day",
    "gaps on a first page", "hidden by a wrong count", "opened again", "people received",
    "sessions", "undone",
)  # fmt: skip


class Wrong(AssertionError):
    """What must not be, was."""


class LotTruth:
    """A lot at a session: what happened, and what the clerk wrote of it."""

    def __init__(self, holding_id: int) -> None:
        self.holding_id = holding_id
        self.real: Counter[str] = Counter()  # taken, given, wasted, returned
        self.written: Counter[str] = Counter()  # taken, recorded, wasted, returned

    @property
    def on_table(self) -> int:
        """Doses that really lie there."""
        return self.real["taken"] - sum(self.real[k] for k in ("given", "wasted", "returned"))

    @property
    def gap(self) -> int:
        """What the service must find."""
        return self.written["taken"] - sum(
            self.written[k] for k in ("recorded", "wasted", "returned")
        )


class Forgotten(NamedTuple):
    """A dose that was given and not entered."""

    person_id: int
    lot: LotTruth
    given_at: datetime


class Session:
    """A session with its truth; forgotten: the doses of it that nobody has entered yet."""

    def __init__(self, row_id: int, station: "Station", day: date, lots: list[LotTruth]) -> None:
        self.id, self.station, self.day, self.lots = row_id, station, day, lots
        self.forgotten: list[Forgotten] = []
        self.closed = False

    @property
    def gap(self) -> int:
        """As the first page counts it."""
        return sum(abs(lot.gap) for lot in self.lots)


class Station(NamedTuple):
    """A site with somebody who does everything, and a head who approves."""

    unit: Unit
    staff: SignedIn
    head: SignedIn
    lots: list[int]


class Campaign:
    """The whole of it; `counts` is what is told."""

    def __init__(self, sites: int, days: int, people: int, seed: int) -> None:
        self.chance, self.counts = Random(seed), Counter[str](dict.fromkeys(TOLD, 0))
        self.people, self.days = people, days
        self.first = clock.today() - timedelta(days=days + 10)
        _nation, self.province, _site = build.country()
        with at(self.first, MORNING):
            self.stations = [self._station() for _ in range(sites)]
        self.sessions: list[Session] = []

    def _station(self) -> Station:
        unit = build.unit(parent=self.province)
        staff, head = (_signed_in(build.user(unit, roles)) for roles in (
            build.EVERYTHING_AT_A_SITE, "site_head"
        ))  # fmt: skip
        lots = [build.holding(unit, product, STOCK) for product in ("COMIRNATY", "SPIKEVAX")]
        return Station(unit, staff, head, [lot.id for lot in lots])

    def run(self) -> dict[str, Any]:
        """Day after day, and then as many mornings as it takes to mend everything."""
        for ago in range(self.days):
            day = self.first + timedelta(ago)
            self._morning(day)
            for station in self.stations:
                self._work(station, day)
        day = self.first + timedelta(self.days)
        while any(not session.closed for session in self.sessions):
            self._morning(day)
            day += timedelta(1)
            if day > self.first + timedelta(self.days + 9):
                raise Wrong("what is open is not mended")
        self._count_the_store(day)
        self._agree()
        return dict(sorted(self.counts.items()))

    # One day at one station

    def _work(self, station: Station, day: date) -> None:
        with at(day, MORNING), working(station.staff):
            what = Plan(day, "day", 1, 20_000, "", tuple(station.lots))
            row_id = plan(station.unit.id, what, station.staff)
        session = Session(row_id, station, day, [LotTruth(lot) for lot in station.lots])
        self.sessions.append(session)
        step = min(timedelta(minutes=2), (EVENING - MORNING - timedelta(hours=1)) / self.people)
        for n in range(self.people):
            with at(day, MORNING + step * n), working(station.staff):
                self._person(session)
        with at(day, EVENING), working(station.staff):
            self._tidy(session)
            self._try_to_close(session)

    def _person(self, session: Session) -> None:
        lot = self.chance.choice(session.lots)
        if lot.on_table < 1:
            self._take(session, lot)
        person = build.person(session.station.unit)
        act = self._draw(PEOPLE)
        self.counts["people received"] += 1
        ACTS[act](self, session, lot, person.id)

    def _give(self, session: Session, lot: LotTruth, person_id: int) -> int:
        """As it should be: injected and recorded."""
        visit_id = visits.at_desk(_desk(session, lot, person_id, "dose"), session.station.staff)
        lot.real["given"] += 1
        lot.written["recorded"] += 1
        self.counts["doses"] += 1
        return visit_id

    def _undo(self, session: Session, lot: LotTruth, person_id: int) -> None:
        """Recorded with the wrong table, taken back at once, recorded again: one dose."""
        staff, visit_id = session.station.staff, self._give(session, lot, person_id)
        amendments.undo(visit_id, Visit.get_by_id(visit_id).version, staff)
        visit = visits.fresh(visit_id)
        given = visits.Injection(lot.holding_id, staff.id)
        visits.record_dose(visit, visit.version, given, staff)
        self.counts["undone"] += 1

    def _refuse(self, session: Session, lot: LotTruth, person_id: int) -> None:
        visits.at_desk(_desk(session, lot, person_id, "no"), session.station.staff)

    def _leave(self, session: Session, lot: LotTruth, person_id: int) -> None:
        staff = session.station.staff
        visit = visits.fresh(visits.check_in(session.id, person_id, staff))
        visits.leave(visit, visit.version, "", staff)

    def _forget(self, session: Session, lot: LotTruth, person_id: int) -> None:
        """Injected; nobody sat at the computer."""
        lot.real["given"] += 1
        session.forgotten.append(Forgotten(person_id, lot, clock.now()))
        self.counts["doses"] += 1
        self.counts["forgotten"] += 1

    def _forget_at_table(self, session: Session, lot: LotTruth, person_id: int) -> None:
        """Received, then injected, and nobody pressed the button."""
        visits.check_in(session.id, person_id, session.station.staff)
        self._forget(session, lot, person_id)

    # What people count

    def _take(self, session: Session, lot: LotTruth) -> None:
        doses = VIAL * self.chance.randint(1, 3)
        lot.real["taken"] += doses
        self._write("taken", session, lot, doses, closing.take)

    def _tidy(self, session: Session) -> None:
        """Observation ends, a vial breaks, open vials are thrown away, the others go back."""
        staff = session.station.staff
        for visit in Visit.select().where(Visit.session == session.id, Visit.state == "observing"):
            visits.finish(visit, visit.version, staff)
        for lot in session.lots:
            breaks = lot.on_table >= VIAL and self.chance.random() < BREAKS
            if breaks:
                self._waste(session, lot, VIAL, "waste_broken")
            if lot.on_table % VIAL:
                self._waste(session, lot, lot.on_table % VIAL, "waste_open_too_long")
            if lot.on_table:
                doses = lot.on_table
                lot.real["returned"] += doses
                self._write("returned", session, lot, doses, closing.give_back)

    def _waste(self, session: Session, lot: LotTruth, doses: int, reason: str) -> None:
        def write(session_id: int, holding_id: int, written: int, by: SignedIn) -> None:
            closing.waste(session_id, holding_id, written, reason, "", by)

        lot.real["wasted"] += doses
        self._write("wasted", session, lot, doses, write)

    def _write(
        self, what: str, session: Session, lot: LotTruth, doses: int, act: Callable[..., None]
    ) -> None:
        """The clerk writes, rightly or not. What cannot be is refused and then written rightly."""
        how = self._draw(CLERK)
        slip = self.chance.randint(1, VIAL)
        wrong = {"types too much": doses + slip, "types too little": max(1, doses - slip)}
        written = wrong.get(how, doses)
        if how == "forgets":
            self.counts["counts forgotten"] += 1
            return
        try:
            act(session.id, lot.holding_id, written, session.station.staff)
        except Refused:
            self.counts["counts refused at once"] += 1
            try:
                act(session.id, lot.holding_id, doses, session.station.staff)
            except Refused:  # an earlier count was too low
                return
            written = doses
        self.counts["counts mistyped"] += written != doses
        lot.written[what] += written

    def _draw(self, of: dict[str, int]) -> str:
        return self.chance.choices(list(of), list(of.values()))[0]

    # Closing

    def _try_to_close(self, session: Session) -> None:
        """The service must refuse exactly what the truth beside it says is not accounted for."""
        waiting = Visit.without_end(session.id).count()
        wanted = not waiting and not any(lot.gap for lot in session.lots)
        try:
            closing.close(session.id, session.station.head)
            session.closed = True
        except Refused:
            self.counts["closings refused"] += 1
        if session.closed != wanted:
            raise Wrong(f"session {session.id} closed: {session.closed}, {session.gap} missing")
        if session.closed and session.forgotten:
            # Only an equal and opposite count of the same lot can hide a dose.
            self.counts["hidden by a wrong count"] += len(session.forgotten)

    def _morning(self, day: date) -> None:
        """What is open stands on the first pages, with its gap; then much of it is mended."""
        late = [one for one in self.sessions if not one.closed]
        with at(day, MORNING - timedelta(hours=1)):
            self._look_at_first_pages(late, day)
        for session in late:
            if self.chance.random() < MENDS or day > self.first + timedelta(self.days + 5):
                with at(day, MORNING - timedelta(minutes=30)):
                    self._mend(session)

    def _look_at_first_pages(self, late: list[Session], day: date) -> None:
        shown = {row.session_id: row for row in open_sessions(self.province.path, day, STOCK)}
        if set(shown) != {one.id for one in late}:
            raise Wrong("the first page shows other sessions than those that are open")
        for one in late:
            row = shown[one.id]
            if row.gap != one.gap or row.waiting != Visit.without_end(one.id).count():
                raise Wrong(f"session {one.id}: shown {row.gap}, missing {one.gap}")
            self.counts["gaps on a first page"] += row.gap > 0
            self.counts["gaps older than a day"] += row.gap > 0 and one.day < day - timedelta(1)
        units = open_by_unit(self.province.path, day)
        if sum(unit.gap for unit in units) != sum(one.gap for one in late):
            raise Wrong("the province sees other gaps than its sites")

    # Mending

    def _mend(self, session: Session) -> None:
        """The head goes through what is missing: paper by paper, count by count."""
        with working(session.station.head):
            for lot in session.lots:
                self._mend_waste(session, lot)
                self._mend_count(session, lot)
        for forgotten in session.forgotten:
            self._enter_late(session, forgotten)
        session.forgotten.clear()
        with working(session.station.head):
            self._try_to_close(session)
        if not session.closed:
            raise Wrong(f"session {session.id} is mended and does not close")

    def _mend_waste(self, session: Session, lot: LotTruth) -> None:
        head = session.station.head
        if lot.written["wasted"] > lot.real["wasted"]:
            for line in Movement.wasted_at(session.id):
                if line.holding_id == lot.holding_id:
                    closing.take_back_waste(session.id, line.id, head)
                    lot.written["wasted"] += line.doses
        missing = lot.real["wasted"] - lot.written["wasted"]
        if missing > 0:
            closing.waste(session.id, lot.holding_id, missing, "waste_other", "bổ sung", head)
            lot.written["wasted"] += missing

    def _mend_count(self, session: Session, lot: LotTruth) -> None:
        real, written = (
            (of["taken"], of["returned"]) for of in (lot.real, lot.written)
        )  # fmt: skip
        if real != written:
            closing.correct(session.id, lot.holding_id, written, *real, "đếm lại")
            lot.written["taken"], lot.written["returned"] = real
            self.counts["counts mended"] += 1

    def _enter_late(self, session: Session, forgotten: Forgotten) -> None:
        """One person asks, another approves."""
        station = session.station
        given = amendments.Injected(
            forgotten.given_at, forgotten.lot.holding_id, station.staff.id, "left_arm", 1
        )
        late = amendments.Late(given, True, "cause_cut", "", f"tờ {session.id}")
        with working(station.staff):
            request = amendments.ask_late(session.id, forgotten.person_id, late, station.staff)
        with working(station.head):
            amendments.decide(request, True, "", station.head)
        forgotten.lot.written["recorded"] += 1
        self.counts["entered late"] += 1

    # The end

    def _count_the_store(self, day: date) -> None:
        """Doses that a wrong count hides come to light in the store: fewer are there than the
        books say. Their sessions are opened again."""
        for session in [one for one in self.sessions if one.forgotten]:
            with at(day, MORNING):
                for lot in session.lots:
                    self._differs_from_books(lot)
                with working(session.station.head):
                    closing.reopen(session.id, "kiểm kho thấy thiếu", session.station.head)
                session.closed = False
                self._mend(session)
                self.counts["opened again"] += 1

    def _differs_from_books(self, lot: LotTruth) -> None:
        """What the store holds, from the truth alone, against the balance of the books."""
        mine = [
            one for session in self.sessions for one in session.lots
            if one.holding_id == lot.holding_id
        ]  # fmt: skip
        held = STOCK - sum(one.real["taken"] - one.real["returned"] for one in mine)
        books = Holding.get_by_id(lot.holding_id).balance
        hidden = sum(
            forgotten.lot.holding_id == lot.holding_id
            for session in self.sessions for forgotten in session.forgotten
        )  # fmt: skip
        unwritten = sum(one.real["wasted"] - one.written["wasted"] for one in mine)
        if books - held != hidden + unwritten:
            raise Wrong(f"store of lot {lot.holding_id}: {held}, books {books}, hidden {hidden}")

    def _agree(self) -> None:
        """Books, ledger, records and truth are one."""
        ledger = fn.SUM(Movement.doses)
        for row in Movement.select(Movement.holding, ledger.alias("n")).group_by(Movement.holding):
            if row.n != Holding.get_by_id(row.holding_id).balance:
                raise Wrong(f"ledger and balance of lot {row.holding_id} disagree")
        stand = Dose.voided_at.is_null()
        if Dose.select().where(stand).count() != self.counts["doses"]:
            raise Wrong("not every dose that was given is recorded")
        for session in self.sessions:
            for lot in session.lots:
                if lot.gap or lot.on_table:
                    raise Wrong(f"lot {lot.holding_id} at session {session.id}")
        for station in self.stations:
            for holding_id in station.lots:
                self._differs_from_books(LotTruth(holding_id))
        if VaccinationSession.select().where(VaccinationSession.closed_at.is_null()).exists():
            raise Wrong("a session is open")
        self.counts["links of the audit"], broken = audit.verify(audit.chain_key())
        if broken:
            raise Wrong("the audit is broken")
        self.counts["sessions"] = len(self.sessions)


ACTS: dict[str, Callable[[Campaign, Session, LotTruth, int], Any]] = {
    "dose": Campaign._give, "refuse": Campaign._refuse, "leave": Campaign._leave,
    "undo": Campaign._undo, "forget": Campaign._forget,
    "forget at the table": Campaign._forget_at_table,
}  # fmt: skip


def _desk(session: Session, lot: LotTruth, person_id: int, wanted: str) -> visits.AtDesk:
    given = visits.Injection(lot.holding_id, session.station.staff.id)
    return visits.AtDesk(session.id, person_id, wanted, "", None, given)


def _signed_in(user: Any) -> SignedIn:
    return signed_in(Membership.get(Membership.user == user))


@contextmanager
def at(day: date, since_midnight: timedelta) -> Iterator[None]:
    """A moment of a day in Viet Nam."""
    with clock.frozen(datetime.combine(day, datetime.min.time()) + since_midnight):
        yield


@contextmanager
def working(who: SignedIn) -> Iterator[None]:
    """Somebody is signed in."""
    g.user = who
    try:
        yield
    finally:
        del g.user


def application(url: str) -> Flask:
    """The application on an empty database, which gets its tables."""
    app = create_app(Config(url, "s" * 40, "d" * 40, "", False, 0, 4))
    app.app_context().push()
    db.connect(reuse_if_open=True)
    make_tables()
    return app


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Parameters; SITES, DAYS, PEOPLE and SEED may come from the environment."""
    ask, env = argparse.ArgumentParser(prog="python -m bench.campaign"), os.environ
    ask.add_argument("--sites", type=int, default=int(env.get("SITES") or 10))
    ask.add_argument("--days", type=int, default=int(env.get("DAYS") or 10))
    ask.add_argument("--people", type=int, default=int(env.get("PEOPLE") or 50), help="a session")
    ask.add_argument("--seed", type=int, default=int(env.get("SEED") or 1))
    ask.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    return ask.parse_args(argv)


def main() -> None:
    """Run a campaign on a new database and tell its figures."""
    asked = arguments()
    start = time.perf_counter()
    with _database(asked.database) as url:
        application(url)
        counts = Campaign(asked.sites, asked.days, asked.people, asked.seed).run()
        db.close()
    print(json.dumps(vars(asked) | counts | {"seconds": round(time.perf_counter() - start, 1)}))


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "postgres":
        with running_cluster() as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/campaign.db"


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(f"wrong: {wrong}")
