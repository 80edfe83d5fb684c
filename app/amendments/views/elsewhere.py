"""The form for a dose from elsewhere."""

from typing import NamedTuple

from flask import g
from werkzeug.wrappers import Response

from app import claims, clock
from app.accounts.scope import get_or_404
from app.amendments import actions
from app.amendments.forms import ElsewhereForm
from app.amendments.models import Amendment, doses_within, voided_of
from app.amendments.views import pages
from app.people.models import Person
from app.vaccines.models import catalogue_on
from app.visits.models import Dose
from app.web import allow, page
from app.words import Refused


@pages.route("/people/<int:person_id>/doses/elsewhere", methods=["GET", "POST"])
@allow("dose.amend")
def elsewhere(person_id: int) -> Response:
    """What the paper or the telephone of a person shows about a dose."""
    person, asked = get_or_404(Person, person_id), False
    claim = claims.named(person.id)
    form = ElsewhereForm(data=claims.fields(claim))
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.ask_elsewhere(person.id, said(form), g.user))
            if claim:
                return claims.after(claim, "amendments.elsewhere", person_id=person.id)
            form, asked = ElsewhereForm(formdata=None), True
        except Refused as refused:
            form.refuse(refused)
    return page(
        "amendments/elsewhere.html", 422 if form.is_submitted() and not asked else 200,
        person=person, form=form, asked=asked, doses=list(Dose.of(person.id)),
        products=catalogue_on(clock.today()).products, claim=claim, filled=claims.fields(claim),
    )  # fmt: skip


def said(form: ElsewhereForm) -> actions.Elsewhere:
    """The dose as the form says it."""
    return actions.Elsewhere(
        form.product.data, form.given_on.data, form.kind.data, form.seq.data,
        form.lot_number.data, form.place.data, form.proof.data, form.reason.data,
        form.evidence.data,
    )  # fmt: skip


class Besides(NamedTuple):
    """What the page of a person's doses shows besides those that stand: the requests that wait
    here, the doses that were voided, and the ids of all that may be opened."""

    waiting: list[Amendment]
    voided: list[Dose]
    own: set[int]


@pages.app_template_global("besides")
def besides(person: Person) -> Besides:
    """All of it in three queries."""
    path = g.user.unit_path
    own = doses_within(path).where(Dose.person == person.id)
    return Besides(
        list(Amendment.waiting(path).where(Amendment.person == person.id)),
        list(voided_of(person.id)), {dose.id for dose in own},
    )  # fmt: skip
