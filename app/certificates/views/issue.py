"""Step 3: the centre issues in bulk."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from flask import g
from werkzeug.wrappers import Response

from app.certificates import actions, rules
from app.certificates.forms import IssueForm, number
from app.certificates.models import by_site
from app.certificates.views import pages
from app.units.models import Unit
from app.web import allow, page
from app.words import Refused

AT_ONCE = 500  # people in one press: a few seconds


class Below(NamedTuple):
    """A unit below the centre, and how many people wait there."""

    name: str
    waiting: int


@pages.route("/certificates/issue", methods=["GET", "POST"])
@allow("certificate.issue")
def centre() -> Response:
    """How many wait, by province, and the button that issues the next ones. Who has one gets no
    second, so a form that is sent twice does no harm."""
    form, done = IssueForm(), None
    if form.validate_on_submit():
        try:
            done = actions.issue_waiting(number(form.after.data), AT_ONCE, g.user)
            form = IssueForm(formdata=None, data={"after": str(done.last)})
        except Refused as refused:
            form.refuse(refused)
    rows = _by_province(g.user.unit_path, by_site(g.user.unit_path))
    return page(
        "certificates/centre.html", 422 if form.errors or form.summary else 200, form=form,
        done=done, rows=rows, waiting=sum(row.waiting for row in rows),
        at_once=AT_ONCE,
    )  # fmt: skip


def _by_province(path: str, sites: Iterable[tuple[str, int]]) -> list[Below]:
    sums: Counter[int] = Counter()
    for at, waiting in sites:
        sums[rules.child_at(path, at)] += waiting
    names = {row.id: row.name for row in Unit.select().where(Unit.id.in_(list(sums)))}
    return sorted(Below(names[key], waiting) for key, waiting in sums.items())
