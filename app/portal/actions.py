"""Looking up and verifying, without telling a stranger who is in the system."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app

from app import audit, clock
from app.certificates import rules as certificates
from app.certificates.actions import pin_key
from app.certificates.models import Slip
from app.db import db
from app.people.models import Person
from app.people.rules import PartialDate
from app.portal import rules
from app.portal.models import Held, LookUpCount, slip_with, slips_of
from app.vaccines import rules as vaccines
from app.vaccines.models import catalogue_on
from app.visits.actions import as_rules_see
from app.visits.models import Dose
from app.words import Refused

# One look-up of 256 sweeps up the counts of windows that are over; chance decides which, so that
# it tells nothing.
SWEEPERS = "00"


class Found(NamedTuple):
    """What the holder of a slip may see. code: of the slip whose PIN was typed."""

    name: str
    code: str
    doses: list[Any]
    due: vaccines.Due | None


class Checked(NamedTuple):
    """What anybody who holds the code may see, to compare with an identity card."""

    masked: str
    year: int
    doses: int


def look_up(what: str, dob: PartialDate, pin: str, address: str) -> Found | None:
    """The person with this number (or slip code), birth date and PIN; None when anything does not
    fit, after the same work. Raises Refused (look_up_wait) after too many tries in vain."""
    values = {"number": what, "neighbours": rules.neighbours(what), "address": address}
    # Counted as in vain before anything is looked at, and taken back if it was not: so many tries
    # at the same moment get no further than one after the other.
    buckets = _count(rules.LOOK_UP, values)
    key = pin_key()
    with db.atomic():
        slip = rules.holder(
            slip_with(what) if certificates.normal(what) else slips_of(what, rules.MOST_SLIPS),
            pin, lambda nonce: certificates.pin(key, nonce), lambda row: _born(row).agrees(dob),
        )  # fmt: skip
        person_id = slip.person_id if slip else None
        doses = list(Dose.of(person_id or 0))
        LookUpCount.add(buckets, -1 if slip else 0)
        audit.record("look_up", "person", person_id, person_id)
    return Found(slip.name, slip.code, doses, _due(slip, doses)) if slip else None


def _born(row: Held) -> PartialDate:
    return PartialDate(row.dob_year, row.dob_month, row.dob_day)


def _due(row: Any, doses: Iterable[Any]) -> vaccines.Due | None:
    given = [
        vaccines.GivenDose(dose.product, dose.kind, dose.seq, clock.local(dose.given_at).date())
        for dose in doses
    ]
    today = clock.today()
    return vaccines.due_on(as_rules_see(row), given, today, catalogue_on(today))


def verify(text: str, address: str) -> Checked | None:
    """The slip with this code, or None. Raises Refused (look_up_wait) after too many wrong
    codes."""
    now = clock.now()
    buckets = _buckets(rules.VERIFY, {"code_address": address}, now)
    before = LookUpCount.select().where(LookUpCount.bucket.in_(list(buckets))).first()
    _refuse(rules.VERIFY, [before.tries + 1 if before else 1], now)
    code = certificates.normal(text)
    slip = Slip.select(Slip, Person).join(Person).where(Slip.code == code).first()
    if slip is None:
        LookUpCount.add(buckets, 1)
        return None
    audit.record("verify", "slip", slip.id, slip.person_id)
    doses = Dose.of(slip.person_id).count()
    return Checked(slip.person.masked, slip.person.dob_year, doses)


def _count(limits: Iterable[rules.Limit], values: Mapping[str, str]) -> dict[str, datetime]:
    """Count a try against all limits; the buckets, to take it back from. Raises Refused."""
    now, limits = clock.now(), tuple(limits)
    buckets = _buckets(limits, values, now)
    tries = LookUpCount.add(buckets, 1)
    if next(iter(buckets)).startswith(SWEEPERS):
        LookUpCount.delete().where(LookUpCount.ends_at < now).execute()
    _refuse(limits, [tries[bucket] for bucket in buckets], now)
    return buckets


def _buckets(
    limits: Iterable[rules.Limit], values: Mapping[str, str], now: datetime
) -> dict[str, datetime]:
    """Bucket → end of its window, in the order of the limits."""
    key, found = current_app.extensions["config"].key("look-up"), {}
    for limit in limits:
        end = rules.window_end(now, limit.window)
        text = f"{limit.of} {limit.window} {end} {values[limit.of]}"
        found[hmac.new(key, text.encode(), "sha256").hexdigest()] = end
    return found


def _refuse(limits: Iterable[rules.Limit], tries: list[int], now: datetime) -> None:
    over = rules.exceeded(limits, tries)
    if not over:
        return
    if any(count == limit.most + 1 for limit, count in zip(limits, tries, strict=True)):
        # Once in each window; the tries after it would only fill the chain.
        audit.record("refuse", "look_up", of=over[0].of)
    until = max(rules.window_end(now, limit.window) for limit in over)
    raise Refused(("", "look_up_wait", {"minutes": rules.minutes(now, until)}))
