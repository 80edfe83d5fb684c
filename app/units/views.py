"""The tree of units below one's own, and making and changing them."""

from datetime import date

from flask import Blueprint, abort, g, request
from peewee import ModelSelect
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import get_or_404, scoped
from app.units import actions, rules
from app.units.actions import Facts
from app.units.forms import Choice, FactsForm, NewUnitForm, UnitForm
from app.units.models import Area, Level, Unit
from app.web import allow, go, page
from app.words import Refused

pages = Blueprint("units", __name__)
ROWS = 50


@pages.get("/units")
@allow("unit.manage")
def index() -> Response:
    """The present unit, or what was found by name or code in its subtree."""
    typed = request.args.get("q", "")[:100].replace("\x00", "").strip()
    if not typed:
        return show(g.user.unit_id)
    hit = Unit.name.contains(typed) | Unit.code.startswith(typed)
    rows = list(_ordered(scoped(Unit).where(hit)).limit(ROWS + 1))
    return page(
        "units/found.html", rows=rows[:ROWS], more=len(rows) > ROWS, typed=typed, state=_state
    )


@pages.get("/units/<int:unit_id>")
@allow("unit.manage")
def show(unit_id: int) -> Response:
    """One unit and those right below it."""
    unit = get_or_404(Unit, unit_id)
    below = Unit.select().where(Unit.parent == unit.id)
    last = request.args.get("after", type=int)
    if last is not None:
        below = below.where(Unit.code > get_or_404(Unit, last).code)
    rows = list(_ordered(below).limit(ROWS + 1))
    return page(
        "units/show.html", unit=unit, area=unit.area, rows=rows[:ROWS], more=len(rows) > ROWS,
        paged=last is not None, above=_above(unit), state=_state,
        may_add=bool(unit.levels_below(clock.today())),
    )  # fmt: skip


def _ordered(query: "ModelSelect[Unit]") -> "ModelSelect[Unit]":
    return query.select(Unit, Level).join_from(Unit, Level).order_by(Unit.code)


def _above(unit: Unit) -> list[Unit]:
    """From the present unit down to this one's parent."""
    ids = [int(part) for part in unit.path.split("/") if part]
    above = {row.id: row for row in scoped(Unit).where(Unit.id.in_(ids[:-1]))}
    return [above[i] for i in ids if i in above]


def _state(unit: Unit) -> str:
    return rules.state(unit.valid_from, unit.valid_to, clock.today())


@pages.route("/units/<int:unit_id>/new", methods=["GET", "POST"])
@allow("unit.manage")
def new(unit_id: int) -> Response:
    """Make a unit below this one."""
    above, form = get_or_404(Unit, unit_id), NewUnitForm(valid_from=clock.today())
    day = form.valid_from.data or clock.today()
    form.level.choices = [(level.code, level.label()) for level in above.levels_below(day)]
    areas = _offer(form, above.areas_below(day))
    if form.validate_on_submit():
        try:
            code = rules.code(form.code.data or "")
            facts = _facts(form, areas)
            made = form.once(lambda: actions.create(above, form.level.data, code, day, facts))
            return go("units.show", unit_id=int(made))
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() else 200
    return page("units/new.html", status=status, form=form, above=above)


@pages.route("/units/<int:unit_id>/edit", methods=["GET", "POST"])
@allow("unit.manage")
def edit(unit_id: int) -> Response:
    """Change, close or open a unit below one's own."""
    unit = get_or_404(Unit, unit_id)
    if unit.id == g.user.unit_id:
        abort(404)  # the one above keeps it
    form = UnitForm(
        name=unit.name, address=unit.address, area=_value(unit.area), valid_to=unit.valid_to,
        successor=unit.successor.code if unit.successor else "",
    )  # fmt: skip
    present = [unit.area] if unit.area else []
    areas = _offer(form, present + unit.parent.areas_below(clock.today()))
    if form.validate_on_submit():
        try:
            successor = _unit_called(form.successor.data or "")
            form.once(lambda: actions.change(unit, _facts(form, areas), successor))
            return go("units.show", unit_id=unit_id)
        except Refused as refused:
            form.refuse(refused)
    return page("units/edit.html", status=422 if form.is_submitted() else 200, form=form, unit=unit)


def _value(area: Area | None) -> str:
    return f"{area.scheme}:{area.code}" if area else ""


def _offer(form: FactsForm, areas: list[Area]) -> dict[str, Area]:
    offered = {_value(area): area for area in areas}
    choices: list[Choice] = [(value, area.name) for value, area in offered.items()]
    form.offer_areas(choices)
    return offered


def _facts(form: FactsForm, areas: dict[str, Area]) -> Facts:
    last: date | None = form.valid_to.data
    return Facts(form.name.data, form.address.data, areas[form.area.data], last)


def _unit_called(typed: str) -> Unit | None:
    """The unit of the subtree with this code; None when nothing was typed. Raises Refused."""
    if not typed.strip():
        return None
    found: Unit | None = scoped(Unit).where(Unit.code == rules.code(typed)).get_or_none()
    if found is None:
        raise Refused(("successor", "unit_unknown"))
    return found
