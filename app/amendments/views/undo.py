"""One press takes back the last step of a visit."""

from flask import g
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import get_or_404
from app.amendments import actions, rules
from app.amendments.forms import UndoForm
from app.amendments.views import pages
from app.visits.models import Visit
from app.visits.rules import whole
from app.web import allow, go, page
from app.words import Refused


@pages.post("/visits/<int:visit_id>/undo")
@allow("visit.consent", "visit.screen", "dose.record")
def undo(visit_id: int) -> Response:
    """The visit as it stood before; or why not, with the way to it."""
    visit, form = get_or_404(Visit, visit_id), UndoForm()
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.undo(visit.id, whole(form.version.data), g.user))
            return go("visits.show", visit_id=visit.id, undone=1)
        except Refused as refused:
            form.refuse(refused)
    return page("amendments/undo.html", 422, visit=get_or_404(Visit, visit_id), form=form)


@pages.app_template_global("may_undo")
def may_undo(visit: Visit) -> bool:
    """Whether whoever reads may take back the last step of a visit now."""
    last = actions.last_step(visit)
    return not rules.undo_problems(last, g.user.id, clock.now())
