"""Lots, what a site holds of them, and the ledger of movements behind it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from peewee import (
    Check,
    DateField,
    DateTimeField,
    Expression,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
    Tuple,
    fn,
)  # fmt: skip

from app.accounts.models import User
from app.db import BaseModel
from app.stock import rules
from app.units.models import Unit


class Lot(BaseModel):
    """A batch of a product, the same at all sites. A suspension stops it everywhere."""

    product = TextField()
    number = TextField()
    expires_on = DateField()
    suspended_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("product", "number"), True),)


class Suspension(BaseModel):
    """A unit stopped a lot everywhere, and perhaps lifted that again. The lot is stopped as long
    as one of these is open."""

    lot = ForeignKeyField(Lot, backref="suspensions")
    unit = ForeignKeyField(Unit)
    why = TextField()
    by = ForeignKeyField(User)
    at = DateTimeField()
    lifted_why = TextField(default="")
    lifted_by = ForeignKeyField(User, null=True)
    lifted_at = DateTimeField(null=True)

    @classmethod
    def of(cls, lot_id: int) -> "ModelSelect[Suspension]":
        """All suspensions of a lot with the unit, the newest first."""
        return cls.select(cls, Unit).join(Unit).where(cls.lot == lot_id).order_by(cls.id.desc())


class Holding(BaseModel):
    """Doses of a lot at a site: the sum of its movements, never below zero."""

    lot = ForeignKeyField(Lot)
    unit = ForeignKeyField(Unit)
    balance = IntegerField(default=0, constraints=[Check("balance >= 0")])

    class Meta:
        indexes = ((("lot", "unit"), True),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Holding]":
        """What the sites at or below `path` hold, with lot and unit."""
        return cls.select(cls, Lot, Unit).join(Lot).switch(cls).join(Unit).where(Unit.below(path))

    @classmethod
    def listed(
        cls, path: str, number: str = "", empty: bool = False, after: int | None = None
    ) -> "ModelSelect[Holding]":
        """What the sites at or below `path` hold, what expires first is first. number: only lots
        whose number begins so; empty: also where nothing is left; after: the last one of the page
        before."""
        query = cls.within(path).order_by(Lot.expires_on, cls.id)
        if number:
            query = query.where(Lot.number.startswith(number))
        if not empty:
            query = query.where(cls.balance > 0)
        if after:
            last, of = cls.alias(), Lot.alias()
            place = last.select(of.expires_on, last.id).join(of).where(last.id == after)
            query = query.where(Expression(Tuple(Lot.expires_on, cls.id), ">", place))
        return query

    @classmethod
    def usable(cls, on: date) -> "ModelSelect[Holding]":
        """What may be injected on a day: not expired, not suspended, some left. The caller says
        where."""
        return (
            cls.select(cls, Lot)
            .join(Lot)
            .where(
                cls.balance > 0,
                Lot.expires_on >= on,
                Lot.suspended_at.is_null(),
            )
            .order_by(Lot.expires_on, cls.id)
        )

    @classmethod
    def doses_at(cls, unit_ids: Iterable[int], on: date) -> dict[int, int]:
        """Unit → the doses there that may be injected on a day."""
        rows: Any = cls.usable(on).select(cls.unit, fn.SUM(cls.balance)).order_by()
        return dict(rows.where(cls.unit.in_(list(unit_ids))).group_by(cls.unit).tuples())

    def state(self, on: date) -> str:
        """One of rules.STATES on a day."""
        lot = self.lot
        return rules.state(self.balance, lot.expires_on, lot.suspended_at is not None, on)


class Line(NamedTuple):
    """A movement, and how many doses were left after it."""

    move: "Movement"
    left: int


class Movement(BaseModel):
    """A line of the ledger. `doses` is positive for what comes in, negative for what goes out;
    `kind` is one of rules.KINDS; `reason` one of rules.WASTE; `source_id` is the dose behind a
    line of kind "dose" or "undo", the line that an "unwaste" takes back; `session_id` the session
    at which doses were wasted."""

    holding = ForeignKeyField(Holding, backref="movements", index=False)
    kind = TextField()
    doses = IntegerField(constraints=[Check("doses <> 0")])
    reason = TextField(default="")
    source_id = IntegerField(null=True)
    session_id = IntegerField(null=True, index=True)
    note = TextField(default="")
    by = ForeignKeyField(User, index=False)
    at = DateTimeField()

    class Meta:
        indexes = ((("holding", "id"), False),)

    @classmethod
    def within(cls, path: str) -> "ModelSelect[Movement]":
        """The movements at the sites at or below `path`."""
        return cls.select(cls).join(Holding).join(Unit).where(Unit.below(path))

    @classmethod
    def wasted_at(cls, session_id: int) -> list["Movement"]:
        """The lines of waste of a session that nobody took back, oldest first, with lot and with
        who wrote them."""
        query = cls.select(cls, Holding, Lot, User.name)
        query = query.join(Holding).join(Lot).switch(cls).join(User)
        lines = list(query.where(cls.session_id == session_id).order_by(cls.id))
        gone = {line.source_id for line in lines if line.kind == "unwaste"}
        return [line for line in lines if line.kind == "waste" and line.id not in gone]

    @classmethod
    def ledger(cls, holding_id: int, before: int | None = None, limit: int = 50) -> list[Line]:
        """Lines of a holding, the newest first, with who wrote them. before: the id of the last
        line of the page before."""
        mine = cls.holding == holding_id
        query = cls.select(cls, User).join(User).where(mine)
        query = query.where(cls.id < before) if before else query
        moves = list(query.order_by(cls.id.desc()).limit(limit))
        upto = cls.id <= (moves[0].id if moves else 0)
        left = cls.select(fn.SUM(cls.doses)).where(mine, upto).scalar() or 0
        lines = []
        for move in moves:
            lines.append(Line(move, left))
            left -= move.doses
        return lines


# What was thrown away, received or given back on a day is a few lines among very many.
Movement.add_index(
    Movement.index(
        Movement.at, where=Movement.kind.in_(["waste", "unwaste"]), name="movement_wasted"
    )
)
Movement.add_index(
    Movement.index(
        Movement.at, where=Movement.kind.in_(["receipt", "return"]), name="movement_received"
    )
)
