"""Noting a reaction while the person sits, or after; and what people tell of themselves."""

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404
from app.reactions import actions, rules
from app.reactions.forms import ReactionForm, SeenForm
from app.reactions.models import Reaction, SelfReport
from app.visits.models import Visit
from app.visits.rules import whole
from app.web import allow, go, page
from app.words import Refused

pages = Blueprint("reactions", __name__)
MOST = 100


@pages.route("/visits/<int:visit_id>/reaction", methods=["GET", "POST"])
@allow("reaction.record")
def note(visit_id: int) -> Response:
    """Two keys: the digit of the sign, Enter."""
    visit = get_or_404(Visit, visit_id)
    form, saved = ReactionForm(), None
    if form.validate_on_submit():
        try:
            row = form.once(
                lambda: actions.note(visit, form.signs, form.serious, form.note.data or "", g.user)
            )
            form, saved = ReactionForm(formdata=None), Reaction.get_by_id(row)
        except Refused as refused:
            form.refuse(refused)
    return page(
        "reactions/note.html",
        422 if form.is_submitted() and not saved else 200,
        visit=visit, form=form, saved=saved, signs=rules.SIGNS,
        reactions=list(Reaction.of(visit.id)),
    )  # fmt: skip


@pages.app_template_global("alarms")
def alarms(path: str) -> int:
    """How many serious reports nobody has followed yet, for the top of the first pages."""
    return SelfReport.unseen(path).where(SelfReport.serious).count()


@pages.route("/reactions/told", methods=["GET", "POST"])
@allow("reaction.follow")
def told() -> Response:
    """What people told of themselves; `?show=seen`: what was followed. The button says that
    somebody has spoken with them."""
    form, show = SeenForm(), request.args.get("show", "")
    if form.is_submitted():
        report = get_or_404(SelfReport, whole(form.seen.data)) if form.seen.data else None
        if report and form.validate():
            form.once(lambda: actions.seen(report, g.user))
            return go("reactions.told")
    query = SelfReport.unseen(g.user.unit_path)
    if show == "seen":
        past = SelfReport.within(g.user.unit_path).where(SelfReport.seen_at.is_null(False))
        query = past.order_by(SelfReport.seen_at.desc(), SelfReport.id.desc())
    rows = list(query.limit(MOST))
    audit.record("view", "self_report", hits=len(rows))
    return page(
        "reactions/told.html", 422 if form.is_submitted() else 200, form=form, rows=rows,
        show=show, most=MOST,
    )  # fmt: skip
