"""What waits for a second person, and the decision."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404
from app.amendments import actions
from app.amendments.forms import DecideForm
from app.amendments.models import Amendment
from app.amendments.views import pages
from app.amendments.views.values import lines
from app.fields import BaseForm
from app.visits.rules import whole
from app.web import allow, may, page
from app.words import Refused

PER_PAGE = 50


@pages.get("/amendments")
@allow("dose.amend", "dose.approve")
def index() -> Response:
    """All that waits at one's unit and below, the oldest first."""
    after = whole(request.args.get("after"))
    rows = list(Amendment.waiting(g.user.unit_path, after).limit(PER_PAGE + 1))
    audit.record("view", "amendment", hits=len(rows))
    last = rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else 0
    return page("amendments/index.html", rows=rows[:PER_PAGE], last=last, after=after)


@pages.get("/amendments/<int:amendment_id>")
@allow("dose.amend", "dose.approve")
def show(amendment_id: int) -> Response:
    """One request: what is asked, what speaks against it, who may decide."""
    row = get_or_404(Amendment, amendment_id)
    audit.record("view", "amendment", row.id, row.person_id)
    return show_page(row)


def show_page(row: Amendment, form: Any = None, status: int = 200) -> Response:
    """The page, after a decision was refused too."""
    pending = row.state == "pending"
    warnings, refused = actions.against(row) if pending else ([], None)
    return page(
        "amendments/show.html", status, row=row, form=form or DecideForm(formdata=None),
        lines=lines(row), warnings=warnings, blocked=refused.texts() if refused else [],
        approvers=actions.may_approve(row) if pending else [],
        decides=pending and may("dose.approve") and actions.may_decide(row.unit, g.user)
        and row.asked_by_id != g.user.id,
        withdraw_form=BaseForm(formdata=None),
    )  # fmt: skip


@pages.post("/amendments/<int:amendment_id>/decide")
@allow("dose.approve")
def decide(amendment_id: int) -> Response:
    """Approved, or rejected with a reason."""
    row, form = get_or_404(Amendment, amendment_id), DecideForm()
    answer = form.answer.data or ""
    return _answer(row, form, lambda: actions.decide(row.id, form.approves, answer, g.user))


@pages.post("/amendments/<int:amendment_id>/withdraw")
@allow("dose.amend")
def withdraw(amendment_id: int) -> Response:
    """Whoever asked takes it back."""
    row, form = get_or_404(Amendment, amendment_id), DecideForm()
    return _answer(row, form, lambda: actions.withdraw(row.id, g.user))


def _answer(row: Amendment, form: DecideForm, work: Any) -> Response:
    status = 200
    if form.validate_on_submit():
        try:
            form.once(work)
        except Refused as refused:
            form.refuse(refused)
            late = {code for _n, code, _v in refused.reasons} & {"amend_decided", "stale"}
            status = 409 if late else 422
    else:
        status = 422
    return show_page(get_or_404(Amendment, row.id), form, status)
