"""The lots of one's units, the ledger of each, and what is done with them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import get_or_404
from app.fields import BaseForm
from app.stock import actions, rules
from app.stock.forms import CountForm, ReceiveForm, ReturnForm, WasteForm, WhyForm
from app.stock.models import Holding, Movement, Suspension
from app.vaccines.models import catalogue_on
from app.web import allow, go, page
from app.words import Refused

pages = Blueprint("stock", __name__)
PER_PAGE = 20  # a page of a province stays within 3 KB (goal A2)


class Move(NamedTuple):
    """A way out of the ledger: its form, and what it does."""

    form: type[BaseForm]
    work: Callable[[int, Any], None]


MOVES = {
    "waste": Move(
        WasteForm,
        lambda lot, form: actions.waste(
            lot, form.doses.data, form.reason.data, form.note.data, g.user
        ),
    ),
    "return": Move(
        ReturnForm,
        lambda lot, form: actions.send_back(lot, form.doses.data, form.note.data, g.user),
    ),
    "correction": Move(
        CountForm,
        lambda lot, form: actions.correct(
            lot, whole(form.shown.data) or 0, form.counted.data, form.note.data, g.user
        ),
    ),
}


def whole(text: str | None) -> int | None:
    """A number that a page carried, None when it was spoilt."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


@pages.get("/lots")
@allow("lot.view")
def index() -> Response:
    """What the sites of one's subtree hold, what expires first is first."""
    number = rules.lot_number(request.args.get("number", "")) or ""
    empty, after = "all" in request.args, whole(request.args.get("after"))
    rows = list(Holding.listed(g.user.unit_path, number, empty, after).limit(PER_PAGE + 1))
    asked: dict[str, Any] = {"number": number or None, "all": 1 if empty else None}
    more = len(rows) > PER_PAGE and url_for("stock.index", after=rows[PER_PAGE - 1].id, **asked)
    return page(
        "stock/index.html", rows=rows[:PER_PAGE], more=more, after=after, number=number,
        empty=empty, today=clock.today(), products=products(),
        several=any(row.unit_id != g.user.unit_id for row in rows),
    )  # fmt: skip


def products() -> Any:
    """Code → product, as they are today."""
    return catalogue_on(clock.today()).products


@pages.route("/lots/receive", methods=["GET", "POST"])
@allow("lot.move")
def receive() -> Any:
    """Doses arrive. `?lot=` fills in a lot that is known here."""
    form = ReceiveForm(**_known(whole(request.args.get("lot"))))
    if form.validate_on_submit():
        try:
            return go("stock.show", holding_id=form.once(lambda: _received(form)))
        except Refused as refused:
            form.refuse(refused)
    return page("stock/receive.html", 422 if form.is_submitted() else 200, form=form)


def _received(form: ReceiveForm) -> int:
    return actions.receive(
        form.product.data, form.number.data, form.expires_on.data, form.doses.data,
        form.note.data, g.user.unit_id, g.user,
    )  # fmt: skip


def _known(holding_id: int | None) -> dict[str, Any]:
    if not holding_id:
        return {}
    lot = get_or_404(Holding, holding_id).lot
    return {"product": lot.product, "number": lot.number, "expires_on": lot.expires_on}


@pages.get("/lots/<int:holding_id>")
@allow("lot.view")
def show(holding_id: int) -> Response:
    """The ledger of a lot at a site. `?before=`: the lines before that one."""
    holding, before = get_or_404(Holding, holding_id), whole(request.args.get("before"))
    lines = Movement.ledger(holding.id, before, PER_PAGE + 1)
    return page(
        "stock/show.html", holding=holding, lines=lines[:PER_PAGE], before=before,
        more=len(lines) > PER_PAGE and lines[PER_PAGE - 1].move.id, today=clock.today(),
        product=products().get(holding.lot.product), stops=list(Suspension.of(holding.lot_id)),
    )  # fmt: skip


@pages.route(
    "/lots/<int:holding_id>/<any('waste', 'return', 'correction'):kind>", methods=["GET", "POST"]
)
@allow("lot.move")
def move(holding_id: int, kind: str) -> Any:
    """Throw away, send back, or bring the books to what was counted."""
    holding = get_or_404(Holding, holding_id)
    form = MOVES[kind].form(shown=holding.balance)
    if form.validate_on_submit():
        try:
            form.once(lambda: MOVES[kind].work(holding.id, form))
            return go("stock.show", holding_id=holding.id)
        except Refused as refused:
            form.refuse(refused)
            holding = get_or_404(Holding, holding_id)
            if "shown" in form:
                form.shown.data = holding.balance
    return _lot_page("stock/move.html", holding, form, kind=kind)


@pages.route("/lots/<int:holding_id>/<any('suspend', 'resume'):act>", methods=["GET", "POST"])
@allow("lot.suspend")
def suspend(holding_id: int, act: str) -> Any:
    """Stop the lot everywhere, or let it be used again."""
    holding, form = get_or_404(Holding, holding_id), WhyForm()
    work = actions.suspend if act == "suspend" else actions.resume
    if form.validate_on_submit():
        try:
            form.once(lambda: work(holding.lot_id, form.why.data, g.user))
            return go("stock.show", holding_id=holding.id)
        except Refused as refused:
            form.refuse(refused)
    return _lot_page("stock/suspend.html", holding, form, act=act)


def _lot_page(template: str, holding: Holding, form: BaseForm, **more: Any) -> Response:
    return page(
        template, 422 if form.is_submitted() else 200, holding=holding, form=form,
        product=products().get(holding.lot.product), today=clock.today(), **more,
    )  # fmt: skip
