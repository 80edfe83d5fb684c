"""Sheets that were filled in on paper: signed consents, and screenings on which all is Không."""

import re
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404
from app.sessions.models import VaccinationSession
from app.visits import actions
from app.visits.forms import TicksForm, sheets_form, whole
from app.visits.models import Visit, at_hand
from app.visits.views import pages
from app.visits.views.batch import MOST, kept, outcome
from app.web import allow, page
from app.words import Refused, word


def rows_page(template: str, session: Any, rows: Any, status: int = 200, **more: Any) -> Response:
    """A page of people who wait at a station."""
    audit.record("view", "session", session.id, hits=len(rows))
    fine = {row.visit.id for row in rows if not row.against}
    return page(template, status, session=session, rows=rows, fine=fine, **more)


@pages.get("/sessions/<int:session_id>/consents")
@allow("visit.consent")
def consents(session_id: int) -> Response:
    """Who waits for the consent sheet."""
    return consents_page(get_or_404(VaccinationSession, session_id), TicksForm(formdata=None))


def consents_page(
    session: Any, form: TicksForm, status: int = 200, ticked: Any = (), **more: Any
) -> Response:
    """The people with ticks; ticked: ids of visits, or "all"."""
    rows = actions.consent_rows(Visit.queue(session.id, ["arrived"], MOST))
    chosen = {row.visit.id for row in rows} if ticked == "all" else set(ticked)
    return rows_page(
        "visits/consents.html", session, rows, status, form=form, ticked=chosen, **more
    )


@pages.post("/sessions/<int:session_id>/consents")
@allow("visit.consent")
def consents_collected(session_id: int) -> Response:
    """The people who are ticked signed for themselves."""
    session, form = get_or_404(VaccinationSession, session_id), TicksForm()
    chosen = form.chosen()
    if request.form.get("go") == "all":
        return consents_page(session, form, ticked="all")
    if not form.validate_on_submit() or not chosen:
        form.summary = [word("nobody_chosen")]
        return consents_page(session, form, 422, chosen)
    result = form.once(lambda: kept(actions.consent_all(session, chosen, g.user)))
    return consents_page(session, TicksForm(formdata=None), outcome=outcome(result))


@pages.get("/sessions/<int:session_id>/sheets")
@allow("visit.screen")
def sheets(session_id: int) -> Response:
    """Who waits for the doctor, a row each."""
    return sheets_page(get_or_404(VaccinationSession, session_id))


def sheets_page(session: Any, form: Any = None, status: int = 200, **more: Any) -> Response:
    """The grid; a refused form keeps what was typed."""
    rows = actions.screening_rows(Visit.queue(session.id, ["consented"], MOST))
    form = form or sheets_form([row.visit.id for row in rows], formdata=None)
    wishes = at_hand.wishes([row.visit.person_id for row in rows])
    return rows_page(
        "visits/sheets.html", session, rows, status, form=form, wishes=wishes, **more
    )  # fmt: skip


@pages.post("/sessions/<int:session_id>/sheets")
@allow("visit.screen")
def sheets_typed(session_id: int) -> Response:
    """The sheets of the rows that are filled in."""
    session = get_or_404(VaccinationSession, session_id)
    ids = [int(name[1:]) for name in request.form if re.fullmatch(r"t[0-9]{1,9}", name, re.ASCII)]
    queue = Visit.queue(session.id, ["consented"], MOST)
    form = sheets_form(dict.fromkeys([*(visit.id for visit in queue), *ids[: 2 * MOST]]))
    try:
        result = type_in(session, form, ids[: 2 * MOST])
    except Refused as refused:
        form.refuse(refused)
        return sheets_page(session, form, 422)
    if result is None:
        return sheets_page(session, form, 422)
    return sheets_page(session, outcome=outcome(result))


def type_in(session: Any, form: Any, ids: list[int]) -> str | None:
    """What came of it; None when a field is wrong. Raises Refused."""
    if not form.validate_on_submit():
        return None
    filled = {one: form[f"t{one}"].data for one in ids if form[f"t{one}"].data is not None}
    ticked = {one: whole(form[f"n{one}"].data) for one in ids if form[f"n{one}"].data}
    wrong = [(f"t{one}", "sheet_not_ticked") for one in filled if one not in ticked]
    if wrong or not ticked:
        raise Refused(*wrong or [("", "nobody_chosen")])
    papers = {one: actions.Paper(ticked[one], filled.get(one)) for one in ticked}
    return str(form.once(lambda: kept(actions.screen_all(session, papers, g.user))))
