"""Units (who runs what, where) and administrative areas in both schemes, as data."""

from datetime import date

from peewee import BooleanField, DateField, ForeignKeyField, ModelSelect, TextField

from app.db import BaseModel


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
    """A kind of unit: a level of authority or a kind of site. Levels are data, not code."""

    code = TextField(primary_key=True)
    name = TextField()
    name_en = TextField()
    rank = TextField()
    is_site = BooleanField()


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
    def within(cls, path: str) -> ModelSelect:
        """The units at or below `path`."""
        return cls.select().where(cls.path.startswith(path))

    @classmethod
    def sites(cls, path: str, on: date) -> ModelSelect:
        """The sites at or below `path` that are open on a day."""
        return (
            cls.within(path)
            .join(Level)
            .where(Level.is_site, cls.valid_from <= on, cls.valid_to.is_null() | (cls.valid_to >= on))
        )

    @property
    def is_site(self) -> bool:
        """True where people are vaccinated."""
        return self.level.is_site
