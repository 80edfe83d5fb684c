"""Taking back what a list did, while nobody of it was received."""

from collections.abc import Iterable, Sequence

from app import audit
from app.accounts.actions import SignedIn
from app.db import db
from app.imports import rules
from app.imports.actions.sent import SECONDS, lock, move, take_on, undone
from app.imports.models import Upload, UploadRow
from app.people.actions import take_back
from app.sessions.actions import remove_many
from app.visits.models import Visit
from app.words import Refused

BATCH = 200


def undo_some(upload: Upload, by: SignedIn, seconds: float = SECONDS) -> int:
    """Take people off the list whom this upload put there, and out of the register whom it
    registered and with whom nothing else was done since, until time is up; returns how many are
    left. Doing it again does no harm. Raises Refused undo_received, undo_not_now."""
    if upload.state == "written":
        _refuse_received(upload)
        move(upload, "written", "undo")
    elif upload.state not in ("undoing", "undone"):
        raise Refused(("", "undo_not_now"))
    left = take_on(upload, lambda: _undo_batch(upload, by), rules.WRITTEN, seconds)
    if not left:
        undone(upload)
    return left


def _refuse_received(upload: Upload) -> None:
    mine = UploadRow.select(UploadRow.person).where(
        UploadRow.file == upload.id, UploadRow.state.in_(rules.WRITTEN)
    )
    count = Visit.select().where(Visit.session == upload.session_id, Visit.person.in_(mine)).count()
    if count:
        raise Refused(("", "undo_received", {"n": count}))


def _undo_batch(upload: Upload, by: SignedIn) -> int:
    """Take the next rows back; returns how many there were."""
    with db.atomic(), audit.at_end():
        upload = lock(upload)
        rows = list(UploadRow.in_states(upload.id, rules.WRITTEN).limit(BATCH))
        people = [row.person_id for row in rows]
        received = _received(upload.session_id, people)
        remove_many(upload.session_id, [key for key in people if key not in received])
        mine = [row.person_id for row in rows if row.state == "row_registered"]
        # The row must not hold whom it made.
        UploadRow.update(person=None).where(UploadRow.id.in_([row.id for row in rows])).execute()
        gone = set(take_back([key for key in mine if key not in received], upload.session.unit_id))
        for row in rows:
            _end(row, gone, received)
        return len(rows)


def _received(session_id: int, people: Sequence[int]) -> set[int]:
    """Whoever was received meanwhile stays."""
    rows = Visit.select(Visit.person).where(Visit.session == session_id, Visit.person.in_(people))
    return {row.person_id for row in rows}


def _end(row: UploadRow, gone: Iterable[int], received: Iterable[int]) -> None:
    person, state = row.person_id, "row_undone"
    if person in received:
        state = "row_received"
    elif row.state == "row_registered" and person not in gone:
        state = "row_kept"
    kept = None if person in gone else person
    UploadRow.update(state=state, person=kept).where(UploadRow.id == row.id).execute()
