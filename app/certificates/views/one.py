"""One certificate, for those who issue: found by its identifier or its QR, ended, issued again."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.models import User
from app.accounts.scope import get_or_404
from app.certificates import actions, rules
from app.certificates.forms import AgainForm, FindForm, RevokeForm
from app.certificates.models import Certificate
from app.certificates.views import pages
from app.web import allow, go, page
from app.words import Refused


@pages.route("/certificates/find", methods=["GET", "POST"])
@allow("certificate.issue")
def find_one() -> Response:
    """Which certificate? What is typed stands in no address."""
    form = FindForm()
    if form.validate_on_submit():
        try:
            found = actions.find(form.what.data, g.user.unit_path)
            return go("certificates.one", certificate_id=found)
        except Refused as refused:
            form.refuse(refused)
    return page("certificates/find_one.html", 422 if form.is_submitted() else 200, form=form)


@pages.route("/certificates/<int:certificate_id>", methods=["GET", "POST"])
@allow("certificate.issue")
def one(certificate_id: int) -> Response:
    """What a certificate is about, and whether it counts; of the person nothing, unless people may
    be seen. A POST issues another one in the place of one that was ended by hand; there is only
    one such, so a form that is sent twice does no harm."""
    row, form = get_or_404(Certificate, certificate_id), AgainForm()
    if form.validate_on_submit():
        try:
            made = actions.issue_again(row.id, form.why.data, g.user)
            return go("certificates.one", certificate_id=made.id)
        except Refused as refused:
            form.refuse(refused)
    audit.record("view", "certificate", row.id, row.person_id)
    others = _of_dose(row)
    ended = actions.ended_by_hand([row.person_id], row.kind).get(row.person_id) == row.id
    return page(
        "certificates/one.html", 422 if form.is_submitted() else 200, row=row, form=form,
        others=others, said=actions.said(row), again=ended, standing=actions.standing_many(
            [row, *others]
        ), by_hand=rules.by_hand(row), why_again=actions.why_again(row), now=clock.now(),
        revoker=User.get_or_none(User.id == row.revoked_by_id),
    )  # fmt: skip


def _of_dose(row: Certificate) -> list[Any]:
    """The other certificates of the same dose, the newest first."""
    same = Certificate.dose == row.dose_id, Certificate.id != row.id
    return list(Certificate.select().where(*same).order_by(Certificate.id.desc()))


@pages.route("/certificates/<int:certificate_id>/revoke", methods=["GET", "POST"])
@allow("certificate.issue")
def revoke(certificate_id: int) -> Response:
    """End one certificate by hand, with a reason."""
    row, form = get_or_404(Certificate, certificate_id), RevokeForm()
    if request.method == "GET":
        audit.record("view", "certificate", row.id, row.person_id)
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.revoke(row.id, form.why.data, g.user))
            return go("certificates.one", certificate_id=row.id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        "certificates/revoke.html", 422 if form.is_submitted() else 200, row=row, form=form,
        standing=actions.standing(row), now=clock.now(),
    )  # fmt: skip
