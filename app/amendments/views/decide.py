"""What waits for a second person, and the decision."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404
from app.amendments import actions
from app.amendments.forms import DecideForm, ManyForm
from app.amendments.models import Amendment
from app.amendments.views import pages
from app.amendments.views.values import day, lines, product
from app.fields import BaseForm
from app.visits.rules import whole
from app.web import allow, may, page
from app.words import Refused, word

PER_PAGE = 50


@pages.get("/amendments")
@allow("dose.amend", "dose.approve")
def index() -> Response:
    """All that waits at one's unit and below, the oldest first. `?all`: every box is ticked."""
    return _index(whole(request.args.get("after")))


def _index(after: int = 0, status: int = 200, **more: Any) -> Response:
    rows = list(Amendment.waiting(g.user.unit_path, after).limit(PER_PAGE + 1))
    audit.record("view", "amendment", hits=len(rows))
    last = rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else 0
    return page(
        "amendments/index.html", status, rows=rows[:PER_PAGE], last=last, after=after,
        ticked="all" in request.args, product=product, day=day, form=ManyForm(formdata=None),
        open=_in_bulk(rows[:PER_PAGE]), **more,
    )  # fmt: skip


def _in_bulk(rows: list[Amendment]) -> list[int]:
    """The ids of those that are of many alike, and that this person may approve with a tick."""
    others = [row for row in rows if row.kind == "elsewhere" and row.asked_by_id != g.user.id]
    if not may("dose.approve"):
        return []
    units = {row.unit_id: row.unit for row in others}
    mine = {key for key, unit in units.items() if actions.may_decide(unit, g.user)}
    return [row.id for row in others if row.unit_id in mine]


@pages.post("/amendments/approve")
@allow("dose.approve")
def approve() -> Response:
    """Approve the doses from elsewhere that were ticked; what cannot be approved stays, with the
    reason."""
    form = ManyForm()
    waiting = Amendment.waiting(g.user.unit_path)
    rows = list(waiting.where(Amendment.id.in_(form.chosen[:PER_PAGE])))
    names, wanted = {row.id: row.person.name for row in rows}, _in_bulk(rows)
    if not form.validate_on_submit() or not wanted:
        return _index(status=422, problems=[word("rows_none_ticked")])
    refused: dict[int, Refused] = {}
    form.once(lambda: _approve(wanted, refused))
    problems = [f"{names[row]}: {text}" for row, why in refused.items() for text in why.texts()]
    done = len(wanted) - len(refused)
    return _index(status=422 if problems else 200, problems=problems, approved=done)


def _approve(wanted: list[int], refused: dict[int, Refused]) -> int:
    refused |= actions.decide_all(wanted, g.user)
    return len(wanted) - len(refused)


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
