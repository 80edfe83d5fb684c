"""The search field that takes everything, and receiving somebody from elsewhere."""

from typing import NamedTuple

from flask import g, request
from werkzeug.wrappers import Response

from app import audit
from app.people import actions, rules
from app.people.forms import ReceiveForm, SearchForm
from app.people.models import Care, Document, LookAlike, Person
from app.people.views import FEW, pages
from app.web import allow, go, page
from app.words import Refused, word

MOST = 20


class Found(NamedTuple):
    """people: who has all that was asked for; near: who nearly has it; more: there are people
    after the last one; elsewhere: who has the number, outside one's own subtree; numbers: the
    documents in force of all of them, by the ids of people."""

    people: list[Person]
    near: list[Person]
    more: bool
    elsewhere: LookAlike | None
    numbers: dict[int, list[Document]]


def find(wanted: rules.Query, after: int | None = None) -> Found:
    """Look in one's own subtree, and for a whole number in the nation; writes the audit."""
    path = g.user.unit_path
    people = list(Person.search(path, wanted, after).limit(MOST + 1))
    more, people = len(people) > MOST, people[:MOST]
    near = [] if after or len(people) >= FEW else _near(wanted, people)
    elsewhere = _elsewhere(wanted) if wanted.number and not people else None
    audit.record(
        "search", "person", person_id=elsewhere.person.id if elsewhere else None,
        how="number" if wanted.number else "words", hits=len(people), near=len(near),
    )  # fmt: skip
    numbers = Document.of(person.id for person in [*people, *near])
    return Found(people, near, more, elsewhere, numbers)


def _near(wanted: rules.Query, people: list[Person]) -> list[Person]:
    shown = {person.id for person in people}
    near = Person.nearly(g.user.unit_path, wanted).limit(FEW + len(shown))
    return [person for person in near if person.id not in shown]


def _elsewhere(wanted: rules.Query) -> LookAlike | None:
    person = Person.by_number(wanted.number or "")
    return known(person) if person else None


def known(person: Person) -> LookAlike:
    """A person found by number, and whether more than the minimum may be shown."""
    inside, unit = Care.last_of([person.id], g.user.unit_path)[person.id]
    return LookAlike(person, "same_number", inside, unit)


@pages.route("/people", methods=["GET", "POST"])
@allow("person.search")
def index() -> Response:
    """Search; what was typed never stands in the address."""
    form, found = SearchForm(), None
    if form.validate_on_submit():
        wanted = rules.query(form.what.data)
        found = find(wanted, form.last_shown)
        sure = found.people[0] if wanted.number and len(found.people) == 1 else None
        if sure and "open" in request.form and g.user.can("person.view"):
            return go("people.show", person_id=sure.id)
    number = {"number": rules.query(form.what.data or "").number}
    return page(
        "people/index.html", 422 if form.errors else 200, form=form, found=found,
        receive=ReceiveForm(None, data=number),
    )  # fmt: skip


@pages.post("/people/<int:person_id>/receive")
@allow("person.edit", "visit.check_in")
def receive(person_id: int) -> Response:
    """Take somebody in care who stands here with a document."""
    form, search = ReceiveForm(), SearchForm(None)
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.receive(person_id, form.number.data, g.user))
            return go("people.show", person_id=person_id)
        except Refused:
            pass  # nobody with this number, or somebody else: the same answer
    search.summary = [word("number_unknown")]
    return page("people/index.html", 422, form=search, found=None)
