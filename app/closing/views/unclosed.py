"""Sessions of earlier days that are still open: on top of the first pages, and a page of them."""

from typing import NamedTuple

from flask import g, request
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import get_or_404
from app.closing import models, rules
from app.closing.forms import row_id
from app.closing.models import SessionGap
from app.closing.rules import UnitGap
from app.closing.views import pages
from app.units.models import Unit
from app.web import allow, page

FEW, MANY, PER_PAGE = 5, 10, 50


class Unclosed(NamedTuple):
    """What is open at or below a unit: by unit, with their names; where all is of one unit, its
    first sessions one by one instead."""

    units: list[UnitGap]
    names: dict[int, str]
    sessions: list[SessionGap]

    @property
    def total(self) -> int:
        """How many sessions are open."""
        return sum(unit.sessions for unit in self.units)


@pages.app_template_global("unclosed")
def unclosed(path: str) -> Unclosed:
    """For the top of a first page: one statement when all is well, otherwise two."""
    units, today = models.open_by_unit(path, clock.today()), clock.today()
    if len(units) > 1:
        return Unclosed(units, models.names(units[:MANY]), [])
    return Unclosed(units, {}, models.open_sessions(path, today, FEW) if units else [])


@pages.app_template_global("is_old")
def is_old(one: SessionGap) -> bool:
    """Whether doses have been missing for longer than a day."""
    return one.gap > 0 and rules.is_old(one.held_on, clock.today())


@pages.get("/sessions/open")
@allow("session.view")
def index() -> Response:
    """The sessions of earlier days that are still open at a unit (`?unit=`), the oldest first."""
    unit = get_or_404(Unit, row_id(request.args.get("unit")) or g.user.unit_id)
    after, today = row_id(request.args.get("after")), clock.today()
    rows = models.open_sessions(unit.path, today, PER_PAGE + 1, after)
    units = [] if after else models.open_by_unit(unit.path, today)
    return page(
        "closing/index.html", unit=unit, rows=rows[:PER_PAGE], after=after,
        last=rows[PER_PAGE - 1].session_id if len(rows) > PER_PAGE else 0,
        units=units, names=models.names(units) if len(units) > 1 else {},
    )  # fmt: skip
