"""The second person: a request is approved or rejected, or taken back by whoever asked."""

from collections.abc import Callable, Mapping

from app import audit, clock
from app.accounts.actions import SignedIn
from app.amendments import rules
from app.amendments.actions.change import against_change, against_void, change, void
from app.amendments.actions.elsewhere import against_elsewhere, enter_elsewhere
from app.amendments.actions.late import against_late, enter_late
from app.amendments.actions.places import may_decide
from app.amendments.models import Amendment
from app.db import db
from app.vaccines import rules as vaccines
from app.visits.actions import hold_person
from app.words import Refused

# What an approval does; each returns the id of the dose.
DONE: Mapping[str, Callable[[Amendment, SignedIn], int]] = {
    "change": change, "void": void, "late": enter_late, "elsewhere": enter_elsewhere,
}  # fmt: skip
AGAINST: Mapping[str, Callable[[Amendment], list[vaccines.Problem]]] = {
    "change": against_change, "void": against_void, "late": against_late,
    "elsewhere": against_elsewhere,
}  # fmt: skip


def decide(request_id: int, approve: bool, answer: str, by: SignedIn) -> int:
    """Approve or reject a request; returns its id. What is approved is asked of the rules again
    and done in the same transaction. Raises Refused."""
    with db.atomic():
        request = _held(request_id)
        problems = rules.decision_problems(
            request.state, request.asked_by_id, by.id, approve, answer
        )
        if not may_decide(request.unit, by):
            problems = [("", "amend_not_yours")]
        if problems:
            raise Refused(*problems)
        if not approve:
            return _close(request, "rejected", by, answer)
        dose_id = DONE[request.kind](request, by)
        return _close(request, "approved", by, answer, dose_id)


def decide_all(request_ids: list[int], by: SignedIn) -> dict[int, Refused]:
    """Approve several requests; returns those that were refused, with the reasons. People are
    held first and in one order, so that this waits for a desk and never the other way round."""
    refused = {}
    with db.atomic(), audit.at_end():
        rows = Amendment.select(Amendment.id, Amendment.person).where(Amendment.id.in_(request_ids))
        waiting = sorted((row.person_id, row.id) for row in rows)
        for person_id, _request_id in waiting:
            hold_person(person_id)
        for _person_id, request_id in waiting:
            try:
                with audit.at_end():
                    decide(request_id, True, "", by)
            except Refused as why:
                refused[request_id] = why
    return refused


def withdraw(request_id: int, by: SignedIn) -> int:
    """Whoever asked thinks better of it. Raises Refused amend_decided, amend_not_asker."""
    with db.atomic():
        request = _held(request_id)
        if request.state != "pending":
            raise Refused(("", "amend_decided"))
        if request.asked_by_id != by.id:
            raise Refused(("", "amend_not_asker"))
        return _close(request, "withdrawn", by)


def _held(request_id: int) -> Amendment:
    """The request, with its person held: two decisions at once come one after the other."""
    hold_person(Amendment.get_by_id(request_id).person_id)
    return Amendment.within("/").where(Amendment.id == request_id).get()


def _close(
    request: Amendment, state: str, by: SignedIn, answer: str = "", dose_id: int | None = None
) -> int:
    Amendment.update(
        state=state, decided_by=by.id, decided_at=clock.now(), answer=answer,
        dose=dose_id or request.dose_id,
    ).where(Amendment.id == request.id, Amendment.decided_at.is_null()).execute()  # fmt: skip
    audit.record("change", "amendment", request.id, request.person_id, event=state)
    return request.id


def against(request: Amendment) -> tuple[list[vaccines.Problem], Refused | None]:
    """What speaks against a request now: (warnings, why it cannot be approved)."""
    try:
        return AGAINST[request.kind](request), None
    except Refused as refused:
        return [], refused
