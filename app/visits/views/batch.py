"""Thirty people who were screened, one lot, one POST."""

import json
from typing import Any, NamedTuple

from flask import g, request
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404, scoped
from app.sessions.models import VaccinationSession
from app.visits import actions
from app.visits.forms import BatchForm
from app.visits.models import Visit
from app.visits.views import pages
from app.visits.views.steps import offered
from app.web import allow, page
from app.words import Refused, word

STAYS = ("holding_id", "vaccinator_id", "table_no", "body_part")
MOST = 60  # on one page; who waits longest comes first


class Outcome(NamedTuple):
    """What came of a step for many. done: the numbers in the queue; left: visits, each with why it
    stays."""

    done: list[int]
    left: list[tuple[Visit, list[str]]]


def kept(found: dict[int, actions.Reasons]) -> str:
    """What came of it, as it is kept for a form that is sent again."""
    told = {id: [word(code, **values) for _at, code, values in why] for id, why in found.items()}
    return json.dumps(told, ensure_ascii=False)


def outcome(result: str) -> Outcome:
    """The same with the visits as they are now."""
    told = {int(visit_id): texts for visit_id, texts in json.loads(result).items()}
    visits = list(scoped(Visit).where(Visit.id.in_(list(told))).order_by(Visit.queue_no))
    return Outcome(
        [visit.queue_no for visit in visits if not told[visit.id]],
        [(visit, told[visit.id]) for visit in visits if told[visit.id]],
    )


@pages.get("/sessions/<int:session_id>/batch")
@allow("dose.record")
def batch(session_id: int) -> Response:
    """Who waits for the dose, what it would be, and what speaks against it."""
    session = get_or_404(VaccinationSession, session_id)
    return batch_page(session, batch_form(session, {}, formdata=None))


def batch_form(session: Any, stays: dict[str, Any], **shown: Any) -> BatchForm:
    """The lots of the session and the people who inject there. stays: what was chosen before."""
    known = {"vaccinator_id": g.user.id, "table_no": 1, "holding_id": session.default_lot_id}
    form = BatchForm(data=known | stays, **shown)
    form.offer(offered(session), list(actions.vaccinators(session.unit).items()))
    return form


def batch_page(
    session: Any, form: BatchForm, status: int = 200, ticked: Any = (), **more: Any
) -> Response:
    """The form and the people. ticked: ids of visits, or "all"."""
    visits = list(Visit.queue(session.id, ["ready"], MOST + 1))
    people = actions.candidates(visits[:MOST], actions.product_of(form.lot)) if form.lot else []
    audit.record("view", "session", session.id, hits=len(people))
    form.shown.data = str(form.lot)
    fine = {one.visit.id for one in people if not one.against}
    return page(
        "visits/batch.html", status, session=session, form=form, people=people, fine=fine,
        ticked=fine if ticked == "all" else fine & set(ticked), more=len(visits) > MOST, **more,
    )  # fmt: skip


@pages.post("/sessions/<int:session_id>/batch")
@allow("dose.record")
def batch_record(session_id: int) -> Response:
    """The doses were given; or another lot is looked at, or everybody ticked."""
    session = get_or_404(VaccinationSession, session_id)
    form = batch_form(session, {})
    chosen = form.chosen()
    asked = request.form.get("go", "dose")
    if asked != "dose":
        return batch_page(session, form, ticked="all" if asked == "all" else chosen)
    try:
        result = record(session, form, chosen)
    except Refused as refused:
        form.refuse(refused)
        return batch_page(session, form, 422, chosen)
    if result is None:
        return batch_page(session, form, 422, chosen)
    stays = {name: form[name].data for name in STAYS}
    return batch_page(session, batch_form(session, stays, formdata=None), outcome=outcome(result))


def record(session: Any, form: BatchForm, chosen: dict[int, int]) -> str | None:
    """What came of it, also of this very form before; None when the form is not valid. Raises
    Refused."""
    if not form.validate_on_submit():
        return form.answered()
    if form.shown.data != str(form.holding_id.data):
        raise Refused(("holding_id", "lot_changed"))
    if not chosen:
        raise Refused(("", "nobody_chosen"))
    given = actions.Injection(
        form.holding_id.data, form.vaccinator_id.data, form.body_part.data, form.table_no.data
    )
    return form.once(lambda: kept(actions.record_doses(session, chosen, given, g.user)))
