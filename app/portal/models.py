"""What a look-up asks the database, and how often something was tried in vain."""

from datetime import datetime
from typing import Any, NamedTuple

from peewee import DateTimeField, IntegerField, TextField

from app.db import BaseModel, run

COUNT = """insert into look_up_count (bucket, ends_at, tries) values %s
on conflict (bucket) do update set tries = look_up_count.tries + excluded.tries
returning bucket, tries"""
HELD = """select s.code, s.nonce, s.person_id, p.name, p.sex, p.dob_year, p.dob_month, p.dob_day,
p.deceased_on, p.immunosuppressed from slip s join person p on p.id = s.person_id """
BY_CODE = HELD + "where s.code = ?"
BY_NUMBER = (
    HELD + "join document d on d.person_id = p.id where d.number = ? order by s.id desc limit ?"
)


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


class Held(NamedTuple):
    """A slip, with what a look-up needs to know of its person."""

    code: str
    nonce: str
    person_id: int
    name: str
    sex: str
    dob_year: int
    dob_month: int | None
    dob_day: int | None
    deceased_on: Any
    immunosuppressed: bool


def slip_with(code: str) -> list[Held]:
    """The slip with this normal code, if there is one."""
    return [Held(*row) for row in run(BY_CODE, code)]


def slips_of(number: str, most: int) -> list[Held]:
    """The newest slips of whoever has, or had, a document with this normal number."""
    return [Held(*row) for row in run(BY_NUMBER, number, most)]
