"""Noting a reaction while the person sits, or after."""

from flask import Blueprint, g
from werkzeug.wrappers import Response

from app.accounts.scope import get_or_404
from app.reactions import actions, rules
from app.reactions.forms import ReactionForm
from app.reactions.models import Reaction
from app.visits.models import Visit
from app.web import allow, page
from app.words import Refused

pages = Blueprint("reactions", __name__)


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
