"""The certificate of a person: at which step it is, what is missing, and its history."""

from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.models import User
from app.accounts.scope import get_or_404
from app.certificates import actions
from app.certificates.models import Certificate
from app.certificates.payload import Facts
from app.certificates.views import pages
from app.fields import BaseForm
from app.people.models import Person
from app.web import allow, go, page
from app.words import Refused


@pages.route("/people/<int:person_id>/certificate", methods=["GET", "POST"])
@allow("certificate.print")
def person(person_id: int) -> Response:
    """The certificate in force or the way to it, in plain words. A POST asks for the WHO's one of
    somebody who has the EU's; who has both gets no third, so a form sent twice does no harm."""
    row, form = get_or_404(Person, person_id), BaseForm()
    if form.validate_on_submit():
        try:
            made = actions.issue(row.id, g.user, "ICVP")
            return go("certificates.paper", certificate_id=made.id)
        except Refused as refused:
            form.refuse(refused)
    audit.record("view", "certificate", None, row.id)
    facts = actions.ready([row.id])[row.id]
    history = _history(row.id)
    newest = {one.kind: one for one in history if one.current}
    return page(
        "certificates/person.html", 422 if form.errors or form.summary else 200, form=form,
        person=row, history=history, now=clock.now(), current=newest.get("DCC"),
        who=newest.get("ICVP"), standing=actions.standing_many(history),
        ended=row.id in actions.ended_by_hand([row.id]),
        lacks=[] if isinstance(facts, Facts) else [reason[1:] for reason in facts],
    )  # fmt: skip


def _history(person_id: int) -> list[Any]:
    query = Certificate.select(Certificate, User).left_outer_join(
        User, on=(Certificate.issued_by == User.id)
    )
    return list(query.where(Certificate.person == person_id).order_by(Certificate.id.desc()))
