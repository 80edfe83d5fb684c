"""The administrator's page of messages: what left, came in and did not
arrive, and the limits that were reached."""

from datetime import date, timedelta

from flask import Blueprint, g
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.i18n import show_moment
from app.notices import actions, rules
from app.notices.forms import AgainForm
from app.notices.models import Notice
from app.people.models import Person
from app.verification.models import Tally
from app.visits.rules import whole
from app.web import allow, go, page
from app.words import Refused, word

pages = Blueprint("notices", __name__)
DAYS, MOST = 7, 50


@pages.route("/messages", methods=["GET", "POST"])
@allow("message.view")
def index() -> Response:
    """Counts of a week and the lost messages, without texts; the button sends one again."""
    form = AgainForm()
    notice = get_or_404(Notice, whole(form.again.data)) if form.again.data else None
    if notice and form.validate_on_submit():
        try:
            form.once(lambda: actions.again(notice, g.user))
            return go("notices.index")
        except Refused as refused:
            form.refuse(refused)
    days = [clock.today() - timedelta(back) for back in range(DAYS)]
    rows = list(Notice.lost(days[-1]).limit(MOST))
    audit.record("view", "notice", hits=len(rows))
    return page(
        "notices/index.html", 422 if form.is_submitted() else 200, form=form, rows=rows,
        states=rules.STATES, heads=[word(f"notice_{state}") for state in rules.STATES], most=MOST,
        days=[(day, Notice.by_state(day)) for day in days],
        heads_of_days=[f"{day:%d/%m}" for day in days],
        left=_told("left", days), inbound=_told("inbound", days), limits=_told("limit", days),
    )  # fmt: skip


@pages.app_template_global("messages_about")
def messages_about(person: Person) -> list[list[str]]:
    """The rows of the messages about a person, for the copy that is handed over: kind, moment and
    state of each, for a text may hold a code."""
    rows = [
        [show_moment(row.sent_at or row.created_at), word(f"left_{row.kind}"),
         word(f"notice_{row.state}")]
        for row in Notice.about_person(person)
    ]  # fmt: skip
    audit.record("print", "notice", None, person.id, rows=len(rows))
    return rows


def _told(what: str, days: list[date]) -> list[list[str | int]]:
    """The rows of a table of what happened on the days."""
    return [[word(f"{what}_{kind}"), *times] for kind, times in Tally.of(what, days).items()]
