"""One dose with all that was done to it, and the forms that ask for a change."""

from typing import Any

from flask import abort, g
from werkzeug.wrappers import Response

from app import audit, claims, clock
from app.amendments import actions, rules
from app.amendments.forms import ChangeForm, VoidForm
from app.amendments.models import Amendment, doses_within, recorder
from app.amendments.views import pages
from app.amendments.views.late import offer, said_lot
from app.amendments.views.values import Line, compared, differing, lines, product
from app.visits import actions as visits
from app.visits.models import Dose
from app.web import allow, may, page
from app.words import Refused

SEES = ("visit.check_in", "visit.screen", "dose.record", "visit.observe", "slip.print",
        "dose.amend", "dose.approve")  # fmt: skip


def dose_or_404(dose_id: int) -> Dose:
    """A dose given, or entered, at or below one's unit; others do not exist."""
    return doses_within(g.user.unit_path).where(Dose.id == dose_id).get_or_none() or abort(404)


@pages.get("/doses/<int:dose_id>")
@allow(*SEES)
def dose(dose_id: int) -> Response:
    """The dose as it is now, and its history."""
    row = dose_or_404(dose_id)
    audit.record("view", "dose", row.id, row.person_id)
    return dose_page(row)


def dose_page(row: Dose, status: int = 200, **more: Any) -> Response:
    """The page, after a request was written too."""
    history = list(Amendment.of_dose(row.id))
    pending = next((one for one in history if one.state == "pending"), None)
    return page(
        "amendments/dose.html", status, dose=row, product=product(row.product), pending=pending,
        history=[(one, lines(one)) for one in history], site=recorder(row),
        approvers=actions.may_approve(pending) if pending else [],
        hours=rules.hours_late(row.given_at, row.recorded_at) if row.source == "late" else "",
        amends=may("dose.amend") and not pending and not row.voided_at
        and actions.may_decide(recorder(row), g.user), **more,
    )  # fmt: skip


@pages.route("/doses/<int:dose_id>/change", methods=["GET", "POST"])
@allow("dose.amend")
def dose_change(dose_id: int) -> Response:
    """What it really was, and why."""
    row = dose_or_404(dose_id)
    if row.session is None:
        return dose_page(row, 422, problems=Refused(("", "dose_elsewhere")).texts())
    claim = claims.named(row.person_id)
    filled = claims.fields(claim) | said_lot(claim, row.session)
    form = ChangeForm(data=known(row) | filled)
    offer(form, row.session, row)
    if not form.validate_on_submit():
        return form_page(row, form, claim, filled)
    wanted = injected(form, row)
    why = form.reason.data, form.evidence.data
    try:
        form.once(lambda: actions.ask_change(row.id, form.shown, wanted, *why, g.user))
    except Refused as refused:
        form.refuse(refused)
        typed = actions.kept(wanted)
        stale = stale_page(row, form, refused, typed)
        return stale or form_page(row, form, claim, filled)
    return _asked(row, claim)


def known(row: Dose) -> dict[str, Any]:
    """The form as the dose is now."""
    names = ("body_part", "table_no", "volume_ml", "kind", "seq", "version")
    values = {name: getattr(row, name) for name in names}
    return values | {
        "given_time": clock.local(row.given_at).time(), "holding_id": row.holding_id,
        "vaccinator_id": row.vaccinator_id,
    }  # fmt: skip


def injected(form: ChangeForm, row: Dose) -> actions.Injected:
    """The dose as the form says it. A time that was left alone keeps its seconds; a volume that
    was left alone is not that of another vaccine."""
    typed = form.given_at(row.session)
    other = visits.product_of(form.holding_id.data) != row.product
    volume = form.volume_ml.data
    if other and volume == row.volume_ml:
        volume = None
    same = typed == row.given_at.replace(second=0, microsecond=0)
    return actions.Injected(
        row.given_at if same else typed, form.holding_id.data, form.vaccinator_id.data,
        form.body_part.data, form.table_no.data, volume, form.kind.data,
        form.seq.data,
    )  # fmt: skip


def _asked(row: Dose, claim: claims.Claim | None) -> Response:
    """What follows a request: the ticket that it answers, else the dose."""
    if claim:
        return claims.after(claim, "amendments.dose", dose_id=row.id)
    return dose_page(dose_or_404(row.id), asked=True)


def form_page(row: Dose, form: Any, claim: claims.Claim | None, filled: Any) -> Response:
    """The form, with what is written now beside each field."""
    was = {line.name: line.before for line in compared(actions.values_of(row), {})}
    return page(
        "amendments/change.html", 422 if form.is_submitted() else 200, dose=row, form=form, was=was,
        claim=claim, filled=filled,
    )  # fmt: skip


@pages.route("/doses/<int:dose_id>/void", methods=["GET", "POST"])
@allow("dose.amend")
def dose_void(dose_id: int) -> Response:
    """Why it never was."""
    row = dose_or_404(dose_id)
    claim = claims.named(row.person_id)
    form = VoidForm(data={"version": row.version} | claims.fields(claim))
    if form.validate_on_submit():
        why = form.reason.data, form.evidence.data
        try:
            form.once(lambda: actions.ask_void(row.id, form.shown, *why, g.user))
            return _asked(row, claim)
        except Refused as refused:
            form.refuse(refused)
            stale = stale_page(row, form, refused, None)
            if stale:
                return stale
    status = 422 if form.is_submitted() else 200
    return page(
        "amendments/void.html", status, dose=row, form=form, product=product(row.product),
        claim=claim, filled=claims.fields(claim),
    )  # fmt: skip


def stale_page(
    row: Dose, form: ChangeForm | VoidForm, refused: Refused, typed: dict[str, Any] | None
) -> Response | None:
    """Both versions: what the page showed and what was typed, and what is true now."""
    if not {code for _name, code, _values in refused.reasons} & {"stale", "dose_voided"}:
        return None
    row = dose_or_404(row.id)
    seen, now = actions.seen_at(row, form.shown), actions.values_of(row)
    rows: list[tuple[Line, str]] = differing(seen, typed or seen, now)
    return page("amendments/stale.html", 409, dose=row, rows=rows, problems=form.summary,
                history=[(one, lines(one)) for one in Amendment.of_dose(row.id)])  # fmt: skip
