"""All doses of a person, and when the next one is due."""

from flask import g
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.people.models import Person
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits import actions
from app.visits.models import Dose
from app.visits.views import pages
from app.web import allow, page


@pages.get("/people/<int:person_id>/doses")
@allow("visit.check_in", "visit.screen", "dose.record", "visit.observe", "slip.print")
def doses(person_id: int) -> Response:
    """The doses, wherever they were given; the visits here can be opened."""
    person, today = get_or_404(Person, person_id), clock.today()
    audit.record("view", "dose", None, person.id)
    book = catalogue_on(today)
    past = actions.history(person.id)
    return page(
        "visits/doses.html", person=person, doses=list(Dose.of(person.id)),
        products=book.products, path=g.user.unit_path,
        due=vaccines.due_on(actions.as_rules_see(person), past, today, book),
    )  # fmt: skip
