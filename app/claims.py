"""What a citizen says is right, filled into the form that changes the record. Tickets are kept by
a package after those forms, which hands over its reader at the start (`read_by`)."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import abort, current_app, redirect, request
from werkzeug.wrappers import Response

from app.web import go


class Claim(NamedTuple):
    """What a ticket says. lines: (what, as it is recorded, as it is said); fields: what is said,
    by the names of the fields of forms; back: where whoever reads it goes on."""

    ticket_id: int
    code: str
    person_id: int
    lines: list[tuple[str, str, str]]
    fields: dict[str, Any]
    back: str


def read_by(extensions: dict[str, Any], reader: Callable[[int], Claim | None]) -> None:
    """Who finds the claim of an open ticket (None when whoever reads may not see it), among the
    extensions of the application."""
    extensions["claims"] = reader


def named(person_id: int | None = None) -> Claim | None:
    """The claim of the ticket that the address names (`?ticket=12`), of this person; others do
    not exist. Whoever sends a form loses nothing because the ticket ended meanwhile."""
    ticket_id = request.args.get("ticket", type=int)
    if ticket_id is None:
        return None
    claim: Claim | None = current_app.extensions["claims"](ticket_id)
    if claim and person_id in (None, claim.person_id):
        return claim
    return abort(404) if request.method == "GET" else None


def fields(claim: Claim | None) -> dict[str, Any]:
    """What a form is filled in with."""
    return claim.fields if claim else {}


def after(claim: Claim | None, endpoint: str, **values: Any) -> Response:
    """What follows a form: the ticket that it was opened from, else another page."""
    return redirect(claim.back, 303) if claim else go(endpoint, **values)
