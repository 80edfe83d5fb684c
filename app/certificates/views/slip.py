"""The slip of a visit (giấy xác nhận), as a page that the browser prints."""

from typing import Any

from flask import g, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.certificates import actions, payload, qr, rules
from app.certificates.forms import BirthForm, NumberForm
from app.certificates.models import Slip
from app.certificates.views import pages
from app.fields import BaseForm
from app.people.models import Document, Person
from app.people.rules import parse_card, query
from app.units.models import Area
from app.vaccines.models import catalogue_on
from app.visits.models import Dose, Visit
from app.web import allow, page, public_url, sms_number
from app.words import Refused


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


@pages.route("/slips", methods=["GET", "POST"])
@allow("slip.print")
def find() -> Response:
    """Look for somebody of the whole country by card or whole number, to print their paper."""
    form = NumberForm()
    if not form.validate_on_submit():
        return _counter(422 if form.is_submitted() else 200, form)
    card, number = parse_card(form.what.data), query(form.what.data).number
    person = Person.by_number(number) if number else None
    if person is None:
        form.refuse(Refused(("what", "number_unknown" if number else "slip_number")))
        return _counter(422, form)
    audit.record("search", "person", person.id, person.id, how="number")
    known = {"number": number, "dob": card.dob if card else None}
    return _counter(200, NumberForm(formdata=None), person, BirthForm(None, data=known))


@pages.post("/slips/print")
@allow("slip.print")
def print_any() -> Response:
    """The paper of somebody from anywhere, once their birth date was typed as it is on record."""
    form = BirthForm()
    person = Person.by_number(form.number.data or "")
    if person is None:
        search = NumberForm(formdata=None)
        search.refuse(Refused(("", "number_unknown")))
        return _counter(422, search)
    if form.validate_on_submit():
        try:
            return _printed_for(person, form)
        except Refused as refused:
            form.refuse(refused)
    return _counter(422, NumberForm(formdata=None), person, form)


def _printed_for(person: Person, form: BirthForm) -> Response:
    if not actions.knows_birth(person.id, form.dob.data):
        raise Refused(("dob", "slip_birth"))
    visit = actions.last_visit(person.id)
    issued = Slip.get_by_id(int(form.once(lambda: actions.issue_slip(visit, g.user))))
    return page(
        "certificates/slip.html", visit=visit, form=None, slip=issued, size=form.size.data,
        **paper(issued, person),
    )  # fmt: skip


def _counter(
    status: int, search: NumberForm, person: Person | None = None, form: BirthForm | None = None
) -> Response:
    """Of somebody who is not known here yet only the minimum is shown."""
    wrong = form if form and (form.errors or form.summary) else search
    return page(
        "certificates/find.html", status, search=search, person=person, birth=form, form=wrong
    )


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
        "sms": sms_number(),
    }  # fmt: skip
