"""Reactions that were seen after a dose, and those that people tell of themselves."""

import csv
from functools import cache
from pathlib import Path

from peewee import BooleanField, DateTimeField, ForeignKeyField, JSONField, ModelSelect, TextField

from app.accounts.models import User
from app.db import BaseModel
from app.people.models import Person
from app.units.models import Unit
from app.visits.models import Dose, Visit

DATA = Path(__file__).parent / "data"


@cache
def phrases() -> tuple[tuple[str, str], ...]:
    """(sign, words) of data/words.tsv: how people write what they feel."""
    with open(DATA / "words.tsv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return tuple((row["sign"], row["words"]) for row in rows)


class Reaction(BaseModel):
    """`signs`: codes of rules.SIGNS; `serious`: tai biến nặng."""

    visit = ForeignKeyField(Visit, backref="reactions")
    dose = ForeignKeyField(Dose, backref="reactions")
    unit = ForeignKeyField(Unit)
    signs = JSONField()
    serious = BooleanField(default=False, index=True)
    note = TextField(default="")
    noted_at = DateTimeField()
    noted_by = ForeignKeyField(User)

    @classmethod
    def of(cls, visit_id: int) -> "ModelSelect[Reaction]":
        """The reactions of a visit, oldest first."""
        return cls.select().where(cls.visit == visit_id).order_by(cls.noted_at, cls.id)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Reaction]":
        """The reactions seen at the sites at or below `path`."""
        return cls.select(cls, Unit).join(Unit).where(Unit.below(path))


class SelfReport(BaseModel):
    """What somebody says of themselves within rules.TELL_WITHIN of a dose. It is no Reaction: the
    site asks back, and notes one if it is. `channel`: "sms" or "portal"; `sure`: False where
    several people share the telephone and nobody said which of them it is; `seen_at`: the site
    has spoken with them."""

    dose = ForeignKeyField(Dose, backref="self_reports")
    unit = ForeignKeyField(Unit, index=False)
    channel = TextField()
    phone = TextField()
    signs = JSONField()
    serious = BooleanField()
    note = TextField(default="")
    sure = BooleanField(default=True)
    told_at = DateTimeField()
    seen_at = DateTimeField(null=True)
    seen_by = ForeignKeyField(User, null=True, index=False)

    class Meta:
        table_name = "self_report"
        indexes = ((("unit", "told_at"), False),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[SelfReport]":
        """The reports about doses of the sites at or below `path`, with dose, person and unit."""
        query = cls.select(cls, Dose, Person, Unit).join(Dose).join(Person)
        return query.switch(cls).join(Unit).where(Unit.below(path))

    @classmethod
    def unseen(cls, path: str) -> "ModelSelect[SelfReport]":
        """Those that nobody has followed yet: serious ones, then the oldest, first."""
        query = cls.within(path).where(cls.seen_at.is_null())
        return query.order_by(cls.serious.desc(), cls.id)


SelfReport.add_index(
    SelfReport.index(SelfReport.unit, where=SelfReport.seen_at.is_null(), name="self_report_unseen")
)
