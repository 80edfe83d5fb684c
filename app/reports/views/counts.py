"""The counts of a day for a unit, and the visits behind each count."""

from datetime import date
from typing import Any, NamedTuple

from flask import abort, g, request, url_for
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.people.rules import sort_key
from app.reports import models, rules
from app.reports.forms import DayForm
from app.reports.views import pages
from app.units.models import Unit
from app.vaccines.models import product_name
from app.vaccines.rules import KINDS
from app.web import allow, may, page
from app.words import word

PER_PAGE = 50
MANY = 30  # units; the links of more would weigh more than all else on the page


class Row(NamedTuple):
    """What was counted at a unit; `own`: without the units below it."""

    unit: Unit
    counts: rules.Counts
    own: bool


@pages.get("/reports")
@allow("report.view")
def index() -> Response:
    """What was counted on a day (`?on=`, today) at a unit of one's subtree (`?unit=`)."""
    form, unit = DayForm(), asked_unit()
    above, below = models.around(unit, g.user.unit_path)
    found = models.counts(unit, form.day) if form.day else {}
    rows = [Row(one, found[one.id], one.id == unit.id) for one in [unit, *by_name(below)]
            if one.id in found]  # fmt: skip
    total = Row(unit, rules.total(found.values()), False)
    kinds = sorted(total.counts.kinds, key=lambda kind: (KINDS.index(kind[0]), kind[1]))
    return page(
        "reports/index.html", 200 if form.day else 422, form=form, day=form.day, unit=unit,
        above=above, rows=rows, total=total, wide=len(rows) > MANY, counts=rules.COUNTS,
        now=clock.now(), heads=[word(f"count_{name}") for name in rules.COUNTS],
        silent=[one for one in by_name(below) if is_silent(one, found, form.day)],
        kinds=kinds, kind_heads=[f"{word(kind)} {seq}" for kind, seq in kinds],
        products=sorted((product_name(code), code) for code in total.counts.products),
    )  # fmt: skip


def is_silent(unit: Unit, found: dict[int, rules.Counts], day: date | None) -> bool:
    """Whether a unit that was open on the day has nothing to count."""
    return day is not None and unit.id not in found and unit.open_on(day)


def asked_unit() -> Unit:
    """The unit of `?unit=`, the reader's own without one; a stranger's is not there (404)."""
    return get_or_404(Unit, number("unit") or g.user.unit_id)


def number(name: str) -> int | None:
    """A number in the address, None without one; 404 for what no link of ours says."""
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        abort(404)
    return int(text) if text else None


def by_name(units: list[Unit]) -> list[Unit]:
    """The units in the order of a Vietnamese dictionary."""
    return sorted(units, key=lambda unit: [sort_key(word) for word in unit.name.split()])


@pages.get("/reports/visits")
@allow("report.view")
def visits() -> Response:
    """The visits behind a count. Names are for those who may see records of people."""
    unit, day, asked, after = asked_unit(), asked_day(), asked_for(), number("after")
    rows = list(models.visits_behind(unit, day, asked, after).limit(PER_PAGE + 1))
    more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    if may("person.view"):
        audit.record("view", "report", unit.id, hits=len(rows), count=asked.what, on=str(day))
    first: dict[str, Any] = {**request.args.to_dict(), "after": None}
    return page(
        "reports/visits.html", unit=unit, day=day, asked=asked, rows=rows,
        doses=models.doses_of(rows), product=product_name,
        more=url_for("reports.visits", **{**first, "after": rows[-1].id}) if more else "",
        first=url_for("reports.visits", **first) if after else "",
        site=len({row.unit_id for row in rows} | {unit.id}) > 1,
    )  # fmt: skip


def asked_day() -> date:
    """The day of `?on=`; 404 for what no link of ours says."""
    form = DayForm()
    if not form.day:
        abort(404)
    return form.day


def asked_for() -> rules.Asked:
    """Which count was followed; 404 for one that there is not."""
    args = request.args
    what, kind = args.get("count", "received"), args.get("kind", "")
    if what not in rules.COUNTS or (kind and kind not in KINDS):
        abort(404)
    product = args.get("product", "")[:40]
    return rules.Asked(what, kind, number("seq") or 0, product, "own" in args)
