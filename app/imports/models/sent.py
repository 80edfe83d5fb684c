"""What every list that is sent can do, and every row of one, whatever they are about. The columns
stand in the tables themselves, in the order in which the migrations made them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peewee import fn

from app.accounts.models import User
from app.imports import rules
from app.units.models import Unit


class SentFile:
    """Beside a table with unit, digest, columns, state, by, at and ended_at, and with rows. NOUN:
    what the audit calls it."""

    NOUN: str
    id: int
    columns: Any
    rows: Any

    @classmethod
    def within(cls: Any, path: str) -> Any:
        """Those sent by the units at or below `path`, with unit and who sent them."""
        return cls.select(cls, Unit, User).join(Unit).switch(cls).join(User).where(Unit.below(path))

    @classmethod
    def forgotten(cls: Any, before: datetime) -> Any:
        """Those that nobody ended."""
        return cls.select().where(cls.ended_at.is_null(), cls.at < before)

    @property
    def headings(self) -> dict[str, str]:
        """Field → its heading, as it is shown."""
        return {key: rules.heading(text) for key, text in self.columns if key[0] != "#"}

    def tally(self) -> dict[str, int]:
        """State of a row → how many."""
        row = self.rows.model
        counted = self.rows.select(row.state, fn.COUNT(row.id)).group_by(row.state)
        return dict(counted.tuples())


def open_once(model: Any, of: Any) -> None:
    """Whoever sends the same list twice at once gets one. of: the unit or the session it is for."""
    name = f"{model._meta.table_name}_open"
    still = model.ended_at.is_null()
    model.add_index(model.index(of, model.digest, unique=True, where=still, name=name))


class SentRow:
    """Beside a table with file, seq, sheet, number, state, cells and reasons."""

    sheet: Any
    number: Any

    @property
    def place(self) -> str:
        """Where it stands, to be said to people."""
        return rules.place(self.sheet, self.number)

    @classmethod
    def within(cls: Any, path: str) -> Any:
        """The rows of lists sent by the units at or below `path`."""
        return cls.select(cls).join(cls.file.rel_model).join(Unit).where(Unit.below(path))

    @classmethod
    def in_states(cls: Any, file_id: int, states: Sequence[str], after: int = 0) -> Any:
        """Rows in these states in the order of the file; after: the last of the page before."""
        wanted = cls.file == file_id, cls.state.in_(list(states)), cls.seq > after
        return cls.select().where(*wanted).order_by(cls.seq)
