"""The daily report (PL 5 of QĐ 3588/QĐ-BYT) equals the records, whatever happened in a day."""

from collections import Counter
from datetime import timedelta
from math import ceil

import pytest

from app import clock
from app.reactions.models import Reaction
from app.reports import models, rules
from app.sessions.models import VaccinationSession
from app.stock.models import Holding, Movement
from app.units.models import Unit
from app.visits.models import Dose, Visit
from tests import build
from tests.reports.days import DAY, EVERYTHING, day_at, random_day, react, waste

ENDS = {
    "referred": "referred", "refused": "refused", "delayed": "delayed",
    "contraindicated": "contraindicated", "done": "vaccinated", "observing": "vaccinated",
}  # fmt: skip
NOT_YET = {"left": "left", "arrived": "waiting", "consented": "waiting", "ready": "waiting"}


def row_of(unit, below):
    """The child of a unit that something at or below `below` counts in; None for elsewhere."""
    if below.id == unit.id:
        return unit.id
    if not below.path.startswith(unit.path):
        return None
    return int(below.path.removeprefix(unit.path).split("/")[0])


def naive(unit):
    """The numbers of each (row, product), one record after the other."""
    found = {}

    def add(at, product, hours=0, **numbers):
        row = row_of(unit, at)
        if row is not None:
            line = found.setdefault((row, product), Counter())
            line.update(numbers)
            line["late_hours"] = max(line["late_hours"], hours)

    for visit in Visit.select():
        session, lot = visit.session, visit.session.default_lot
        if session.held_on == DAY.date():
            dose = Dose.get_or_none(Dose.visit == visit, Dose.voided_at.is_null())
            _add_visit(add, visit, session, dose, lot.lot.product if lot else "")
    for line in Movement.select().where(Movement.kind.in_(["waste", "unwaste"])):
        session = VaccinationSession.get_or_none(VaccinationSession.id == line.session_id)
        day = session.held_on if session else clock.local(line.at).date()
        if day == DAY.date():
            holding = Holding.get_by_id(line.holding_id)
            at = session.unit if session else holding.unit
            add(at, holding.lot.product, wasted=-line.doses, used=-line.doses)
    lines = {key: {k: n for k, n in numbers.items() if n} for key, numbers in found.items()}
    return {key: numbers for key, numbers in lines.items() if numbers}


def _add_visit(add, visit, session, dose, planned):
    if visit.state in NOT_YET:
        add(session.unit, planned, **{NOT_YET[visit.state]: 1})
    if visit.state not in ENDS:
        return
    add(session.unit, dose.product if dose else planned, **{"received": 1, ENDS[visit.state]: 1})
    if not dose:
        return
    add(session.unit, dose.product, **{f"{dose.kind} {dose.seq}": 1, "used": 1})
    if dose.source == "late":
        hours = ceil((dose.recorded_at - dose.given_at) / timedelta(hours=1))
        add(session.unit, dose.product, late=1, hours=hours)
    notes = list(Reaction.select().where(Reaction.dose == dose))
    signs = {sign for one in notes for sign in one.signs}
    if any(one.serious for one in notes):
        add(session.unit, dose.product, serious=1)
    elif notes:
        add(session.unit, dose.product, ordinary=1, **{
            "sign local_pain": int("local_pain" in signs), "sign fever": int("fever" in signs),
            "sign ": int(bool(signs - {"local_pain", "fever"})),
        })  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_qd_3588_pl5_a_random_day_equals_its_records(land, seed):
    units = [land.station, land.mobile, land.hospital, land.elsewhere]
    random_day(units, seed)
    for unit in (land.nation, land.province, land.station, land.mobile, land.other):
        report = models.present(unit, DAY.date())
        found = {(line.unit, line.product): dict(line.numbers) for line in report.lines}
        assert found == naive(unit), unit.name
        for line in report.lines:
            assert rules.adds_up(line.numbers), line
        total = rules.total_of(line.numbers for line in report.lines)
        assert rules.adds_up(total)
        doses = [column for column in report.columns if column.what == "dose"]
        shown = sum(rules.value(column, report.columns, total) for column in doses)
        assert shown == total.get("vaccinated", 0), "no dose is lost between the columns"
        serious = total.get("serious", 0)
        assert len(report.cases) == serious


def test_the_random_days_have_everything(land):
    """What the test above compares is not nothing."""
    seen = Counter()
    for seed in range(8):
        random_day([land.station, land.mobile, land.hospital], seed)
    for line in models.present(land.province, DAY.date()).lines:
        seen.update(line.numbers)
    for name in (*ENDS.values(), "left", "waiting", "wasted", "late", "ordinary", "serious",
                 "sign fever", "sign ", "CO_BAN 4", "BO_SUNG 2", "NHAC_LAI 5"):  # fmt: skip
        assert seen[name] > 0, name
    assert {line.product for line in models.present(land.province, DAY.date()).lines} >= {""}


def test_a_session_of_a_day_without_anything_makes_no_line(land):
    build.session(land.station)
    report = models.present(land.province, DAY.date())
    assert (report.lines, report.cases, report.open, report.started) == ([], [], 1, "")


def test_the_first_day_is_the_first_with_people(land):
    day_at(land.station, on=DAY.date() - timedelta(days=9))
    day_at(land.mobile, on=DAY.date() - timedelta(days=5), done=1)
    day_at(land.station, done=1)
    assert models.present(land.station, DAY.date()).started == "2021-08-05"
    assert models.present(land.hospital, DAY.date()).started == ""


def test_a_dose_that_is_missing_is_seen(land):
    visit = day_at(land.station, done=2, refused=1)[0]
    Dose.delete().where(Dose.visit == visit).execute()
    lines = models.present(land.province, DAY.date()).lines
    assert [rules.adds_up(line.numbers) for line in lines] == [False, True]
    assert rules.total_of(line.numbers for line in lines)["received"] == 3


def test_who_was_not_vaccinated_counts_with_the_planned_product(land):
    day_at(land.station, refused=1, product="ASTRAZENECA")
    build.visit(build.session(land.station, [], default_lot=None), state="delayed")
    lines = models.present(land.station, DAY.date()).lines
    assert {(line.product, line.numbers["received"]) for line in lines} == {
        ("ASTRAZENECA", 1), ("", 1)
    }  # fmt: skip


def test_a_mobile_site_uses_the_lot_of_its_station(land):
    """What is thrown away at a session counts where the session is, not where the lot lies."""
    lot = build.holding(land.station)
    session = build.session(land.mobile, [lot], default_lot=lot)
    waste(lot, 3, session)
    waste(lot, 2)
    lines = models.present(land.station, DAY.date()).lines
    assert {line.unit: line.numbers["wasted"] for line in lines} == {
        land.mobile.id: 3, land.station.id: 2
    }  # fmt: skip


def test_several_notes_of_a_person_are_one_case(land):
    visit = day_at(land.station, done=1)[0]
    react(visit, "fever")
    assert not models.present(land.station, DAY.date()).cases
    react(visit, serious=True)
    react(visit, "rash", serious=True)
    report = models.present(land.station, DAY.date())
    assert [list(case.signs) for case in report.cases] == [["rash"]]
    numbers = report.lines[0].numbers
    assert (numbers["serious"], numbers.get("ordinary", 0)) == (1, 0)


def test_an_empty_place_asks_as_little_as_a_full_one(land):
    from playhouse.test_utils import count_queries

    day_at(land.station, **EVERYTHING)
    models.present(land.province, DAY.date())  # the catalogue is at hand
    with count_queries(only_select=True) as few:
        models.present(Unit.get_by_id(land.province.id), DAY.date())
    for n in range(10):
        site = build.unit("station", land.province, name=f"Trạm {n}")
        for visit in day_at(site, done=2, refused=1):
            if visit.state == "done":
                react(visit, "fever", serious=True)
    with count_queries(only_select=True) as many:
        models.present(Unit.get_by_id(land.province.id), DAY.date())
    assert few.count == many.count <= 10
