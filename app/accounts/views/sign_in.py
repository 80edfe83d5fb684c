"""The front door: signing in and out, and which page one begins with."""

from flask import current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import actions, rules
from app.accounts.actions import SignedIn
from app.accounts.forms import SignInForm
from app.accounts.views import pages
from app.web import WEAK, page, public, signed_in
from app.words import Refused

# Where a working day begins: the first of these that one may see.
BEGINNINGS = (
    ("visit.check_in", "sessions.index"),
    ("visit.screen", "sessions.index"),
    ("dose.record", "sessions.index"),
    ("visit.observe", "sessions.index"),
    ("lot.move", "sessions.index"),
    ("session.plan", "sessions.index"),
    ("person.verify", "people.index"),
    ("unit.manage", "reports.index"),
    ("audit.view", "audit.index"),
)


def beginning(who: SignedIn | None) -> str:
    """The address of the page where this person begins; the public front for nobody."""
    wanted = [end for verb, end in BEGINNINGS if who.can(verb)] if who else ["portal.look_up"]
    here = [name for name in wanted if name in current_app.view_functions]
    return url_for(here[0] if here else "accounts.roles" if who else "accounts.sign_in")


@public
def home() -> Response:
    """The way to one's own first page; the switch of chế độ mạng yếu passes here."""
    response = redirect(beginning(g.user), 303)
    weak = request.args.get("weak")
    if weak == "1":
        response.set_cookie(WEAK, "1", max_age=365 * 86400, httponly=True, samesite="Lax")
    elif weak == "0":
        response.delete_cookie(WEAK)
    return response


pages.record_once(lambda state: state.app.add_url_rule("/", "home", home))


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    """Ask for name and password."""
    if g.user and request.method == "GET":
        return redirect(beginning(g.user), 303)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            who = actions.sign_in(form.username.data, form.password.data)
            return redirect(rules.local_path(request.args.get("next", "")) or beginning(who), 303)
        except Refused as refused:
            form.refuse(refused)
    return page("accounts/sign_in.html", status=422 if form.is_submitted() else 200, form=form)


@pages.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End the working day in this browser."""
    actions.sign_out()
    return redirect(url_for("accounts.sign_in"), 303)
