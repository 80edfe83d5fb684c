"""The slip of a visit (giấy xác nhận), as a page that the browser prints."""

from typing import Any

from flask import Blueprint, g, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.certificates import actions, payload, qr, rules
from app.certificates.models import Slip
from app.fields import BaseForm
from app.people.models import Document, Person
from app.units.models import Area
from app.vaccines.models import catalogue_on
from app.visits.models import Dose, Visit
from app.web import allow, page, public_url
from app.words import Refused

pages = Blueprint("certificates", __name__)


@pages.route("/visits/<int:visit_id>/slip", methods=["GET", "POST"])
@allow("slip.print")
def slip(visit_id: int) -> Response:
    """The paper once it was issued; before that the button that issues it. Each POST is one
    printing, so who prints again presses again. `?size=a5`: for A5."""
    visit, form = get_or_404(Visit, visit_id), BaseForm()
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.issue_slip(visit, g.user))
            form = BaseForm(formdata=None)  # a new key for the next printing
        except Refused as refused:
            form.refuse(refused)
    found = Slip.get_or_none(Slip.visit == visit.id)
    if found and request.method == "GET":
        audit.record("view", "slip", found.id, found.person_id)
    shown = {} if found is None else paper(found, visit.person)
    return page(
        "certificates/slip.html", 422 if form.errors or form.summary else 200,
        visit=visit, form=form, slip=found, problem=rules.slip_problem(visit.state),
        size="a5" if request.args.get("size") == "a5" else "a4", **shown,
    )  # fmt: skip


def paper(slip: Slip, person: Person) -> dict[str, Any]:
    """What stands on a person's paper: identity, all doses, and the ways to check it."""
    number = Document.of([person.id]).get(person.id, [])[:1]
    home = Area.find(person.area_scheme, person.area_code) if person.area_code else None
    address = ", ".join(filter(None, [person.address, home.label() if home else ""]))
    rows = qr.matrix(payload.content(slip, public_url()), "M")
    return {
        "person": person, "number": number[0].number if number else "", "address": address,
        "rows": rules.slots(Dose.of(person.id)), "products": catalogue_on(clock.today()).products,
        "code": rules.grouped(slip.code), "pin": rules.pin(actions.pin_key(), slip.nonce),
        "picture": Markup(qr.svg(rows)), "site": public_url().partition("://")[2],
    }  # fmt: skip
