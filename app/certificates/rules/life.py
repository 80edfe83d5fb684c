"""How long a certificate lasts, and whether it still says what is recorded. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

RENEWED_BEFORE = timedelta(days=30)
WORTH_IT = timedelta(days=1)  # a new one that ends no later than the old one helps nobody

# Why a certificate ends without anybody saying so: by what was changed elsewhere.
BY_ITSELF = frozenset({"changed", "identity", "merged", "name"})

Doses = Sequence[tuple[int, int]]


def expires(issued: datetime, signer_ends: datetime) -> datetime:
    """Twelve months after it was made (QĐ 5772/QĐ-BYT), and never after its signer."""
    day = 28 if (issued.month, issued.day) == (2, 29) else issued.day
    return min(issued.replace(year=issued.year + 1, day=day), signer_ends)


class Held(NamedTuple):
    """A certificate: the doses and the identity version that it was made from, and its end."""

    doses: Doses
    identity_seq: int
    expires_at: datetime


def needed(
    held: Held | None, doses: Doses, identity_seq: int, now: datetime, end: datetime
) -> bool:
    """Whether a certificate of these doses that lasts until `end` is worth making. held: the one
    that there is."""
    if held is None or (list(map(tuple, held.doses)), held.identity_seq) != (
        list(map(tuple, doses)), identity_seq,
    ):  # fmt: skip
        return True
    return held.expires_at < now + RENEWED_BEFORE and end > held.expires_at + WORTH_IT


class Record(NamedTuple):
    """What is recorded now: the doses that stand as (id, version), oldest first; the identity."""

    doses: Doses
    identity_seq: int
    identity_state: str
    merged: bool


def fault(doses: Doses, identity_seq: int, now: Record) -> str:
    """Why a certificate about these doses and this identity does not count any more; "" when it
    does. A dose that was given after them changes nothing of what it says."""
    if now.merged:
        return "merged"
    if now.identity_seq != identity_seq or now.identity_state == "mismatch":
        return "identity"
    said = [tuple(one) for one in doses]
    return "" if [tuple(one) for one in now.doses[: len(said)]] == said else "changed"


def by_hand(certificate: Any) -> bool:
    """Whether somebody ended this certificate, for a reason of their own: it was no change of the
    record and no lost key, after which another one is issued by itself."""
    said_by = certificate.revoked_by_id is not None
    return said_by and certificate.revoked_why not in BY_ITSELF
