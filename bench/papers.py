"""What the day at a station (bench/day.py) has of certificates: days to confirm and to sign, papers
of each kind, files to print."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

from app import clock
from app.accounts.models import User
from app.certificates import envelope
from app.certificates.models import BulkPrint, Certificate
from app.certificates.rules import FAMILY, PART
from app.certificates.views.confirm import DAYS, DOSES
from app.people.models import Document, Person
from app.sessions.models import VaccinationSession
from app.stock.models import Holding
from app.visits.models import Dose
from tests import build
from tests.certificates.issued import issued

FILES = 10  # of PART certificates each, the last one of a single one: a commune
FULL, SIGNING = 30, 31  # days ago: a day with more doses than a page shows; the last one to sign


class Papers(NamedTuple):
    """certificates: one of each kind, and one that was revoked; family: numbers of people who have
    one; full: a session with doses that nobody confirmed."""

    certificates: list[int]
    family: list[str]
    full: VaccinationSession
    order: int

    def ids(self) -> dict[str, list[Any]]:
        """Values for the arguments of addresses, by their names."""
        days = [clock.today(), self.full.held_on]
        return {
            "certificate_id": self.certificates, "bulk_id": [self.order], "part": [FILES],
            "day": [day.isoformat() for day in days],
        }  # fmt: skip


def papers(staff: User, lot: Holding, people: Iterator[Person]) -> Papers:
    """As the site of `lot` has them after some weeks."""
    full = _session(lot, FULL)
    for person in islice(people, DOSES + 1):
        _dose(full, person)
    for ago in range(SIGNING, SIGNING + DAYS):
        build.confirmed(_dose(_session(lot, ago), next(people)))
    family = [_dose(full, person) for person in islice(people, FAMILY)]
    rows = [issued(dose) for dose in family]
    kinds = [rows[0], issued(family[0], "ICVP"), _of(full, people, alg=envelope.PS256)]
    kinds.append(_of(full, people, revoked_at=clock.now(), current=False))
    printed = [rows[0].id] * (PART * (FILES - 1) + 1)
    order = BulkPrint.create(
        unit=lot.unit_id, what="session", which=str(full.id), layout="a4", total=len(printed),
        certificates=printed, by=staff, at=clock.now(),
    )  # fmt: skip
    numbers = [Document.get(Document.person == dose.person_id).number for dose in family]
    return Papers([row.id for row in kinds], numbers, full, order.id)


def _session(lot: Holding, ago: int) -> VaccinationSession:
    closed = {"held_on": clock.today() - timedelta(days=ago), "closed_at": clock.now()}
    return build.session(lot.unit, [lot], **closed)


def _dose(session: VaccinationSession, person: Person) -> Dose:
    at = clock.now() - timedelta(days=(clock.today() - session.held_on).days)
    return build.dose(build.visit(session, person, "ready"), given_at=at, recorded_at=at)


def _of(session: VaccinationSession, people: Iterator[Person], **given: Any) -> Certificate:
    return issued(_dose(session, next(people)), **given)
