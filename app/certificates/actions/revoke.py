"""Ending certificates: by themselves when what they say is no longer so, by hand, and all of a
key that was lost."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app import audit, clock, outbox
from app.accounts.actions import SignedIn
from app.certificates import rules
from app.certificates.actions.standing import ended_by_hand, standing_many
from app.certificates.models import Certificate, Confirmation, newest_revocation
from app.db import db, is_postgres
from app.visits.actions import hold_people
from app.words import Refused

BATCH = 500
TURN = 5772  # number of the lock that revocations take


def revoke(certificate_id: int, why: str, by: SignedIn) -> int:
    """End one by hand: nothing that was signed so far makes another one, see issue_again. Returns
    its id. Raises Refused cert_ended, why_needed."""
    if not why.strip() or why in rules.BY_ITSELF:
        raise Refused(("why", "why_needed"))
    with db.atomic():
        row = Certificate.get_by_id(certificate_id)
        hold_people([row.person_id])
        if not _end([row.id], why, by.id):
            raise Refused(("", "cert_ended"))
        if ended_by_hand([row.person_id]):
            _wait([row.person_id], False)
        return certificate_id


def sweep(after: int, most: int = BATCH) -> tuple[list[int], int]:
    """End what no longer stands among the next `most` certificates from the one after `after` on.
    Returns the people who wait for another one now, and the last certificate it looked at (0: it
    came to the end)."""
    rows = list(_living(after).limit(most))
    faults = {key: why for key, why in standing_many(rows).items() if why}
    people = {row.id: row.person_id for row in rows if row.id in faults}
    with db.atomic(), audit.at_end():
        hold_people(sorted(set(people.values())))
        # Asked again while nobody can change it.
        now = standing_many([row for row in rows if row.id in people])
        for why in sorted(set(now.values()) - {""}):
            _end([key for key, said in now.items() if said == why], why, None)
        _wait_again(people.values())
    return sorted(set(people.values())), rows[-1].id if len(rows) == most else 0


def revoke_signer(kid: str, why: str) -> int:
    """End all that was signed with a key (16 hexadecimal digits), in transactions of BATCH; the
    people wait for another one. Returns how many were ended."""
    ended, after = 0, 0
    while rows := list(_living(after).where(Certificate.kid == kid).limit(BATCH)):
        people = sorted({row.person_id for row in rows})
        with db.atomic(), audit.at_end():
            hold_people(people)
            ended += _end([row.id for row in rows], why, None)
            _wait_again(people)
        after = rows[-1].id
    return ended


def end_of_person(person_id: int, why: str, by: SignedIn) -> None:
    """End all that a person has; another one is due. Call it inside a transaction that holds the
    person."""
    rows = _living(0).where(Certificate.person == person_id)
    if _end([row.id for row in rows], why, by.id):
        _wait_again([person_id])


def _living(after: int):  # type: ignore[no-untyped-def]
    """Those that may still be believed somewhere: not revoked, not run out."""
    query = Certificate.select().where(
        Certificate.id > after, Certificate.revoked_at.is_null(),
        Certificate.expires_at > clock.now(),
    )  # fmt: skip
    return query.order_by(Certificate.id)


def _end(ids: list[int], why: str, by: int | None) -> int:
    rows = Certificate.select().where(Certificate.id.in_(ids), Certificate.revoked_at.is_null())
    if not rows:
        return 0
    now, ended = _next_moment(), 0
    for row in rows:
        Certificate.update(
            revoked_at=now, revoked_why=why, revoked_by=by, current=False
        ).where(Certificate.id == row.id).execute()  # fmt: skip
        audit.record("revoke", "certificate", row.id, row.person_id, by_hand=by is not None)
        outbox.emit("certificate.revoked", certificate=row.id)
        ended += 1
    return ended


def _next_moment() -> datetime:
    """A moment after all revocations that there are. They take turns until they are committed, so
    the newest moment is another one after each, also when one takes long: see newest_revocation.
    SQLite lets one transaction write at a time."""
    if is_postgres():
        db.execute_sql("select pg_advisory_xact_lock(%s)", (TURN,))
    last = newest_revocation()
    return max(clock.now(), last + timedelta(microseconds=1)) if last else clock.now()


def _wait_again(person_ids: Iterable[int]) -> None:
    """What these people have signed makes another certificate as soon as all steps are there.
    Whose certificate was ended by hand is left out: what ends now is an older one, or the WHO's."""
    ids = set(person_ids)
    _wait(sorted(ids - ended_by_hand(ids).keys()), True)


def _wait(person_ids: list[int], waits: bool) -> None:
    mine = Confirmation.person.in_(person_ids), Confirmation.signed.is_null(False)
    Confirmation.update(waits=waits).where(*mine).execute()
