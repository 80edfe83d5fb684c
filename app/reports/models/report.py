"""The daily report: made from the records of the moment, and kept as it was sent."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from peewee import DateField, DateTimeField, ForeignKeyField, IntegerField, JSONField, ModelSelect

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import Person
from app.reactions.models import Reaction
from app.reports import rules
from app.reports.models.count import ask, records
from app.sessions.models import VaccinationSession
from app.units.models import Unit
from app.vaccines.models import catalogue_on, product_name
from app.visits.models import Dose, Visit


class SentReport(BaseModel):
    """A report of a unit as it was sent: `figures` is a rules.Report. A later version does not
    take the place of an earlier one; both stay."""

    unit = ForeignKeyField(Unit, index=False)
    day = DateField(index=True)
    version = IntegerField()
    figures = JSONField()
    sent_by = ForeignKeyField(User, index=False)
    sent_at = DateTimeField()

    class Meta:
        table_name = "sent_report"
        indexes = ((("unit", "day", "version"), True),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[SentReport]":
        """What the units at or below `path` sent."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))

    @classmethod
    def of(cls, unit: Unit, day: date) -> "list[SentReport]":
        """What a unit sent of a day, the first version first, with who sent it."""
        mine = cls.select(cls, User).join(User).where(cls.unit == unit.id, cls.day == day)
        return list(mine.order_by(cls.version))

    @property
    def report(self) -> rules.Report:
        """The report as it was sent."""
        return rules.Report.of(self.figures)


def present(unit: Unit, day: date) -> rules.Report:
    """The report of a unit as its records are now."""
    layout = catalogue_on(day).layouts[0]
    columns = [rules.Column(*column) for column in layout.columns]
    rounds, still_open = _rounds(unit, day)
    counted = rules.lines(records(unit, day), columns, layout.used_with_wasted)
    names = _names({row for row, _product in counted})
    lines = [
        rules.Line(row, names[row], rounds.get(row, ""), product, product_name(product), numbers)
        for (row, product), numbers in sorted(counted.items())
    ]
    return rules.Report(
        unit.name, unit.parent.name if unit.parent_id else "", _started(unit, day),
        layout.source.id, layout.title, layout.part_a, layout.part_b, layout.footnotes, columns,
        lines, _cases(unit, day), still_open,
    )  # fmt: skip


def _rounds(unit: Unit, day: date) -> tuple[dict[int, str], int]:
    """(row → rounds of its sessions, sessions that are not closed)."""
    rounds: dict[int, list[str]] = defaultdict(list)
    still_open = 0
    for row, name, _sessions, unclosed in ask("sessions", unit, day):
        rounds[row] += [name] if name else []
        still_open += int(unclosed)
    return {row: "; ".join(sorted(found)) for row, found in rounds.items()}, still_open


def _names(ids: set[int]) -> dict[int, str]:
    return dict(Unit.select(Unit.id, Unit.name).where(Unit.id.in_(ids)).tuples())  # type: ignore[arg-type]


def _started(unit: Unit, day: date) -> str:
    """The first day on which somebody was received at or below a unit."""
    query = VaccinationSession.within(unit.path).where(
        VaccinationSession.held_on <= day, VaccinationSession.last_queue_no > 0
    )
    first = query.order_by(VaccinationSession.held_on).limit(1).get_or_none()
    return str(first.held_on) if first else ""


def _cases(unit: Unit, day: date) -> list[rules.Case]:
    """The serious events after the doses of a day, in the order of the injections; several notes
    of one dose are one case."""
    query = (
        Reaction.select(Reaction, Dose, VaccinationSession, Unit)
        .join(Dose)
        .join(VaccinationSession)
        .join(Unit, on=(VaccinationSession.unit == Unit.id))
        .where(
            Unit.below(unit.path), VaccinationSession.held_on == day, Reaction.serious,
            Dose.voided_at.is_null(),
        )
        .order_by(Dose.given_at, Dose.id, Reaction.id)
    )  # fmt: skip
    found: dict[int, rules.Case] = {}
    for row in query:
        dose, known = row.dose, found.get(row.dose_id)
        signs = [*(known.signs if known else ()), *row.signs]
        case = known or rules.Case(
            row.id, row.visit_id, dose.session.unit.name,  # type: ignore[union-attr]
            product_name(dose.product),
            dose.lot_number, str(dose.expires_on or ""), str(dose.given_at), str(row.noted_at), (),
        )  # fmt: skip
        found[row.dose_id] = case._replace(signs=list(dict.fromkeys(signs)))
    return list(found.values())


def cases_of(report: rules.Report) -> dict[int, Person]:
    """Visit → the person, of the serious cases of a report."""
    visits = [case.visit for case in report.cases]
    query = Visit.select(Visit, Person).join(Person).where(Visit.id.in_(visits))
    return {visit.id: visit.person for visit in query} if visits else {}


class Site(NamedTuple):
    """How a unit stands with its report of a day. first, last: its sent versions; changed: the
    records say something else now; below: (sites that vaccinate, of these with a report)."""

    unit: Unit
    first: SentReport | None
    last: SentReport | None
    changed: bool
    below: tuple[int, int] | None = None


def sites(unit: Unit, day: date) -> list[Site]:
    """The sites at or below a unit that vaccinate on a day. Seven statements at every size."""
    sent, found = _sent(unit, day), records(unit, day, "by_site")
    now = _by_row(found, day)
    ids = {row for row, *_rest in ask("sessions", unit, day, "by_site")}
    return [
        _site(one, sent.get(one.id, []), now.get(one.id, []))
        for one in Unit.within(unit.path).where(Unit.id.in_(ids))
    ]


def provinces(unit: Unit, day: date) -> list[Site]:
    """The units directly below one below which somebody vaccinates on a day, each with how many of
    its sites sent their report."""
    sent, now = _sent(unit, day), _by_row(records(unit, day), day)
    below = {row: (int(all_), int(done)) for row, all_, done in ask("sent", unit, day)}
    return [
        _site(one, sent.get(one.id, []), now.get(one.id, []))._replace(below=below[one.id])
        for one in Unit.select().where(Unit.parent == unit.id, Unit.id.in_(list(below)))
    ]


def _sent(unit: Unit, day: date) -> dict[int, list[SentReport]]:
    found: dict[int, list[SentReport]] = defaultdict(list)
    for row in SentReport.within(unit.path).where(SentReport.day == day).order_by(SentReport.id):
        found[row.unit_id].append(row)
    return found


def _by_row(found: rules.Records, day: date) -> dict[int, list[tuple[str, rules.Numbers]]]:
    layout = catalogue_on(day).layouts[0]
    columns = [rules.Column(*column) for column in layout.columns]
    rows: dict[int, list[tuple[str, rules.Numbers]]] = defaultdict(list)
    for (row, product), numbers in rules.lines(found, columns, layout.used_with_wasted).items():
        rows[row].append((product, numbers))
    return rows


def _site(unit: Unit, sent: list[SentReport], now: list[tuple[str, rules.Numbers]]) -> Site:
    if not sent:
        return Site(unit, None, None, False)
    lines = [(line.product, line.numbers) for line in sent[-1].report.lines]
    changed = rules.by_product(lines) != rules.by_product(now)
    return Site(unit, sent[0], sent[-1], changed)
