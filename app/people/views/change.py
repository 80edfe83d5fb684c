"""Changing what is known of a person; a stale page is refused and shows both versions."""

from collections.abc import Callable
from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app import claims
from app.accounts.scope import get_or_404
from app.people import actions, rules
from app.people.forms import DeceasedForm, DetailsForm, IdentityForm, VerifyForm
from app.people.models import Document, Person, commune_label, country_name
from app.people.views import is_stale, lists, pages
from app.people.views.show import facts_of
from app.web import allow, page
from app.words import Refused


def _change(
    template: str, person: Person, form: Any, work: Callable[[], Any],
    claim: claims.Claim | None = None,
) -> Response:  # fmt: skip
    """The one shape of these pages. `newest`: the person as somebody else left them meanwhile;
    `doubts`: what disagrees; claim: what a ticket says."""
    newest, doubts = None, ()
    if form.validate_on_submit():
        try:
            form.once(work)
            return claims.after(claim, "people.show", person_id=person.id)
        except Refused as refused:
            form.refuse(refused)
            doubts = getattr(refused, "doubts", ())
            if is_stale(refused):
                newest = Person.get_by_id(person.id)
                form.renew(newest.version)
    return page(
        template, 422 if form.is_submitted() else 200, form=form, person=person, newest=newest,
        doubts=doubts, facts_of=facts_of, claim=claim, filled=claims.fields(claim),
    )  # fmt: skip


@pages.route("/people/<int:person_id>/identity", methods=["GET", "POST"])
@allow("person.edit")
def identity(person_id: int) -> Response:
    """Name, birth date and sex: a new version with its reason."""
    person = get_or_404(Person, person_id)
    claim = claims.named(person.id)
    known = {name: getattr(person, name) for name in ("name", "dob", "sex", "version")}
    form = IdentityForm(data=known | claims.fields(claim))

    def work() -> int:
        new = rules.Identity(form.name.data, form.dob.data, form.sex.data)
        return actions.change_identity(
            person.id, form.seen, new, form.reason.data, g.user, form.confirmed.data
        )

    return _change("people/identity.html", person, form, work, claim)


@pages.route("/people/<int:person_id>/details", methods=["GET", "POST"])
@allow("person.edit")
def details(person_id: int) -> Response:
    """Contact, address, guardian, group."""
    person = get_or_404(Person, person_id)
    claim = claims.named(person.id)
    form = DetailsForm(lists(), data=_known(person) | claims.fields(claim))

    def work() -> int:
        return actions.set_details(person.id, form.seen, actions.Details(**form.details()))

    return _change("people/details.html", person, form, work, claim)


def _known(person: Person) -> dict[str, Any]:
    known = {name: getattr(person, name) for name in actions.Details._fields}
    area = f"{person.area_scheme}:{person.area_code}" if person.area_code else None
    return known | {
        "version": person.version, "nationality": country_name(person.nationality),
        "commune": commune_label(person.area_scheme, person.area_code), "area": area,
    }  # fmt: skip


@pages.route("/people/<int:person_id>/deceased", methods=["GET", "POST"])
@allow("person.edit")
def deceased(person_id: int) -> Response:
    """The day of death, or that it was noted by mistake."""
    person = get_or_404(Person, person_id)
    form = DeceasedForm(data={"on": person.deceased_on, "version": person.version})

    def work() -> int:
        return actions.set_deceased(person.id, form.seen, form.on.data)

    return _change("people/deceased.html", person, form, work)


@pages.route("/people/<int:person_id>/verify", methods=["GET", "POST"])
@allow("person.verify")
def verify(person_id: int) -> Response:
    """The police verifier compares with the population database."""
    person = get_or_404(Person, person_id)
    form = VerifyForm(data={"version": person.version})
    form.documents = Document.of([person.id]).get(person.id, [])

    def work() -> int:
        right = form.right.data == "yes"
        return actions.verify_identity(person.id, form.seen, right, form.reason.data)

    return _change("people/verify.html", person, form, work, claims.named(person.id))
