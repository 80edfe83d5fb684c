"""The list of the people who are expected at a session."""

from typing import Any, NamedTuple

from flask import abort, g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.fields import BaseForm, row_id
from app.people import rules as people
from app.people.models import Care, Person
from app.sessions import actions
from app.sessions.forms import PersonForm, WhoForm
from app.sessions.models import Appointment, Expected, VaccinationSession
from app.sessions.views import pages
from app.sessions.views.planning import lot_text
from app.web import allow, page
from app.words import Refused

PER_PAGE, MOST = 50, 20


@pages.route("/sessions/<int:session_id>", methods=["GET", "POST"])
@allow("session.view")
def show(session_id: int) -> Response:
    """The plan and the list, page by page; `?remove=1` with a button to take each person off it.
    A search in the list comes as POST."""
    return show_page(get_or_404(VaccinationSession, session_id))


def show_page(session: VaccinationSession, status: int = 200, **more: Any) -> Response:
    """The page of a session, after something was done."""
    after, typed = row_id(request.args.get("after")), request.form.get("q", "")[:200]
    query = Expected.listed(session.id, after, _asked(session, typed) if typed else None)
    rows = list(query.limit(PER_PAGE + 1))
    last = rows[PER_PAGE - 1].number if len(rows) > PER_PAGE else 0
    audit.record("search" if typed else "view", "session", session.id, hits=len(rows))
    hours = Appointment.hours(session.id, [row.person_id for row in rows])
    more.setdefault("again_form", BaseForm(formdata=None))
    return page(
        "sessions/show.html", status, session=session, rows=rows[:PER_PAGE], last=last, after=after,
        hours=hours,
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
