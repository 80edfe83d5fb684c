"""The certificate of a person: at which step it is, what is missing, and its history."""

from typing import Any

from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.models import User
from app.accounts.scope import get_or_404
from app.certificates import actions
from app.certificates.models import Certificate
from app.certificates.payload import Facts
from app.certificates.views import pages
from app.people.models import Person
from app.web import allow, page


@pages.get("/people/<int:person_id>/certificate")
@allow("certificate.print")
def person(person_id: int) -> Response:
    """The certificate in force or the way to it, in plain words."""
    row = get_or_404(Person, person_id)
    audit.record("view", "certificate", None, row.id)
    facts = actions.ready([row.id])[row.id]
    history = _history(row.id)
    return page(
        "certificates/person.html", person=row, history=history, now=clock.now(),
        current=next((one for one in history if one.current and one.kind == "DCC"), None),
        standing=actions.standing_many(history),
        lacks=[] if isinstance(facts, Facts) else [reason[1:] for reason in facts],
    )  # fmt: skip


def _history(person_id: int) -> list[Any]:
    query = Certificate.select(Certificate, User).left_outer_join(
        User, on=(Certificate.issued_by == User.id)
    )
    return list(query.where(Certificate.person == person_id).order_by(Certificate.id.desc()))
