"""How often strangers tried something in vain."""

from datetime import datetime

from peewee import DateTimeField, IntegerField, TextField

from app.db import BaseModel, run

COUNT = """insert into look_up_count (bucket, ends_at, tries) values %s
on conflict (bucket) do update set tries = look_up_count.tries + excluded.tries
returning bucket, tries"""


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
