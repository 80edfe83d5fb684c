"""A ticket noted at the counter, and what the page of a person says of tickets."""

from flask import g
from werkzeug.wrappers import Response

from app import clock
from app.accounts.scope import get_or_404
from app.corrections import actions, rules
from app.corrections.forms import NoteForm
from app.corrections.models import Ticket, consent_withdrawn
from app.corrections.views import pages
from app.corrections.views.show import claimed
from app.i18n import show_date
from app.people.models import Person
from app.units.models import Unit
from app.vaccines.models import catalogue_on
from app.visits.models import Dose
from app.web import allow, page
from app.words import Refused, word


@pages.route("/people/<int:person_id>/correction", methods=["GET", "POST"])
@allow("correction.note")
def note(person_id: int) -> Response:
    """What somebody at the counter says is wrong with their record."""
    person, form, noted = get_or_404(Person, person_id), NoteForm(data={"phone": ""}), None
    products = catalogue_on(clock.today()).products
    form.offer(_doses(person), [(one.code, one.name) for one in products.values()])
    if form.validate_on_submit():
        try:
            noted = Ticket.get_by_id(int(form.once(lambda: _file(form, person))))
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() and not noted else 200
    return page(
        "corrections/note.html", status, person=person, form=form, noted=noted,
        code=actions.shown(noted.code) if noted else "",
    )  # fmt: skip


def _file(form: NoteForm, person: Person) -> int:
    said = actions.Said(
        form.kind.data, "counter", form.phone.data, person.id, form.dose.data or None,
        g.user.unit_id, form.claim,
    )  # fmt: skip
    return actions.file(said, g.user).id


def _doses(person: Person) -> list[tuple[int, str]]:
    """The doses of a person to choose from."""
    return [
        (dose.id, f"{word(dose.kind)} {dose.seq}, {show_date(dose.given_at)}, {dose.where}")
        for dose in Dose.of(person.id)
    ]


@pages.app_template_global("tickets_of")
def tickets_of(person: Person) -> list[tuple[Ticket, str, list[str]]]:
    """The open tickets about a person: (ticket, code, what is claimed)."""
    rows = Ticket.select(Ticket, Unit).join(Unit)
    open_ = rows.where(Ticket.person == person.id, Ticket.ended_at.is_null()).order_by(Ticket.id)
    return [(row, actions.shown(row.code), claims_of(row)) for row in open_]


@pages.app_template_global("withdrew")
def withdrew(person: Person) -> bool:
    """Whether a person withdrew their consent and nobody calls them."""
    return Person.select().where(Person.id == person.id, consent_withdrawn(Person.id)).exists()


def claims_of(ticket: Ticket) -> list[str]:
    """What the citizen says in a ticket, as it is read."""
    return [text for name in rules.CLAIMED if (text := claimed(ticket, name))]
