"""What people do for themselves: their password, the unit they work at, what they may do."""

from flask import abort, g, request
from werkzeug.wrappers import Response

from app.accounts import actions
from app.accounts.forms import PasswordForm
from app.accounts.roles import NAMES, ROLES, VERBS
from app.accounts.views import pages
from app.web import go, page, signed_in
from app.words import Refused


@pages.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> Response:
    """Give oneself another password."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            actions.change_password(form.old.data, form.new.data)
            return page("accounts/password_changed.html")
        except Refused as refused:
            form.refuse(refused)
    return page("accounts/password.html", status=422 if form.is_submitted() else 200, form=form)


@pages.route("/at", methods=["GET", "POST"])
@signed_in
def at() -> Response:
    """Work at another of one's units."""
    if request.method == "POST":
        if not actions.work_at(request.form.get("unit_id", 0, int)):
            abort(404)
        return go("home")
    return page("accounts/at.html", places=list(actions.places(g.user.id)), names=NAMES)


@pages.get("/roles")
@signed_in
def roles() -> Response:
    """Roles and rights, from the table that the gate reads."""
    return page("accounts/roles.html", roles=ROLES, names=NAMES, verbs=VERBS)
