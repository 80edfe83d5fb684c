"""Writing the list of a session."""

from collections.abc import Collection, Iterable, Mapping

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import add_many, db
from app.people.actions import take_all_in_care, take_in_care
from app.people.models import Person
from app.sessions.actions.appointments import removed, withdrawn
from app.sessions.models import Expected, VaccinationSession
from app.words import Refused


def expect(
    session_id: int, person_id: int, by: SignedIn, source: str = "hand", note: str = ""
) -> int:
    """Put a person on the list of a session, and in the care of its site; returns the number on
    the list. Raises Refused: session_over, session_off, person_deceased, person_merged,
    already_listed."""
    with db.atomic():
        # First, because it locks the list: two desks may add the same person at once.
        number = _next_number(session_id)
        known = Expected.get_or_none(Expected.session == session_id, Expected.person == person_id)
        if known:
            raise Refused(("", "already_listed", {"number": known.number}))
        session = VaccinationSession.get_by_id(session_id)
        _refuse_person(session, Person.get_by_id(person_id))
        take_in_care(person_id, session.unit_id)
        Expected.insert(
            session=session_id, person=person_id, number=number, source=source, note=note,
            added_by=by.id, added_at=clock.now(),
        ).execute()  # fmt: skip
        audit.record("create", "expected", number, person_id, session=session_id, source=source)
        return number


def expect_many(
    session_id: int, notes: Mapping[int, str], by: SignedIn, source: str = "file"
) -> dict[int, int | Refused]:
    """Put many people (id → note) on the list, in their order; for each the number on the list,
    or what `expect` raises."""
    with db.atomic(), audit.at_end():
        last = _next_number(session_id, 0)  # locks the list
        session = VaccinationSession.get_by_id(session_id)
        found: dict[int, int | Refused] = _listed_already(session_id, notes)
        people = {person.id: person for person in Person.select().where(Person.id.in_([*notes]))}
        for person_id in notes:
            if person_id not in found:
                try:
                    _refuse_person(session, people[person_id])
                    last += 1
                    found[person_id] = last
                except Refused as refused:
                    found[person_id] = refused
        fresh = {key: n for key, n in found.items() if isinstance(n, int)}
        _next_number(session_id, len(fresh))
        take_all_in_care(fresh, session.unit_id)
        _insert_expected(session_id, fresh, notes, by, source)
        return {key: found[key] for key in notes}


def _listed_already(session_id: int, person_ids: Iterable[int]) -> dict[int, int | Refused]:
    rows = Expected.select().where(
        Expected.session == session_id, Expected.person.in_(list(person_ids))
    )
    return {row.person_id: Refused(("", "already_listed", {"number": row.number})) for row in rows}


def _insert_expected(
    session_id: int, numbers: Mapping[int, int], notes: Mapping[int, str], by: SignedIn, source: str
) -> None:
    now = clock.now()
    rows = [
        {
            "session": session_id, "person": person_id, "number": number, "source": source,
            "note": notes[person_id], "added_by": by.id, "added_at": now,
        }
        for person_id, number in numbers.items()
    ]  # fmt: skip
    add_many(Expected, rows)
    for person_id, number in numbers.items():
        audit.record("create", "expected", number, person_id, session=session_id, source=source)


def _refuse_person(session: VaccinationSession, person: Person) -> None:
    if shut := session.shut(clock.today()):
        raise Refused(("", shut))
    if person.deceased_on:
        raise Refused(("", "person_deceased"))
    if person.merged_into_id:
        raise Refused(("", "person_merged"))


def lock_list(session_id: int) -> VaccinationSession:
    """The session, whose list nobody else writes until the transaction ends."""
    _next_number(session_id, 0)
    return VaccinationSession.select().where(VaccinationSession.id == session_id).get()


def _next_number(session_id: int, many: int = 1) -> int:
    mine = VaccinationSession.id == session_id
    moved = VaccinationSession.last_listed + many
    VaccinationSession.update(last_listed=moved).where(mine).execute()
    return VaccinationSession.get_by_id(session_id).last_listed


def remove(session_id: int, person_id: int, *, again: bool = True) -> int:
    """Take a person off the list; returns the id. Doing it twice does no harm. again: if they were
    called, the site calls them again."""
    with db.atomic():
        gone = (
            Expected.delete()
            .where(Expected.session == session_id, Expected.person == person_id)
            .execute()
        )
        if gone:
            audit.record("change", "expected", session_id, person_id, removed=True)
            (removed if again else withdrawn)(session_id, [person_id])
        return person_id


def withdraw(person_id: int, present: Collection[int]) -> None:
    """Somebody does not wish to be vaccinated any more: off the lists of all sessions to come.
    present: those at which they are already."""
    with db.atomic():
        for row in Expected.coming(person_id, clock.today()).order_by(Expected.session):
            if row.session_id not in present:
                remove(row.session_id, person_id, again=False)


def remove_many(session_id: int, person_ids: Iterable[int]) -> None:
    """Take many off the list; those who are not on it do no harm."""
    with db.atomic():
        mine = Expected.session == session_id, Expected.person.in_(list(person_ids))
        gone = [row.person_id for row in Expected.select(Expected.person).where(*mine)]
        Expected.delete().where(*mine).execute()
        for person_id in sorted(gone):
            audit.record("change", "expected", session_id, person_id, removed=True)
        removed(session_id, gone)
