"""The accounts of one's subtree: finding, making, closing and opening them, and their roles."""

from collections.abc import Callable
from typing import Any

from flask import g, request
from peewee import ModelSelect
from werkzeug.wrappers import Response

from app.accounts import actions, rules
from app.accounts.forms import AccountForm, ActForm, PlaceForm, RolesForm
from app.accounts.models import Membership, User
from app.accounts.roles import NAMES, fitting, given_by
from app.accounts.scope import get_or_404, scoped
from app.accounts.views import pages
from app.units.models import Unit
from app.web import allow, go, page
from app.words import Refused

ROWS = 30


@pages.route("/accounts", methods=["GET", "POST"])
@allow("user.manage")
def index() -> Response:
    """The accounts of the subtree, or of one unit in it, by the names they sign in with."""
    unit_id = request.args.get("unit_id", type=int)
    unit = get_or_404(Unit, unit_id) if unit_id is not None else None
    # PostgreSQL keeps no NUL, so nothing can be found by one.
    typed = request.form.get("q", "")[:100].replace("\x00", "").strip()
    found = _found(unit, rules.plain(typed)) if typed else _after(unit)
    rows = list(found.order_by(User.username).limit(ROWS + 1))
    return page(
        "accounts/index.html", unit=unit, rows=rows[:ROWS], more=len(rows) > ROWS, typed=typed,
        places=Membership.among(rows), state=_state, names=NAMES, paged="after" in request.args,
    )  # fmt: skip


def _all(unit: Unit | None) -> "ModelSelect[User]":
    return User.within(unit.path) if unit else scoped(User)


def _found(unit: Unit | None, typed: str) -> "ModelSelect[User]":
    return _all(unit).where(User.folded.contains(typed) | User.username.startswith(typed))


def _after(unit: Unit | None) -> "ModelSelect[User]":
    last = request.args.get("after", type=int)
    if last is None:
        return _all(unit)
    # By the id: a name does not belong into an address.
    return _all(unit).where(User.username > get_or_404(User, last).username)


def _state(account: User) -> str:
    return rules.state(account.active, actions.unseen(account), account.must_change)


@pages.route("/accounts/new", methods=["GET", "POST"])
@allow("user.manage")
def new() -> Response:
    """Make an account at a unit (the present one unless `unit_id` says another)."""
    unit = get_or_404(Unit, request.args.get("unit_id", g.user.unit_id, int))
    form = AccountForm(_offered(unit))
    if form.validate_on_submit():
        try:
            user_id = int(form.once(lambda: actions.create(
                form.name.data, rules.username(form.username.data or ""), unit, form.roles.data,
                form.key.data, g.user,
            )))  # fmt: skip
            return _first_password(get_or_404(User, user_id), form)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() else 200
    return page("accounts/new.html", status=status, form=form, unit=unit)


def _offered(unit: Unit) -> frozenset[str]:
    return given_by(g.user.roles) & fitting(unit.level_id, unit.is_site)


def _first_password(account: User, form: Any) -> Response:
    secret = actions.first_password(form.key.data)
    return page("accounts/first_password.html", account=account, secret=secret)


@pages.get("/accounts/<int:user_id>")
@allow("user.manage")
def show(user_id: int) -> Response:
    """One account: its state, where it has which roles, and what may be done with it."""
    return _show(get_or_404(User, user_id))


def _show(account: User, form: Any = None) -> Response:
    places = Membership.among([account])[account.id]
    return page(
        "accounts/show.html", status=422 if form else 200, form=form or _button(), button=_button,
        account=account, places=places, state=_state(account), names=NAMES,
        handle=actions.may_handle(account, places, g.user),
        inside=[place.id for place in places if place.unit.path.startswith(g.user.unit_path)],
    )  # fmt: skip


def _button() -> ActForm:
    """Each button has a key of its own, also on the answer to another one."""
    return ActForm(formdata=None)


def _act(user_id: int, work: Callable[[User, ActForm], object], done: Callable[..., Any]) -> Any:
    account, form = get_or_404(User, user_id), ActForm()
    if form.validate_on_submit():
        try:
            form.once(lambda: work(account, form))
            return done(account, form)
        except Refused as refused:
            form.refuse(refused)
    return _show(account, form)


def _seen(account: User, _form: ActForm) -> Any:
    return go("accounts.show", user_id=account.id)


@pages.post("/accounts/<int:user_id>/close")
@allow("user.manage")
def close(user_id: int) -> Any:
    """Nobody signs in with this account any more."""
    return _act(user_id, lambda account, _form: actions.close(account, g.user), _seen)


@pages.post("/accounts/<int:user_id>/reopen")
@allow("user.manage")
def reopen(user_id: int) -> Any:
    """Open a closed or sleeping account again."""
    return _act(user_id, lambda account, _form: actions.reopen(account, g.user), _seen)


@pages.post("/accounts/<int:user_id>/first-password")
@allow("user.manage")
def new_first_password(user_id: int) -> Any:
    """Give somebody who forgot their password another one for one use."""
    return _act(
        user_id,
        lambda account, form: actions.new_first_password(account, form.key.data, g.user),
        _first_password,
    )


@pages.route("/accounts/<int:user_id>/places/new", methods=["GET", "POST"])
@allow("user.manage")
def add_place(user_id: int) -> Response:
    """Let somebody work at another unit too."""
    account = get_or_404(User, user_id)
    form = PlaceForm(given_by(g.user.roles))
    if form.validate_on_submit():
        try:
            unit = scoped(Unit).where(Unit.code == form.code.data).get_or_none()
            if unit is None:
                raise Refused(("code", "unit_unknown"))
            form.once(lambda: actions.give_roles(account, unit, form.roles.data, g.user))
            return go("accounts.show", user_id=user_id)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() else 200
    return page("accounts/add_place.html", status=status, form=form, account=account)


@pages.route("/accounts/<int:user_id>/places/<int:unit_id>", methods=["GET", "POST"])
@allow("user.manage")
def place(user_id: int, unit_id: int) -> Response:
    """The roles that somebody has at a unit."""
    account, unit = get_or_404(User, user_id), get_or_404(Unit, unit_id)
    here = Membership.get_or_none(Membership.user == account, Membership.unit == unit)
    form = RolesForm(_offered(unit), data={"roles": here.roles.split() if here else []})
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.give_roles(account, unit, form.roles.data, g.user))
            return go("accounts.show", user_id=user_id)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() else 200
    return page(
        "accounts/place.html", status=status, form=form, account=account, unit=unit, here=here,
        leave=_button(),
    )  # fmt: skip


@pages.post("/accounts/<int:user_id>/places/<int:unit_id>/leave")
@allow("user.manage")
def leave(user_id: int, unit_id: int) -> Any:
    """Somebody works at a unit no more."""
    unit = get_or_404(Unit, unit_id)
    return _act(user_id, lambda account, _form: actions.take_roles(account, unit, g.user), _seen)
