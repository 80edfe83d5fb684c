"""A whole bus is received with one press: people of the list, and cards line by line."""

import json
from typing import Any, NamedTuple

from flask import g, request
from peewee import fn
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.people.models import Person
from app.people.rules import query
from app.sessions.models import Expected, VaccinationSession
from app.visits import actions
from app.visits.forms import ArrivalsForm
from app.visits.models import Visit
from app.visits.rules import whole
from app.visits.views import pages
from app.web import allow, page
from app.words import Refused, word

MOST = 60


class Asked(NamedTuple):
    """One entry: `what` is the number on the list, or the line; person 0: nobody, and why."""

    what: str
    person: int
    why: str = ""


class Line(NamedTuple):
    """What came of an entry. typed: to register somebody who is not known yet."""

    what: str
    name: str
    visit: Visit | None
    texts: list[str]
    typed: str


@pages.get("/sessions/<int:session_id>/arrivals")
@allow("visit.check_in")
def arrivals(session_id: int) -> Response:
    """The people of the list who have not come yet (from number `?after=` on)."""
    session = get_or_404(VaccinationSession, session_id)
    return arrivals_page(session, ArrivalsForm(formdata=None))


def arrivals_page(
    session: Any, form: ArrivalsForm, status: int = 200, ticked: Any = (), **more: Any
) -> Response:
    """The form; ticked: numbers of the list, or "all"."""
    came = Visit.select().where(Visit.session == session.id, Visit.person == Expected.person)
    listed = Expected.listed(session.id, whole(request.args.get("after")))
    rows = list(listed.where(~fn.EXISTS(came)).limit(MOST + 1))
    audit.record("view", "session", session.id, hits=len(rows))
    numbers = {row.number for row in rows[:MOST]}
    return page(
        "visits/arrivals.html", status, session=session, form=form, rows=rows[:MOST],
        ticked=numbers if ticked == "all" else numbers & set(ticked),
        last=rows[MOST - 1].number if len(rows) > MOST else 0,
        shut=shut(session), **more,
    )  # fmt: skip


def shut(session: Any) -> str:
    """Why nobody is received at this session; "" when they are."""
    if session.off_reason:
        return word("session_off")
    if session.held_on != clock.today():
        return word("session_not_today")
    return word("session_closed") if session.closed_at else ""


@pages.post("/sessions/<int:session_id>/arrivals")
@allow("visit.check_in")
def arrive(session_id: int) -> Response:
    """Receive everybody who was ticked, typed or scanned; or tick all of the page."""
    session, form = get_or_404(VaccinationSession, session_id), ArrivalsForm()
    if request.form.get("go") == "all":
        return arrivals_page(session, form, ticked="all")
    if not form.validate_on_submit():
        return arrivals_page(session, form, 422, map(whole, request.form.getlist("tick")))
    if not form.listed and not form.lines:
        form.refuse(Refused(("", "nobody_chosen")))
        return arrivals_page(session, form, 422)
    result = form.once(lambda: receive(session, form))
    return arrivals_page(session, ArrivalsForm(formdata=None), lines=told(result, form.lines))


def receive(session: Any, form: ArrivalsForm) -> str:
    """Receive them; what came of each entry, as it is kept: what, person, visit, texts."""
    asked = [*listed(session, form.listed), *scanned(form.lines)]
    people = list(dict.fromkeys(one.person for one in asked if one.person))
    found = actions.receive_all(session.id, people, g.user)
    kept = []
    for one in asked:
        # Who is ticked and scanned, too, has one line.
        nobody = actions.Received(None, [("", one.why, {})])
        got = found.pop(one.person, None) if one.person else nobody
        if got:
            texts = [word(code, **values) for _at, code, values in got.reasons]
            kept.append([one.what, one.person, got.visit_id, texts])
    return json.dumps(kept, ensure_ascii=False)


def listed(session: Any, numbers: list[int]) -> list[Asked]:
    """The people with these numbers on the list."""
    rows = Expected.select().where(Expected.session == session.id, Expected.number.in_(numbers))
    people = {row.number: row.person_id for row in rows}
    return [Asked(str(number), people.get(number, 0), "not_on_the_list") for number in numbers]


def scanned(lines: list[str]) -> list[Asked]:
    """Who has the number of each line, anywhere in the nation. `what`: "#" and the place of the
    line, because numbers of cards are not kept with the answer of a form."""
    found = []
    for place, line in enumerate(lines):
        number = query(line).number
        person = Person.by_number(number) if number else None
        if number:
            person_id = person.id if person else None
            audit.record("search", "person", person_id, person_id, how="number")
        why = "nobody_has_number" if number else "line_without_number"
        found.append(Asked(f"#{place}", person.id if person else 0, why))
    return found


def told(result: str, lines: list[str]) -> list[Line]:
    """What came of each entry, with names and numbers in the queue as they are now."""
    kept = json.loads(result)
    people = {p.id: p for p in Person.select().where(Person.id.in_([row[1] for row in kept]))}
    visits = {v.id: v for v in Visit.select().where(Visit.id.in_([row[2] for row in kept]))}
    return [_line(row, people, visits, lines) for row in kept]


def _line(row: list[Any], people: dict[int, Any], visits: dict[int, Any], lines: Any) -> Line:
    what, person_id, visit_id, texts = row
    typed = lines[int(what[1:])] if what.startswith("#") else ""
    person = people.get(person_id)
    name = f"{person.name}, {person.dob_year}" if person else ""
    shown = (query(typed).number or typed[:40]) if typed else what
    unknown = typed if typed and not person and query(typed).number else ""
    return Line(shown, name, visits.get(visit_id), texts, unknown)
