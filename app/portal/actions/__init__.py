"""Looking up and verifying, without telling a stranger who is in the system."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from app import audit, marks
from app.certificates import rules as certificates
from app.certificates.actions import Reason, paper_problem, pin_key, ready
from app.certificates.models import Certificate, Slip
from app.db import db
from app.people.models import Person
from app.people.rules import PartialDate
from app.portal import rules
from app.portal.models import Held, slip_with, slips_of
from app.vaccines import rules as vaccines
from app.verification import rules as limits
from app.verification.actions import ask, count, failed, settle
from app.visits.actions import next_dose
from app.visits.models import Dose

STAY = 30 * 60  # seconds that a page which was looked up leads on to the certificate


class Found(NamedTuple):
    """What the holder of a slip may see. code: of the slip whose PIN was typed."""

    name: str
    code: str
    doses: list[Any]
    due: vaccines.Due | None
    person_id: int


class Certified(NamedTuple):
    """The certificates of a person that count (kind → certificate); `reasons`: why there is no
    EU certificate, if there is none."""

    rows: dict[str, Certificate]
    reasons: list[Reason]


class Checked(NamedTuple):
    """What anybody who holds the code may see, to compare with an identity card."""

    masked: str
    year: int
    doses: int


def look_up(
    what: str, dob: PartialDate, pin: str, address: str, by: Iterable[limits.Limit] = limits.LOOK_UP
) -> Found | None:
    """The person with this number (or slip code), birth date and PIN; None when anything does not
    fit, after the same work. Raises Refused (look_up_wait) after too many tries in vain."""
    values = {"number": what, "neighbours": rules.neighbours(what), "address": address}
    tried = count(by, values)
    key = pin_key()
    with db.atomic():
        slip = rules.holder(
            slip_with(what) if certificates.normal(what) else slips_of(what, rules.MOST_SLIPS),
            pin, lambda nonce: certificates.pin(key, nonce), lambda row: _born(row).agrees(dob),
        )  # fmt: skip
        person_id = slip.person_id if slip else None
        doses = list(Dose.of(person_id or 0))
        settle(tried, in_vain=slip is None)
        audit.record("look_up", "person", person_id, person_id)
    if slip is None:
        return None
    return Found(slip.name, slip.code, doses, next_dose(slip, doses), slip.person_id)


def certified(person_id: int) -> Certified:
    """What a person has, and what is missing in words."""
    mine = Certificate.select().where(Certificate.person == person_id, Certificate.current)
    rows = {row.kind: row for row in mine if not paper_problem(row)}
    if "DCC" in rows:
        return Certified(rows, [])
    why = ready([person_id]).get(person_id)
    return Certified(rows, why if isinstance(why, list) else [("", "paper_waits", {})])


def let_on(person_id: int) -> str:
    """A mark for the forms of a page that was looked up, so that nothing is typed again and no
    cookie is needed. It holds the number of the record alone."""
    return marks.mark("holder", person_id)


def person_of(mark: str) -> int | None:
    """Whom a mark of `let_on` is for; None when it is none, or is too old."""
    found = marks.marked("holder", mark, STAY)
    return None if found is None else int(found)


def shown(certificate: Certificate) -> None:
    """The holder looks at the QR."""
    audit.record("view", "certificate", certificate.id, certificate.person_id)


def _born(row: Held) -> PartialDate:
    return PartialDate(row.dob_year, row.dob_month, row.dob_day)


def verify(text: str, address: str) -> Checked | None:
    """The slip with this code, or None. Raises Refused (look_up_wait) after too many wrong
    codes."""
    tried = ask(limits.VERIFY, {"code_address": address})
    code = certificates.normal(text)
    slip = Slip.select(Slip, Person).join(Person).where(Slip.code == code).first()
    if slip is None:
        failed(tried)
        return None
    audit.record("verify", "slip", slip.id, slip.person_id)
    doses = Dose.of(slip.person_id).count()
    return Checked(slip.person.masked, slip.person.dob_year, doses)
