"""Units (who runs what, where) and administrative areas in both schemes, as data."""

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import Any

from peewee import BooleanField, DateField, ForeignKeyField, IntegerField, ModelSelect, TextField

from app.db import BaseModel, begins
from app.i18n import SOURCE, language
from app.units import rules

DATA = Path(__file__).parent / "data"


@cache
def reference(name: str) -> tuple[dict[str, str], ...]:
    """The rows of data/<name>.tsv as dicts; its first line names the columns. For "countries" and
    "ethnic_groups": code, name, name_en; for "id_province_codes": code, name, vn63."""
    with open(DATA / f"{name}.tsv", encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def name_of(row: dict[str, str]) -> str:
    """The name of a country or an ethnic group in the reader's language."""
    return row["name" if language() == SOURCE else "name_en"]


class Area(BaseModel):
    """An administrative area. A code means nothing without its scheme: 15 was Yên Bái in "vn63"
    (until 30/06/2025) and is Lào Cai in "vn34"."""

    scheme = TextField()
    code = TextField()
    name = TextField()
    level = TextField()
    parent_code = TextField(null=True)

    class Meta:
        indexes = ((("scheme", "code"), True), (("scheme", "parent_code"), False))

    @classmethod
    def find(cls, scheme: str | None, code: str | None) -> "Area | None":
        """The area with a code in a scheme, or None."""
        return cls.get_or_none(cls.scheme == scheme, cls.code == code)

    @classmethod
    def provinces(cls, scheme: str) -> "ModelSelect[Area]":
        """The provinces of a scheme, in the order of their codes."""
        return cls.select().where(cls.scheme == scheme, cls.level == "province").order_by(cls.code)

    @classmethod
    def communes(cls, scheme: str, province_code: str) -> "ModelSelect[Area]":
        """The communes of a province, in the order of their codes, whatever stands between."""
        below = cls.alias()
        districts = below.select(below.code).where(
            below.scheme == scheme, below.parent_code == province_code
        )
        inside = (cls.parent_code == province_code) | cls.parent_code.in_(districts)
        return (
            cls.select()
            .where(cls.scheme == scheme, cls.level == "commune", inside)
            .order_by(cls.code)
        )

    def successors(self) -> "ModelSelect[Area]":
        """The areas that took over this one, the proposed one first; none: this one is in force.
        Of a split commune only a person can say which one an address lies in."""
        link = (AreaSuccessor.new_scheme == Area.scheme) & (AreaSuccessor.new_code == Area.code)
        return (
            Area.select()
            .join(AreaSuccessor, on=link)
            .where(AreaSuccessor.old_scheme == self.scheme, AreaSuccessor.old_code == self.code)
            .order_by(AreaSuccessor.is_default.desc(), Area.code)
        )

    @staticmethod
    def before(places: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """What lay in these areas, wholly or in part, in an earlier scheme. Areas as (scheme,
        code)."""
        link = AreaSuccessor
        here = [(link.new_scheme == scheme) & (link.new_code == code) for scheme, code in places]
        query: Any = link.select(link.old_scheme, link.old_code)
        return list(query.where(reduce(or_, here)).tuples()) if here else []

    def parts(self) -> "list[Area]":
        """The areas of the next kind that a unit chooses from: itself when nothing is smaller."""
        if self.level == "province":
            return list(Area.communes(self.scheme, self.code))
        smaller = (Area.scheme == self.scheme) & (Area.parent_code == self.code)
        return list(Area.select().where(smaller).order_by(Area.code)) or [self]

    def province_code(self) -> str:
        """The code of the province that this area is, or lies in."""
        parent = Area.find(self.scheme, self.parent_code) if self.parent_code else None
        return parent.province_code() if parent else self.code

    def label(self) -> str:
        """From small to large, as on an envelope: "Xã A, Tỉnh B"."""
        parent = Area.find(self.scheme, self.parent_code) if self.parent_code else None
        return f"{self.name}, {parent.label()}" if parent else self.name


class AreaSuccessor(BaseModel):
    """Which area of a later scheme took over (a part of) an older one."""

    old_scheme = TextField()
    old_code = TextField()
    new_scheme = TextField()
    new_code = TextField()
    is_default = BooleanField()

    class Meta:
        table_name = "area_successor"
        indexes = ((("old_scheme", "old_code", "new_scheme", "new_code"), True),)


class Level(BaseModel):
    """A kind of unit: a level of authority or a kind of site. Levels are data, not code.
    A smaller rank stands higher; the district level ended on 30/06/2025 (NQ 203/2025/QH15)."""

    code = TextField(primary_key=True)
    name = TextField()
    name_en = TextField()
    rank = IntegerField()
    is_site = BooleanField()
    valid_to = DateField(null=True)

    def label(self) -> str:
        """What such a unit is called in the reader's language."""
        return self.name if language() == SOURCE else self.name_en

    @property
    def kind(self) -> rules.Kind:
        """What the rules ask of a level."""
        return rules.Kind(self.rank, self.is_site, self.valid_to)


class Unit(BaseModel):
    """An authority or a site. `path` is "/1/7/42/": the ids from the root down to this unit."""

    parent = ForeignKeyField("self", null=True, backref="children")
    path = TextField(default="", index=True)
    level = ForeignKeyField(Level, column_name="level")
    code = TextField(unique=True)
    name = TextField()
    address = TextField(default="")
    area_scheme = TextField(null=True)
    area_code = TextField(null=True)
    valid_from = DateField()
    valid_to = DateField(null=True)
    successor = ForeignKeyField("self", null=True)

    @classmethod
    def below(cls, path: str) -> Any:
        """The condition that a unit is at or below `path`."""
        return begins(cls.path, path)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Unit]":
        """The units at or below `path`."""
        return cls.select().where(cls.below(path))

    @classmethod
    def sites(cls, path: str, on: date) -> "ModelSelect[Unit]":
        """The sites at or below `path` that are open on a day."""
        not_closed = cls.valid_to.is_null() | (cls.valid_to >= on)
        return cls.within(path).join(Level).where(Level.is_site, cls.valid_from <= on, not_closed)

    def open_on(self, day: date) -> bool:
        """Whether the unit works on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def levels_below(self, day: date) -> list[Level]:
        """The kinds of units that can be made below this one on a day."""
        return [
            level
            for level in Level.select().order_by(Level.rank, Level.code)
            if rules.may_stand_below(level.kind, self.level.kind, day)
        ]

    def areas_below(self, day: date) -> list[Area]:
        """The areas that a unit below this one can lie in, in the scheme of that day. An area
        that is no more stands for all that took over from it."""
        scheme, own = rules.scheme_on(day), Area.find(self.area_scheme, self.area_code)
        if own is None:
            return list(Area.provinces(scheme))
        here = [own] if own.scheme == scheme else list(own.successors()) or [own]
        return [area for part in here for area in part.parts()]

    @property
    def area(self) -> Area | None:
        """Where the unit lies, if known."""
        return Area.find(self.area_scheme, self.area_code)

    def province(self) -> "Unit":
        """The province whose unit this is; itself without one."""
        above = [int(part) for part in self.path.split("/") if part]
        found = Unit.select().where(Unit.id.in_(above), Unit.level == "province")
        return found.first() or self

    @property
    def is_site(self) -> bool:
        """True where people are vaccinated."""
        return self.level.is_site
