"""Wishes go from state to state: decided upon, given to a site, listed for a session, ended."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import batch, db, is_postgres, run
from app.outbox import emit_many
from app.registrations import rules
from app.registrations.models import Registration
from app.words import Refused

LISTED = "update registration set state = 'listed', person_id = ? where id = ?"


def move(wish: Registration, state: str, **more: Any) -> None:
    """Write the new state of a wish, with other columns."""
    values = {"state": state} | more
    Registration.update(**values).where(Registration.id == wish.id).execute()
    audit.record("change", "registration", wish.id, state=state)


def decide(
    ids: Iterable[int], what: str, by: SignedIn, site_id: int | None = None, reason: str = ""
) -> list[int]:
    """Do one of rules.MOVES with wishes, as far as they stand where it may be done and belong to
    the unit of `by`; the ids of those that moved. Raises Refused."""
    before, after = rules.MOVES[what]
    if what == "reject" and not reason:
        raise Refused(("reason", "required"))
    if what == "allocate" and site_id is None:
        raise Refused(("site", "required"))
    values: dict[str, Any] = {"state": after, "decided_by": by.id, "decided_at": clock.now()}
    if what == "allocate":
        values["site"] = site_id
    if what == "reject":
        values["reason"] = reason
    with db.atomic():
        mine = Registration.unit == by.unit_id, Registration.state.in_(list(before))
        moved = _held(ids, *mine)
        if not moved:
            raise Refused(("ids", "wish_none"))
        Registration.update(values).where(Registration.id.in_(moved)).execute()
        for wish_id in moved:
            audit.record("change", "registration", wish_id, state=after, site=site_id)
        emit_many(f"registration.{after}", [{"registration": wish_id} for wish_id in moved])
    return moved


def _held(ids: Iterable[int], *which: Any) -> list[int]:
    """Lock these rows in one order, so that two officers do not wait for each other."""
    return _held_where(Registration.id.in_(sorted(set(ids))), *which)


def _held_where(*which: Any) -> list[int]:
    query = Registration.select(Registration.id).where(*which).order_by(Registration.id)
    return [row.id for row in (query.for_update() if is_postgres() else query)]


def hold(ids: Iterable[int], site_ids: Iterable[int]) -> list[int]:
    """Lock those of these wishes that were given to one of the sites; their ids."""
    return _held(ids, Registration.site.in_(list(site_ids)))


def list_all(persons: Mapping[int, int], session_id: int) -> None:
    """These wishes (id → the person) have a place on the list of a session."""
    with batch():
        for wish_id, person_id in persons.items():
            run(LISTED, person_id, wish_id)
    for wish_id, person_id in persons.items():
        audit.record(
            "change", "registration", wish_id, person_id, state="listed", session=session_id
        )


def finish_for(given: Mapping[int, datetime]) -> list[int]:
    """These people were vaccinated at this moment: what they had wished before is done. The ids of
    the wishes that ended so."""
    mine = Registration.person.in_(list(given)), Registration.state.in_(rules.LIVE)
    rows = Registration.select().where(*mine)
    return finish(row.id for row in rows if row.sent_at and row.sent_at <= given[row.person_id])


def hold_of(person_ids: Iterable[int]) -> None:
    """Lock the wishes of these people: of a dose that ends one and the same dose taken back, the
    second sees what the first did."""
    _held_where(Registration.person.in_(list(person_ids)))


def wish_again(person_id: int, last: datetime | None) -> None:
    """A dose of this person does not stand any more. last: when the last one was given that does.
    What was wished after it is not done, and waits where it was, unless it was wished anew."""
    hold_of([person_id])
    mine = Registration.person == person_id, Registration.state == "done"
    since = Registration.sent_at > (last or datetime.min)
    for wish in Registration.select().where(*mine, since).order_by(Registration.id.desc()):
        anew = (
            rules.same_person(wish.wanted, row.wanted) for row in Registration.live(wish.wanted)
        )
        if not any(anew):
            move(wish, rules.before_done(wish.site_id, wish.decided_by_id))


def unlist(ids: Iterable[int]) -> None:
    """These wishes lost their place on a list: they wait again where they were."""
    _end(ids, ("listed",), "allocated")


def finish(ids: Iterable[int]) -> list[int]:
    """These people were vaccinated; the ids of the wishes that ended so."""
    return _end(ids, rules.LIVE, "done")


def take_back(ids: Iterable[int]) -> set[int]:
    """Withdraw wishes on which nobody decided yet; the ids of those that were."""
    return set(_end(ids, ("sent",), "withdrawn"))


def withdraw(ids: Iterable[int], reason: str = "") -> list[int]:
    """End wishes as their people asked; the ids of those that were under way."""
    return _end(ids, rules.LIVE, "withdrawn", reason=reason)


def _end(ids: Iterable[int], before: Iterable[str], after: str, **more: Any) -> list[int]:
    held = _held(ids, Registration.state.in_(list(before)))
    values = {"state": after} | more
    Registration.update(values).where(Registration.id.in_(held)).execute()
    for wish_id in held:
        audit.record("change", "registration", wish_id, state=after)
    return held
