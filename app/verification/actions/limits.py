"""Counting what strangers try in vain, without keeping who tried what."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import current_app

from app import audit, clock
from app.verification import rules
from app.verification.models import LookUpCount, Tally
from app.words import Refused

# One try of 256 sweeps up the counts of windows that are over; chance decides which, so that it
# tells nothing.
SWEEPERS = "00"
Buckets = dict[str, datetime]


def count(limits: Iterable[rules.Limit], values: Mapping[str, str]) -> Buckets:
    """Count a try as in vain before anything is looked at, so that so many tries at the same
    moment get no further than one after the other; the buckets, for `settle`. Raises Refused
    (look_up_wait)."""
    now, limits = clock.now(), tuple(limits)
    found = buckets(limits, values, now)
    tries = _add(found, now)
    _refuse(limits, [tries[bucket] for bucket in found], now)
    return found


def settle(found: Buckets, in_vain: bool) -> None:
    """Take the try back unless it was in vain, with the same work either way."""
    LookUpCount.add(found, 0 if in_vain else -1)


def ask(limits: Iterable[rules.Limit], values: Mapping[str, str]) -> Buckets:
    """Whether one more may be tried, without counting it; the buckets, for `failed`. Raises
    Refused (look_up_wait)."""
    now, limits = clock.now(), tuple(limits)
    found = buckets(limits, values, now)
    before = {
        row.bucket: row.tries
        for row in LookUpCount.select().where(LookUpCount.bucket.in_(list(found)))
    }
    _refuse(limits, [before.get(bucket, 0) + 1 for bucket in found], now)
    return found


def failed(found: Buckets) -> None:
    """The try was in vain."""
    _add(found, clock.now())


def buckets(limits: Iterable[rules.Limit], values: Mapping[str, str], now: datetime) -> Buckets:
    """Bucket → end of its window, in the order of the limits."""
    key, found = current_app.extensions["config"].key("look-up"), {}
    for limit in limits:
        end = rules.window_end(now, limit.window)
        text = f"{limit.of} {limit.window} {end} {values[limit.of]}"
        found[hmac.new(key, text.encode(), "sha256").hexdigest()] = end
    return found


def _add(found: Buckets, now: datetime) -> dict[str, int]:
    tries = LookUpCount.add(found, 1)
    if next(iter(found)).startswith(SWEEPERS):
        LookUpCount.delete().where(LookUpCount.ends_at < now).execute()
    return tries


def _refuse(limits: Iterable[rules.Limit], tries: list[int], now: datetime) -> None:
    over = rules.exceeded(limits, tries)
    if not over:
        return
    if any(count == limit.most + 1 for limit, count in zip(limits, tries, strict=True)):
        # Once in each window; the tries after it would only fill the chain.
        Tally.note("limit", over[0].of)
        audit.record("refuse", "look_up", of=over[0].of)
    until = max(rules.window_end(now, limit.window) for limit in over)
    raise Refused(("", "look_up_wait", {"minutes": rules.minutes(now, until)}))
