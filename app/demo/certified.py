"""Certificates in the demo: whose identity was verified, what the centre issued, what a citizen
types to see theirs."""

from collections.abc import Sequence
from typing import NamedTuple

from app.accounts.actions import SignedIn
from app.certificates import rules
from app.certificates.actions import issue_waiting, pin_key, revoke
from app.certificates.models import Certificate, Slip, waiting_people
from app.people.actions import verify_identity
from app.people.models import Person
from app.words import Refused

# Of the people who came to a site: whom the police did not get to, and who is somebody else.
NOT_YET, MISMATCH = (7, 11, 15), (6,)
MOST = 1000


class LookUp(NamedTuple):
    """What a citizen types at /tra-cuu; whether there is a certificate to see."""

    code: str
    born: str
    pin: str
    certified: bool


def verify(people: Sequence[int]) -> None:
    """What the police say about most of these."""
    for n, person_id in enumerate(people):
        if n not in NOT_YET:
            reason = "Khác ngày sinh trong cơ sở dữ liệu dân cư" if n in MISMATCH else ""
            version = Person.get_by_id(person_id).version
            verify_identity(person_id, version, not reason, reason)


def issue_most(who: SignedIn) -> None:
    """Certificates for four of five who wait, of which one is revoked; none without a key. Never
    inside a transaction."""
    most = len(waiting_people(0, MOST)) * 4 // 5
    try:
        made = issue_waiting(0, most, who).made if most else {}
    except Refused:  # no_signing_key
        return
    if made:
        revoke(max(made.values()), "Cấp nhầm: người dân báo sai mũi tiêm", who)


def look_up() -> LookUp | None:
    """The first slip of somebody with a certificate; without certificates the first one."""
    mine = Certificate.select(Certificate.person).where(Certificate.current)
    slips = Slip.select(Slip, Person).join(Person).where(Person.dob_day.is_null(False))
    certified = slips.where(Slip.person.in_(mine)).order_by(Slip.id).first()
    slip = certified or slips.order_by(Slip.id).first()
    if slip is None:
        return None
    pin = rules.pin(pin_key(), slip.nonce)
    return LookUp(rules.grouped(slip.code), str(slip.person.dob), pin, certified is not None)
