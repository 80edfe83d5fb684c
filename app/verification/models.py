"""How often strangers tried something in vain, and what an administrator is told of it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from peewee import BigAutoField, DateField, DateTimeField, IntegerField, TextField

from app import clock
from app.db import BaseModel, run

COUNT = """insert into look_up_count (bucket, ends_at, tries) values %s
on conflict (bucket) do update set tries = look_up_count.tries + excluded.tries
returning bucket, tries"""
NOTE = """insert into tally (what, kind, day, times) values (?, ?, ?, 1)
on conflict (what, kind, day) do update set times = tally.times + 1"""


class LookUpCount(BaseModel):
    """Tries in vain in one window of time. `bucket` is a keyed digest of what they have in common
    (a number, an address …) and of the window, so the table tells nobody who was looked for.
    PostgreSQL keeps it unlogged."""

    bucket = TextField(primary_key=True)
    ends_at = DateTimeField(index=True)
    tries = IntegerField()

    class Meta:
        table_name = "look_up_count"

    @classmethod
    def add(cls, ends: dict[str, datetime], step: int) -> dict[str, int]:
        """Add `step` to the buckets (bucket → end of its window) in one statement; returns
        bucket → tries. Always in one order, so that two requests cannot block each other."""
        rows = [(name, ends[name], step) for name in sorted(ends)]
        places = ", ".join(["(?, ?, ?)"] * len(rows))
        return dict(run(COUNT % places, *(value for row in rows for value in row)))


class Tally(BaseModel):
    """How often something of a kind happened on a day of Viet Nam: `what` is "inbound" (messages
    that people write), "left" (messages that left) or "limit" (limits that were reached). Numbers
    alone, so what is forged or repeated fills nothing."""

    id = BigAutoField()
    what = TextField()
    kind = TextField()
    day = DateField()
    times = IntegerField()

    class Meta:
        indexes = ((("what", "kind", "day"), True),)

    @classmethod
    def note(cls, what: str, kind: str) -> None:
        """It happened once more today. Call it last, or outside a transaction: the row is locked
        until the transaction ends, and everybody shares it."""
        run(NOTE, what, kind, clock.today())

    @classmethod
    def of(cls, what: str, days: Iterable[date]) -> dict[str, list[int]]:
        """Kind → how often on each of the days; what happened most is the first."""
        days = list(days)
        query: Any = cls.select(cls.kind, cls.day, cls.times)
        query = query.where(cls.what == what, cls.day.in_(days)).order_by(cls.kind)
        found: dict[str, dict[date, int]] = {}
        for kind, day, times in query.tuples():
            found.setdefault(kind, {})[day] = times
        rows = {kind: [by.get(day, 0) for day in days] for kind, by in found.items()}
        return dict(sorted(rows.items(), key=lambda row: -sum(row[1])))
