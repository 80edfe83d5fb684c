"""What has waited for longer than a day, for the top of the first pages."""

from typing import NamedTuple

from flask import g

from app.certificates import models
from app.certificates.models import Overdue
from app.certificates.rules import ABOVE, AT_A_SITE, Late
from app.certificates.views import pages
from app.units.models import Unit

MANY = 10  # units of an authority, the oldest first
# Step → where it is done, and the right to do it.
STEPS = {
    "confirm": ("certificates.index", "certificate.confirm"),
    "sign": ("certificates.sign", "certificate.sign"),
    "issue": ("certificates.centre", "certificate.issue"),
}


class Waiting(NamedTuple):
    """At a site, and for the centre: what waits by step; above it by unit, with their names.
    `back`: how many days were looked at."""

    steps: list[Overdue]
    units: list[Late]
    names: dict[int, str]
    back: int


@pages.app_template_global("waiting_for_me")
def for_me() -> Waiting:
    """What the reader can confirm or sign at their own unit: one statement, none without the
    right."""
    if not g.user.can("certificate.confirm") and not g.user.can("certificate.sign"):
        return Waiting([], [], {}, AT_A_SITE)
    rows = models.overdue_at(g.user.unit_path)
    return Waiting([row for row in rows if g.user.can(STEPS[row.step][1])], [], {}, AT_A_SITE)


@pages.app_template_global("waiting_at")
def at(unit: Unit) -> Waiting:
    """What waits at a site, or below an authority; for the centre what it has not issued."""
    if unit.is_site:
        return Waiting(models.overdue_at(unit.path), [], {}, AT_A_SITE)
    units = models.overdue_below(unit.path)
    shown = [one.unit_id for one in units[:MANY]]
    rows = Unit.select(Unit.id, Unit.name).where(Unit.id.in_(shown)) if shown else ()
    issue = models.overdue_issue(unit.path) if g.user.can("certificate.issue") else []
    return Waiting(issue, units[:MANY], {row.id: row.name for row in rows}, ABOVE)


@pages.app_template_global("where_done")
def where_done(step: str, path: str) -> str:
    """The endpoint where the reader does a step of what waits at `path`; "" if they cannot."""
    endpoint, verb = STEPS[step]
    return endpoint if g.user.can(verb) and path.startswith(g.user.unit_path) else ""
