"""Who saw, searched, changed or printed what, at the units of one's subtree."""

from typing import Any

from flask import g, request, url_for
from werkzeug.wrappers import Response

from app import audit
from app.accounts.models import User
from app.accounts.scope import scoped
from app.reports import models, rules
from app.reports.forms import TraceForm
from app.reports.views import audit_pages
from app.reports.views.counts import number
from app.web import allow, page

PER_PAGE = 50


@audit_pages.get("/audit")
@allow("audit.view")
def index() -> Response:
    """The newest first, by person, by who did it, by act and by day."""
    form = TraceForm()
    if not form.validate():
        return page("audit/index.html", 422, form=form, rows=[], who=None)
    asked = rules.Traced(
        form.person.data, number("user"), form.action.data or None, form.on.data, number("before")
    )
    rows = list(models.entries(g.user.unit_path, asked).limit(PER_PAGE + 1))
    more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    if not asked.before:
        audit.record("view", "audit", person_id=asked.person_id, hits=len(rows))
    args: dict[str, Any] = {**request.args.to_dict(), "before": None}
    return page(
        "audit/index.html", form=form, rows=rows, who=someone(asked.user_id),
        more=url_for("audit.index", **{**args, "before": rows[-1].id}) if more else "",
        first=url_for("audit.index", **args) if asked.before else "",
    )  # fmt: skip


def someone(user_id: int | None) -> User | None:
    """The person whose acts are asked for, if the reader may know them."""
    return scoped(User).where(User.id == user_id).get_or_none() if user_id else None
