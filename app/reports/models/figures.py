"""The public figures: counted from the records now and then, and read from what was counted."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from peewee import JOIN, Case, DateField, DateTimeField, ForeignKeyField, IntegerField, fn

from app import clock
from app.db import BaseModel
from app.reports import rules
from app.reports.models.count import ask
from app.units.models import Area, Unit
from app.vaccines.models import catalogue_on

DAYS = 7  # that the public sees one by one
ENDS = 10  # provinces in the lists of the highest and the lowest shares


class DayCount(BaseModel):
    """What was counted of a day below `unit`, a province; or at the Ministry's own sites."""

    unit = ForeignKeyField(Unit, index=False)
    day = DateField(index=True)
    doses = IntegerField()
    first = IntegerField()
    sites = IntegerField()
    wishes = IntegerField()
    counted_at = DateTimeField()
    received = IntegerField(default=0)

    class Meta:
        table_name = "day_count"
        indexes = ((("unit", "day"), True),)


class Place(NamedTuple):
    """A province: its sums of all days, and of yesterday; people of 18 and older, and doses that
    are planned for it, where it is known how many."""

    name: str
    total: rules.Sums
    last: rules.Sums
    adults: int | None
    planned: int | None

    @property
    def covered(self) -> float | None:
        """Of its people of 18 and older, how many had a dose."""
        return rules.share(self.total.first, self.adults)

    @property
    def used(self) -> float | None:
        """Of the doses that it received, how many were given."""
        return rules.share(self.total.doses, self.total.received)


class Figures(NamedTuple):
    """What everybody may know: `total` of all days, `last` of the last whole day, `yesterday`.
    best, worst: the provinces with the highest and the lowest share of people with a dose."""

    counted_at: datetime
    yesterday: date
    total: rules.Sums
    last: rules.Sums
    days: list[tuple[date, int]]
    places: list[Place]

    @property
    def known(self) -> bool:
        """Whether anything is known of a province besides what was counted."""
        return any(place.adults or place.planned for place in self.places)

    @property
    def best(self) -> list[Place]:
        return self._ranked()[:ENDS]

    @property
    def worst(self) -> list[Place]:
        return self._ranked()[::-1][:ENDS]

    def _ranked(self) -> list[Place]:
        known = [place for place in self.places if place.covered is not None]
        return sorted(known, key=lambda place: -(place.covered or 0))


def top() -> Unit:
    """The unit that all others stand below."""
    return Unit.select().where(Unit.parent.is_null()).order_by(Unit.id).get()


def counted(since: date) -> dict[tuple[int, date], rules.Sums]:
    """(unit, day) → what the records say of it, of all days from `since` on. Four statements."""
    nation, found = top(), {}
    for unit, day, doses, first, sites in ask("since_doses", nation, since, "by_province"):
        found[unit, _date(day)] = rules.Sums(doses, first, sites)
    for unit, day, wishes in ask("since_wishes", nation, since, "by_province"):
        key = unit, _date(day)
        found[key] = found.get(key, rules.NOTHING)._replace(wishes=wishes)
    for unit, day, received in ask("since_received", nation, since, "by_province"):
        key = unit, _date(day)
        found[key] = found.get(key, rules.NOTHING)._replace(received=received)
    return found


def kept(since: date) -> set[tuple[int, date]]:
    """The (unit, day) that were counted before."""
    rows: Any = DayCount.select(DayCount.unit, DayCount.day).where(DayCount.day >= since)
    return set(rows.tuples())


def keep(found: Mapping[tuple[int, date], rules.Sums]) -> None:
    """Write down what was counted in the place of what was known."""
    now, fields = clock.now(), [*rules.Sums._fields, "counted_at"]
    rows = [
        {"unit": unit, "day": day, "counted_at": now, **sums._asdict()}
        for (unit, day), sums in sorted(found.items())
    ]
    for start in range(0, len(rows), 1000):
        added = DayCount.insert_many(rows[start : start + 1000])
        named = [getattr(DayCount, name) for name in fields]
        added.on_conflict(conflict_target=[DayCount.unit, DayCount.day], preserve=named).execute()


def figures() -> Figures | None:
    """What was counted last, for everybody; None when nothing ever was. Three statements."""
    counted_at = DayCount.select(fn.MAX(DayCount.counted_at)).scalar()
    if counted_at is None:
        return None
    today = clock.local(counted_at).date()
    yesterday = today - timedelta(1)
    places = [_place(today, *row) for row in _by_place(yesterday)]
    return Figures(
        counted_at, yesterday, rules.added(place.total for place in places),
        rules.added(place.last for place in places), _by_day(today),
        [place for place in places if any(place.total) or place.adults],
    )  # fmt: skip


def _place(today: date, scheme: str, code: str, name: str, *sums: int) -> Place:
    known = catalogue_on(today).provinces.get((scheme, code))
    half = len(sums) // 2
    ever, then = rules.Sums(*sums[:half]), rules.Sums(*sums[half:])
    return Place(name, ever, then, known and known.adults, known and known.planned)


def _by_place(yesterday: date) -> Any:
    """(scheme, code, name, sums of all days, sums of yesterday), the provinces in the order of
    their codes, also those of which nothing was counted."""
    fields = [getattr(DayCount, name) for name in rules.Sums._fields]
    ever = [fn.COALESCE(fn.SUM(field), 0) for field in fields]
    then = [fn.SUM(Case(None, [(DayCount.day == yesterday, field)], 0)) for field in fields]
    here = (Unit.area_scheme == Area.scheme) & (Unit.area_code == Area.code)
    name = fn.COALESCE(Area.name, Unit.name)
    query: Any = Unit.select(Unit.area_scheme, Unit.area_code, name, *ever, *then)
    query = query.join(DayCount, JOIN.LEFT_OUTER).join(Area, JOIN.LEFT_OUTER, on=here, src=Unit)
    present = (Unit.level == "province") & Unit.valid_to.is_null()
    query = query.where(present | DayCount.id.is_null(False)).group_by(Unit.id, Area.id)
    return query.order_by(Unit.code).tuples()


def _by_day(today: date) -> list[tuple[date, int]]:
    """(day, doses) of the last days up to yesterday, the newest first."""
    days = [today - timedelta(ago) for ago in range(1, DAYS + 1)]
    query: Any = DayCount.select(DayCount.day, fn.SUM(DayCount.doses))
    known = dict(
        query.where(DayCount.day.between(days[-1], days[0])).group_by(DayCount.day).tuples()
    )
    return [(day, known.get(day, 0)) for day in days]


def _date(value: Any) -> date:
    return date.fromisoformat(str(value))
