"""Planning sessions, and the list of the people who are expected."""

from typing import Any, NamedTuple

from flask import Blueprint, abort, g, request, url_for
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.i18n import _, show_date
from app.people import rules as people
from app.people.models import Care, Person
from app.sessions import actions
from app.sessions.forms import PersonForm, PlanForm, WhoForm, row_id
from app.sessions.models import Expected, VaccinationSession
from app.units.models import Unit
from app.vaccines.models import catalogue_on
from app.web import allow, go, page
from app.words import Refused

pages = Blueprint("sessions", __name__)
FEW, TODAY, PER_PAGE, MOST = 10, 18, 50, 20
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


@pages.route("/sessions/<int:session_id>", methods=["GET", "POST"])
@allow("session.view")
def show(session_id: int) -> Response:
    """The plan and the list, page by page; `?remove=1` with a button to take each person off it.
    A search in the list comes as POST."""
    return show_page(get_or_404(VaccinationSession, session_id))


def show_page(session: VaccinationSession, **more: Any) -> Response:
    """The page of a session, after something was done."""
    after, typed = row_id(request.args.get("after")), request.form.get("q", "")[:200]
    query = Expected.listed(session.id, after, _asked(session, typed) if typed else None)
    rows = list(query.limit(PER_PAGE + 1))
    last = rows[PER_PAGE - 1].number if len(rows) > PER_PAGE else 0
    audit.record("search" if typed else "view", "session", session.id, hits=len(rows))
    return page(
        "sessions/show.html", session=session, rows=rows[:PER_PAGE], last=last, after=after,
        typed=typed, people=Expected.select().where(Expected.session == session.id).count(),
        lots=[lot_text(row) for row in session.planned_lots()], today=clock.today(),
        remove_form=PersonForm(formdata=None), removing="remove" in request.args, **more,
    )  # fmt: skip


def _asked(session: VaccinationSession, typed: str) -> Any:
    """The people of the list who are meant by what was typed; a short number may be the one on
    the list."""
    found = Person.search("/", people.query(typed)).select(Person.id).order_by()
    if not 0 < row_id(typed.strip()) < 100_000:
        return found
    listed = Expected.select(Expected.person).where(
        Expected.session == session.id, Expected.number == row_id(typed.strip())
    )
    return listed if listed.exists() else found


class Found(NamedTuple):
    """people: who it may be, those in one's care first; number: the whole number that was typed;
    stranger: the one person found is not in one's care, so only the minimum is shown."""

    people: list[Person]
    number: str
    stranger: bool = False


@pages.route("/sessions/<int:session_id>/add", methods=["GET", "POST"])
@allow("session.plan")
def add(session_id: int) -> Response:
    """Look for somebody to put on the list."""
    session, form = get_or_404(VaccinationSession, session_id), WhoForm()
    if form.validate_on_submit():
        return add_page(session, form=form, found=_find(form.what.data))
    return add_page(session, 422 if form.is_submitted() else 200, form=form)


def add_page(session: VaccinationSession, status: int = 200, **more: Any) -> Response:
    """The search field, and what came of the last search or button."""
    more.setdefault("form", WhoForm(formdata=None))
    found = more.get("found")
    pick = PersonForm(formdata=None, data={"number": found.number if found else ""})
    return page("sessions/add.html", status, session=session, pick_form=pick, **more)


def _find(typed: str) -> Found:
    """In one's own care by anything, in the whole country by an exact number."""
    path, wanted = g.user.unit_path, people.query(typed)
    found = list(Person.search(path, wanted).limit(MOST))
    stranger = Person.by_number(wanted.number) if wanted.number and not found else None
    if not found and not stranger:
        found = list(Person.nearly(path, wanted).limit(MOST))
    audit.record(
        "search", "person", person_id=stranger.id if stranger else None, hits=len(found),
        how="number" if wanted.number else "words",
    )  # fmt: skip
    return Found([stranger] if stranger else found, wanted.number or "", bool(stranger))


@pages.post("/sessions/<int:session_id>/expect")
@allow("session.plan")
def expect(session_id: int) -> Response:
    """Put the person whose button was pressed on the list."""
    session, form = get_or_404(VaccinationSession, session_id), PersonForm()
    person = _meant(form)
    if not form.validate_on_submit():
        return add_page(session, 422, refused=form)
    try:
        number = form.once(lambda: actions.expect(session.id, person.id, g.user))
        return add_page(session, added=person, number=number)
    except Refused as refused:
        form.refuse(refused)
        return add_page(session, 422, refused=form)


def _meant(form: PersonForm) -> Person:
    """The person of the button: one in our care, or one whose number somebody typed."""
    person = Person.get_or_none(Person.id == form.person_id)
    if person is None:
        abort(404)
    inside, _unit = Care.last_of([person.id], g.user.unit_path)[person.id]
    if not inside and Person.by_number(form.number.data or "") != person:
        abort(404)
    return person


@pages.post("/sessions/<int:session_id>/remove")
@allow("session.plan")
def remove(session_id: int) -> Response:
    """Take the person whose button was pressed off the list."""
    session, form = get_or_404(VaccinationSession, session_id), PersonForm()
    if form.validate_on_submit():
        form.once(lambda: actions.remove(session.id, form.person_id))
        return show_page(session, removed=Person.get_or_none(Person.id == form.person_id))
    return show_page(session)
