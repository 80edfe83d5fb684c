"""Calling the people whose next dose is due to a session."""

import json
from datetime import time
from typing import Any, NamedTuple

from flask import g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.fields import HoursForm, row_id
from app.lists import models
from app.lists.views import pages, sources
from app.people.models import Person
from app.sessions import actions, rules
from app.sessions.models import Expected, VaccinationSession
from app.web import allow, page
from app.words import Refused

AT_ONCE = 30


class Done(NamedTuple):
    """What came of the last press. people: how many were called, for the hours first..last; left:
    (person, why) of those who could not be."""

    people: int
    first: str
    last: str
    left: list[tuple[Person, str]]


@pages.route("/sessions/<int:session_id>/due", methods=["GET", "POST"])
@allow("session.plan")
def call_due(session_id: int) -> Response:
    """Who in the care of the site is due for a dose on the day of a session and is not expected
    anywhere, the longest since the last dose first; those chosen are put on the list with an
    hour."""
    session, form, done = get_or_404(VaccinationSession, session_id), HoursForm(), None
    form.offer(_hours(session))
    if form.is_submitted() and not form.hour.choices:
        form.refuse(Refused(("", "hours_none")))
    elif form.is_submitted() and form.validate():
        try:
            form, done = _called(session, form)
        except Refused as refused:
            form.refuse(refused)
    return _shown(session, form, done)


def _hours(session: VaccinationSession) -> list[Any]:
    now = clock.local(clock.now()).time()
    return rules.hours_left(session.half_day, session.held_on, clock.today(), now)


def _called(session: VaccinationSession, form: HoursForm) -> tuple[HoursForm, Done]:
    """A fresh form, and what came of the press: also of the second one of two."""
    first, ids = form.first, form.ids.data or []
    kept = json.loads(form.once(lambda: _call(session.id, ids, first)))
    again = HoursForm(formdata=None)
    again.offer(_hours(session))
    again.hour.data = kept["hours"][-1] if kept["hours"] else f"{first:%H:%M}"
    left = Person.select().where(Person.id.in_([int(key) for key in kept["left"]]))
    why = [
        (row, " ".join(Refused(*kept["left"][str(row.id)]).texts()))
        for row in left.order_by(Person.sort_key)
    ]
    hours = kept["hours"] or ["", ""]
    return again, Done(kept["n"], hours[0], hours[-1], why)


def _call(session_id: int, ids: list[int], first: time) -> str:
    """Who withdrew consent after the page was shown is left."""
    unwilling = models.unwilling(ids)
    called = actions.call_people(
        session_id, [one for one in ids if one not in unwilling], first, g.user
    )
    called.left.update(dict.fromkeys(unwilling, Refused(("", "consent_withdrawn"))))
    return called.kept()


def _shown(session: VaccinationSession, form: HoursForm, done: Done | None) -> Response:
    shut, after = session.shut(clock.today()), row_id(request.args.get("after"))
    found = sources.Found([], 0) if shut else sources.due_for(session, after, AT_ONCE)
    audit.record("view", "list", kind="due", hits=len(found.lines), session=session.id)
    return page(
        "lists/call.html", 422 if form.errors or form.summary else 200, session=session,
        form=form, done=done, rows=found.lines, last=found.last, after=after,
        listed=Expected.select().where(Expected.session == session.id).count(),
        shut=shut,
    )  # fmt: skip
