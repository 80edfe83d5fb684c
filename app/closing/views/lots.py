"""The vials of a session during the day: taken, brought back, thrown away, and the count mended."""

from typing import Any

from flask import abort, g, request
from werkzeug.wrappers import Response

from app.accounts.scope import get_or_404
from app.closing import actions, models
from app.closing.forms import CountForm, LineForm, LotForm, MoveForm, WasteForm
from app.closing.views import pages
from app.fields import row_id
from app.i18n import _
from app.sessions.models import VaccinationSession
from app.stock.models import Movement
from app.vaccines.models import product_name
from app.web import allow, go, page
from app.words import Refused

COUNTING = ("session.plan", "lot.move", "dose.record")
MOVES = {"take": actions.take, "return": actions.give_back}


@pages.route("/sessions/<int:session_id>/lots", methods=["GET", "POST"])
@allow(*COUNTING)
def lots(session_id: int) -> Any:
    """What was taken, written down and brought back of each lot; write what is taken or brought
    back now."""
    session, form = get_or_404(VaccinationSession, session_id), MoveForm()
    offer(form, session)
    if form.validate_on_submit():
        try:
            form.once(lambda: _move(session.id, form))
            return go("closing.lots", session_id=session.id)
        except Refused as refused:
            form.refuse(refused)
    return lots_page(session, 422 if form.is_submitted() else 200, form=form)


def _move(session_id: int, form: MoveForm) -> None:
    move = MOVES.get(request.form.get("act", ""), actions.take)
    move(session_id, form.lot.data, form.doses.data, g.user)


def lots_page(session: VaccinationSession, status: int = 200, **more: Any) -> Response:
    """The page of the lots of a session, after something was done or refused."""
    if "form" not in more:
        more["form"] = MoveForm(formdata=None)
        offer(more["form"], session)
    return page(
        "closing/lots.html", status, session=session, lots=models.lots(session.id),
        product=product_name, wasted=Movement.wasted_at(session.id),
        line_form=LineForm(formdata=None), **more,
    )  # fmt: skip


def offer(form: LotForm, session: VaccinationSession) -> None:
    """Fill in the lots of a session; `?lot=` is chosen first, or the one that is injected most."""
    texts = [
        (row.id, " · ".join((row.lot.number, product_name(row.lot.product), left(row.balance))))
        for row in models.offered(session)
    ]
    form.offer(texts)
    if not form.is_submitted():
        form.lot.data = row_id(request.args.get("lot")) or session.default_lot_id


def left(doses: int) -> str:
    """What the books say is left in the store."""
    return _("còn %(n)s", n=doses)


@pages.route("/sessions/<int:session_id>/lots/waste", methods=["GET", "POST"])
@allow(*COUNTING)
def waste(session_id: int) -> Any:
    """Doses are thrown away at the tables."""
    session, form = get_or_404(VaccinationSession, session_id), WasteForm()
    offer(form, session)
    if form.validate_on_submit():
        try:
            form.once(lambda: _waste(session.id, form))
            return go("closing.lots", session_id=session.id)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() else 200
    return page("closing/waste.html", status, session=session, form=form)


def _waste(session_id: int, form: WasteForm) -> None:
    actions.waste(
        session_id, form.lot.data, form.doses.data, form.reason.data, form.note.data or "", g.user
    )


@pages.post("/sessions/<int:session_id>/lots/unwaste")
@allow(*COUNTING)
def unwaste(session_id: int) -> Any:
    """Take back the line of waste whose button was pressed."""
    session, form = get_or_404(VaccinationSession, session_id), LineForm()
    line_id = row_id(request.form.get("line"))
    if not form.validate_on_submit():
        return lots_page(session, 422)
    try:
        form.once(lambda: actions.take_back_waste(session.id, line_id, g.user))
    except Refused as refused:
        form.refuse(refused)
        return lots_page(session, 422, problems=form.summary)
    return go("closing.lots", session_id=session.id)


@pages.route("/sessions/<int:session_id>/lots/<int:holding_id>", methods=["GET", "POST"])
@allow(*COUNTING)
def count(session_id: int, holding_id: int) -> Any:
    """Mend the count of a lot."""
    session = get_or_404(VaccinationSession, session_id)
    if holding_id not in {row.id for row in models.offered(session)} | {
        lot.holding_id for lot in models.lots(session.id)
    }:
        abort(404)
    lot = actions.counted(session.id, holding_id)
    known = {"taken": lot.taken, "returned": lot.returned, "shown": f"{lot.taken}.{lot.returned}"}
    form = CountForm(data=known)
    if form.validate_on_submit():
        try:
            form.once(lambda: _correct(session.id, holding_id, form))
            return go("closing.lots", session_id=session.id)
        except Refused as refused:
            form.refuse(refused)
            lot = actions.counted(session.id, holding_id)
            form.shown.data = f"{lot.taken}.{lot.returned}"
    status = 422 if form.is_submitted() else 200
    return page(
        "closing/count.html", status, session=session, form=form, lot=lot, product=product_name
    )


def _correct(session_id: int, holding_id: int, form: CountForm) -> None:
    actions.correct(
        session_id, holding_id, form.seen(), form.taken.data, form.returned.data, form.why.data
    )
