"""Paper for a power cut: the list of a session with room to write, and the forms of the screen."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from flask import abort, g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404, scoped
from app.lists import actions, models
from app.lists.forms import PaperForm
from app.lists.models import PrintRun
from app.lists.rules import Line, ending
from app.lists.views import pages, sources
from app.lists.views.lists import whole
from app.people.models import Person
from app.sessions.models import VaccinationSession
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits.actions import as_rules_see
from app.visits.rules import ADULT, BODY_PARTS
from app.web import allow, go, page, stream

AT_ONCE = 100  # people whose forms are printed together


class Sheets(NamedTuple):
    """The forms for one person: consent and screening, and what is known of who fills them in."""

    consent: vaccines.Consent | None
    screening: vaccines.Form | None
    child: bool
    line: Line = Line()


@pages.route("/sessions/<int:session_id>/paper", methods=["GET", "POST"])
@allow("list.print")
def paper(session_id: int) -> Any:
    """What a session needs to go on without electricity."""
    session, form = get_or_404(VaccinationSession, session_id), PaperForm()
    if form.validate_on_submit():
        work = partial(actions.for_power_cut, session, form.blank.data, g.user)
        return go("lists.run_as", run_id=form.once(work), form="print")
    runs = scoped(PrintRun).where(PrintRun.session == session.id).order_by(PrintRun.id.desc())
    return page(
        "lists/paper.html", 422 if form.is_submitted() else 200, session=session, form=form,
        runs=list(runs.limit(10)), code=actions.run_code, sheets=_book(session).forms,
        people=models.expected(session.id).count(), at_once=AT_ONCE,
    )  # fmt: skip


@pages.get("/sessions/<int:session_id>/paper/<any(blank,named):what>")
@allow("list.print")
def forms(session_id: int, what: str) -> Response:
    """The forms of the day of a session: empty (`?sheet=`, the code of one), or with the names of
    a hundred people on its list, from the one at `?start=` on."""
    session, sent = get_or_404(VaccinationSession, session_id), Sent()
    sheets = _named(session, sent) if what == "named" else _blank(session)
    done = partial(sent.record, session, what)
    return stream(
        "lists/forms.html", done, session=session, sheets=sheets, now=clock.now(),
        body_parts=BODY_PARTS, ending=ending,
    )  # fmt: skip


class Sent:
    """How many people's names went out."""

    rows = 0

    def record(self, session: VaccinationSession, what: str) -> None:
        """Write it into the audit."""
        audit.record("print", "list", kind=f"forms_{what}", rows=self.rows, session=session.id)


def _book(session: VaccinationSession) -> vaccines.Catalogue:
    return catalogue_on(session.held_on)


def _blank(session: VaccinationSession) -> list[Sheets]:
    book, asked = _book(session), request.args.get("sheet")
    sheet = next((form for form in book.forms if asked in (form.code, None)), None)
    if sheet is None:
        abort(404)  # no link of ours says so
    years = sheet.ages.start or 0
    consent = next((one for one in book.consents if one.ages.covers(years)), None)
    return [Sheets(consent, sheet, years < ADULT)]


def _named(session: VaccinationSession, sent: Sent) -> Iterator[Sheets]:
    book, source, start = _book(session), sources.of_session("session", session), whole("start")
    for some in models.batches(islice(source.ids(None), start, start + AT_ONCE)):
        people = {row.id: row for row in Person.select().where(Person.id.in_(some))}
        for person_id, line in source.lines(some):
            seen = as_rules_see(people[person_id])
            child = vaccines.age_range(seen.birth, session.held_on)[0] < ADULT
            sent.rows += 1
            yield Sheets(
                vaccines.consent_for(seen, book), vaccines.form_for(seen, book), child, line
            )
