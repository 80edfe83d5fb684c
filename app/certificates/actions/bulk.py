"""Certificates of many people as files: who is meant, what is missing, and what was printed."""

from typing import Any, NamedTuple

from app import audit, clock
from app.accounts.actions import SignedIn
from app.certificates import rules
from app.certificates.actions.facts import Reason
from app.certificates.actions.paper import papers, that_count
from app.certificates.actions.review import ready
from app.certificates.models import BulkPrint, Certificate, holdings
from app.certificates.rules import Paper
from app.db import db
from app.people.models import Person
from app.words import Refused

SHOWN = 200  # people whose reasons are looked for


class Lacking(NamedTuple):
    """Somebody who was vaccinated and has no certificate to print, and why."""

    person: Person
    reasons: list[Reason]


class Found(NamedTuple):
    """Of people: the certificates that count, how many vaccinated people have none, and the first
    of them, in the order of names."""

    certificates: list[int]
    missing: int
    lacking: list[Lacking]


def to_print(people: Any) -> Found:
    """What there is to print of these people, and what is missing."""
    rows = holdings(people)
    certificates = that_count([key for _person, key in rows if key])
    having = set(certificates)
    without = [person for person, key in rows if key not in having]
    return Found(certificates, len(without), _lacking(without[:SHOWN]))


def _lacking(ids: list[int]) -> list[Lacking]:
    why = ready(ids)
    rows = {row.id: row for row in Person.select().where(Person.id.in_(ids))}
    return [Lacking(rows[key], _reasons(why.get(key))) for key in ids]


def _reasons(found: Any) -> list[Reason]:
    return found if isinstance(found, list) else [("", "paper_waits", {})]


def order_print(
    unit_id: int, what: str, which: str, layout: str, certificates: list[int], by: SignedIn
) -> int:  # fmt: skip
    """Set down whose certificates are to be printed, so that its files stay the same; the id.
    Raises Refused when there are none."""
    if not certificates:
        raise Refused(("which", "paper_nobody"))
    with db.atomic():
        row = BulkPrint.create(
            unit=unit_id, what=what, which=which, layout=layout, certificates=certificates,
            total=len(certificates), by=by.id, at=clock.now(),
        )  # fmt: skip
        audit.record("create", "bulk_print", row.id, what=what, rows=row.total)
        return int(row.id)


def print_part(order: BulkPrint, part: int) -> list[Paper]:
    """What stands in a file of an order (from 1) now, counted as printed: whose certificate
    counts no more is left out."""
    first, last = rules.parts(order.total)[part - 1]
    with db.atomic():
        ids = that_count(order.certificates[first - 1 : last])
        _count(order.id, part)
        Certificate.update(prints=Certificate.prints + 1).where(Certificate.id.in_(ids)).execute()
        audit.record("print", "bulk_print", order.id, part=part, rows=len(ids))
    return papers(ids)


def _count(order_id: int, part: int) -> None:
    # Locked first, so that two files of one order do not forget each other.
    BulkPrint.update(done=BulkPrint.done).where(BulkPrint.id == order_id).execute()
    row = BulkPrint.get_by_id(order_id)
    row.printed = sorted({*row.printed, part})
    bounds = rules.parts(row.total)
    row.done = sum(bounds[one - 1][1] - bounds[one - 1][0] + 1 for one in row.printed)
    if row.done == row.total:
        row.ended_at = row.ended_at or clock.now()
    row.save(only=[BulkPrint.printed, BulkPrint.done, BulkPrint.ended_at])
