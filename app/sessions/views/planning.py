"""Planning sessions."""

from typing import Any, NamedTuple

from flask import g, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import get_or_404
from app.fields import row_id
from app.i18n import _, show_date
from app.sessions import actions
from app.sessions.forms import PlanForm
from app.sessions.models import VaccinationSession
from app.sessions.views import pages
from app.units.models import Unit
from app.vaccines.models import catalogue_on
from app.web import allow, go, page
from app.words import Refused

FEW, TODAY, PER_PAGE = 10, 18, 50
WHEN = ("today", "coming", "past")
PLANNED = ("held_on", "half_day", "tables", "capacity", "round", "note")


@pages.get("/sessions")
@allow("session.view")
def index() -> Response:
    """Today's sessions first, then those to come, then the past ones. `?when=` shows only one of
    these, page by page."""
    when, after = request.args.get("when"), row_id(request.args.get("after"))
    shown = (
        [(when, PER_PAGE)] if when in WHEN else [("today", TODAY), ("coming", FEW), ("past", FEW)]
    )
    parts = [_part(str(name), size, after) for name, size in shown]
    several = any(row.unit_id != g.user.unit_id for part in parts for row in part.rows)
    return page("sessions/index.html", parts=parts, one=when in WHEN, after=after, several=several)


class Part(NamedTuple):
    """Sessions of one kind (see WHEN), and where the rest of them is shown."""

    when: str
    rows: list[VaccinationSession]
    more: str


def _part(when: str, size: int, after: int) -> Part:
    query = VaccinationSession.listed(g.user.unit_path, when, clock.today(), after)
    rows = list(query.limit(size + 1))
    more = url_for("sessions.index", when=when, after=rows[size - 1].id) if len(rows) > size else ""
    return Part(when, rows[:size], more)


@pages.route("/sessions/new", methods=["GET", "POST"])
@allow("session.plan")
def new() -> Any:
    """Plan a session of one's own site, or of one below."""
    sites = list(Unit.sites(g.user.unit_path, clock.today()).order_by(Unit.path).limit(200))
    form = _plan_form(PlanForm(held_on=clock.today()), sites)
    if form.validate_on_submit() and sites:
        unit_id = form.unit_id.data if "unit_id" in form else sites[0].id
        try:
            return go("sessions.show", session_id=form.once(lambda: _planned(form, unit_id)))
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() else 200
    return page("sessions/plan.html", status, form=form, session=None, sites=sites)


def _planned(form: PlanForm, unit_id: int) -> int:
    return actions.plan(unit_id, _plan(form), g.user)


def _plan_form(form: PlanForm, sites: list[Unit], planned: Any = ()) -> PlanForm:
    lots = {row.id: row for row in (*actions.lots_for(sites, g.user.unit_path), *planned)}
    texts = [(key, lot_text(row)) for key, row in lots.items()]
    form.offer([(site.id, site.name) for site in sites], texts)
    if len(lots) == 1 and not form.is_submitted():
        form.lots.data = list(lots)
    return form


def lot_text(holding: Any) -> str:
    """A lot as it stands in a list: product, number, expiry, doses, and where it lies if not
    here."""
    product = catalogue_on(clock.today()).products.get(holding.lot.product)
    parts = [
        product.name if product else holding.lot.product, holding.lot.number,
        _("hạn %(day)s", day=show_date(holding.lot.expires_on)),
        _("còn %(n)s liều", n=holding.balance),
    ]  # fmt: skip
    if holding.unit_id != g.user.unit_id:
        parts.append(holding.unit.name)
    return " · ".join(parts)


def _plan(form: PlanForm) -> actions.Plan:
    default = form.default_lot.data if "default_lot" in form else None
    return actions.Plan(
        form.held_on.data, form.half_day.data, form.tables.data, form.capacity.data,
        form.note.data, tuple(form.lots.data or ()), default or None,
        form.round.data or "",
    )  # fmt: skip


@pages.route("/sessions/<int:session_id>/edit", methods=["GET", "POST"])
@allow("session.plan")
def edit(session_id: int) -> Any:
    """Change a plan."""
    session = get_or_404(VaccinationSession, session_id)
    planned = list(session.planned_lots())
    # Not obj=session: its `lots` are rows of another table, not what the form means by lots.
    known = {name: getattr(session, name) for name in PLANNED}
    known |= {"lots": [row.id for row in planned], "default_lot": session.default_lot_id}
    form = _plan_form(PlanForm(data=known), [session.unit], planned)
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.change(session, _plan(form), g.user))
            return go("sessions.show", session_id=session.id)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() else 200
    return page("sessions/plan.html", status, form=form, session=session, sites=[session.unit])
