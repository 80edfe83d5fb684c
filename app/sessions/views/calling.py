"""Calling people to a session by their wishes."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.fields import row_id
from app.people.models import LookAlike
from app.people.rules import as_card
from app.registrations.actions import born
from app.registrations.models import Registration
from app.sessions import actions, rules
from app.sessions.forms import CallForm
from app.sessions.models import Expected, VaccinationSession, first_waiting, missed
from app.sessions.views import pages
from app.web import allow, page
from app.words import Refused, word

AT_ONCE = 30


class Left(NamedTuple):
    """A wish that could not be called. why: texts; alikes: whom it may mean; card: what fills the
    form of a new person with it, "" when nothing in it contradicts itself."""

    wish: Registration
    why: str
    alikes: list[LookAlike]
    card: str


class Done(NamedTuple):
    """What came of the last press. people: how many were called, for the hours first..last; left:
    those who could not be."""

    people: int
    first: str
    last: str
    left: list[Left]


@pages.route("/sessions/<int:session_id>/wishes", methods=["GET", "POST"])
@allow("session.plan")
def wishes(session_id: int) -> Response:
    """The wishes that wait for this site in the order in which people are called, and why; those
    that are chosen are put on the list with an hour."""
    session, form = get_or_404(VaccinationSession, session_id), CallForm()
    form.offer(_hours(session))
    if not form.is_submitted():
        return _shown(session, form)
    if not form.hour.choices:
        form.refuse(Refused(("", "hours_none")))
        return _shown(session, form)
    if not form.validate():
        return _shown(session, form)
    try:
        return _shown(session, *_called(session, form))
    except Refused as refused:
        form.refuse(refused)
        return _shown(session, form)


def _hours(session: VaccinationSession) -> list[Any]:
    now = clock.local(clock.now()).time()
    return rules.hours_left(session.half_day, session.held_on, clock.today(), now)


def _called(session: VaccinationSession, form: CallForm) -> tuple[CallForm, Done]:
    """A fresh form, and what came of the press: also of the second one of two."""
    first, same = form.first, form.same
    ids = list(same) or form.ids.data or []
    work = lambda: actions.call(session.id, ids, first, g.user, same).kept()  # noqa: E731
    kept = json.loads(form.once(work))
    again = CallForm(formdata=None)
    again.offer(_hours(session))
    again.hour.data = kept["hours"][-1] if kept["hours"] else f"{first:%H:%M}"
    hours = kept["hours"] or ["", ""]
    return again, Done(kept["n"], hours[0], hours[-1], _left(kept["left"]))


def _left(left: dict[str, Any]) -> list[Left]:
    rows = Registration.select().where(Registration.id.in_([int(key) for key in left]))
    return [_one_left(row, left[str(row.id)]) for row in rows.order_by(Registration.id)]


def _one_left(row: Registration, reasons: list[Any]) -> Left:
    """Of what contradicts itself it is said what that is, and who writes down why it is right."""
    others = [one for one in reasons if one[1] != "doubts_found"]
    texts, card = Refused(*others).texts(), ""
    if others != reasons:
        texts += [*map(word, actions.doubts_of(row)), word("wish_doubts")]
        card = as_card(row.number, row.name, born(row), row.sex, row.address)
    return Left(row, " ".join(texts), _meant(row, reasons), card)


def _meant(wish: Registration, reasons: Iterable[Any]) -> list[LookAlike]:
    """The look-alikes, when these are what speaks against it."""
    if not {code for _field, code, _values in reasons} & {"wish_alike", "look_alikes_found"}:
        return []
    found = actions.meant_by(wish, g.user)
    for one in found:
        if not one.inside:
            audit.record("search", "person", person_id=one.person.id, how=one.sign)
    return found


def _shown(session: VaccinationSession, form: CallForm, done: Done | None = None) -> Response:
    after = row_id(request.args.get("after"))
    rows = first_waiting(actions.sites_for(session, g.user.unit_path), after, AT_ONCE + 1)
    today = clock.today()
    waited = {row.id: (today - clock.local(row.sent_at).date()).days for row in rows if row.sent_at}
    audit.record("view", "registration", hits=len(rows[:AT_ONCE]), session=session.id)
    wrong = bool(form.errors or form.summary)
    return page(
        "sessions/wishes.html", 422 if wrong else 200, session=session, form=form, done=done,
        rows=rows[:AT_ONCE], last=rows[AT_ONCE - 1].id if len(rows) > AT_ONCE else 0, after=after,
        listed=Expected.select().where(Expected.session == session.id).count(),
        shut=session.shut(today), waited=waited,
        missed=missed(waited), born=born,
    )  # fmt: skip
