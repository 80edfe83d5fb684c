"""Versions of the reference data, and the catalogue of a day that each process keeps at hand."""

import time
from datetime import date
from functools import lru_cache

from peewee import DateField, DateTimeField, JSONField, TextField, fn

from app import clock
from app.db import BaseModel, db
from app.i18n import language
from app.vaccines.rules.catalogue import Catalogue
from app.vaccines.rules.reading import Stored, assemble

LOOK_AGAIN = 30  # seconds after which a process asks whether new versions were stored


class ReferenceVersion(BaseModel):
    """One version of one entry (a product, a rule, a form, a group). Rows are only added: a record
    keeps the id of the version it was made by, and `body` says for ever what that was.

    `code` names the entry within its kind; of its versions the one counts that began last.
    `digest`: SHA-256 of the entry, so that loading the same file again changes nothing.
    """

    kind = TextField()
    code = TextField()
    effective_from = DateField()
    effective_to = DateField(null=True)
    digest = TextField()
    body = JSONField()
    loaded_at = DateTimeField()

    class Meta:
        table_name = "reference_version"
        indexes = ((("kind", "code", "effective_from", "digest"), True),)

    @classmethod
    def newest(cls) -> int:
        """The id of the row stored last; 0 when there is none."""
        return cls.select(fn.MAX(cls.id)).scalar() or 0

    def stored(self) -> Stored:
        """The row as the rules read it."""
        return Stored(
            self.id, self.kind, self.code, self.effective_from, self.effective_to, self.body
        )


@lru_cache(maxsize=16)
def _catalogue(_database: object, newest: int, day: date) -> Catalogue:
    rows = ReferenceVersion.select().where(ReferenceVersion.id <= newest)
    return assemble((row.stored() for row in rows), day)


# (database, newest id, when to look again): replaced as a whole, so threads need no lock.
_seen: tuple[object, int, float] = (None, 0, 0.0)


def catalogue_on(day: date) -> Catalogue:
    """All reference data in force on a day. Costs one small query in LOOK_AGAIN seconds."""
    global _seen
    if _seen[0] is not db.obj or time.monotonic() >= _seen[2]:  # type: ignore[attr-defined]
        _seen = (db.obj, ReferenceVersion.newest(), time.monotonic() + LOOK_AGAIN)  # type: ignore[attr-defined]
    return _catalogue(_seen[0], _seen[1], day)


def look_again() -> None:
    """New versions were stored: do not wait for them."""
    global _seen
    _seen = (None, 0, 0.0)
    _catalogue.cache_clear()


def product_name(code: str) -> str:
    """What a vaccine is called today; the code itself when it is in no catalogue."""
    products = catalogue_on(clock.today()).products
    return products[code].name if code in products else code


def group_names() -> dict[str, str]:
    """The priority groups in force: code → its number and short name, as the reader says it."""
    english = language() == "en"
    return {
        one.code: f"{one.code}. {one.short_en if english else one.short}"
        for one in catalogue_on(clock.today()).groups
    }
