"""How often a stranger may try in vain. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import NamedTuple

EPOCH = datetime(2000, 1, 1)


class Limit(NamedTuple):
    """At most `most` tries in vain within `window` for one value of `of`."""

    of: str
    most: int
    window: timedelta


# A PIN has a million values. Behind one address there may be a whole industrial zone, so it comes
# last and is wide; only tries in vain are counted.
LOOK_UP = (
    Limit("number", 5, timedelta(minutes=15)),
    Limit("number", 20, timedelta(days=1)),
    Limit("neighbours", 100, timedelta(hours=1)),
    Limit("address", 6000, timedelta(hours=1)),
)
# By SMS. The first three are counted together with those of the pages; a telephone is in the place
# of an address, and has few owners.
LOOK_UP_SMS = (
    *LOOK_UP[:3],
    Limit("address", 10, timedelta(hours=1)),
    Limit("address", 30, timedelta(days=1)),
)
# Each answer costs a message: so many look-ups of one telephone are answered, found or not.
SMS_COST = (Limit("sms_phone", 40, timedelta(days=1)),)
# Every answer costs one, "wait" too, and a telephone that answers by itself would never end: beyond
# this nothing is said.
SMS_ANSWERS = (Limit("sms_answers", 100, timedelta(days=1)),)
# One telephone registers a family, and a head of hamlet everybody who has none.
REGISTER = (
    Limit("register_phone", 60, timedelta(days=1)),
    Limit("register_address", 6000, timedelta(hours=1)),
)
OPEN_WISH = (
    Limit("wish", 5, timedelta(minutes=15)),
    Limit("neighbours", 100, timedelta(hours=1)),
    Limit("address", 6000, timedelta(hours=1)),
)
# By SMS, as LOOK_UP_SMS.
OPEN_WISH_SMS = (*OPEN_WISH[:2], *LOOK_UP_SMS[3:])
# Each code costs a message, so all are counted, not only those in vain.
ASK_CODE = (
    Limit("code_phone", 3, timedelta(hours=1)),
    Limit("code_phone", 6, timedelta(days=1)),
    Limit("code_neighbours", 100, timedelta(hours=1)),
    Limit("ask_address", 600, timedelta(hours=1)),
)
PROVE_PHONE = (
    Limit("code_wish", 5, timedelta(minutes=15)),
    Limit("code_wish", 20, timedelta(days=1)),
)
VERIFY = (Limit("code_address", 6000, timedelta(hours=1)),)
# Several checkpoints with a camera each may share an address, and each sends a picture a second
# until one can be read.
PICTURES = (Limit("picture_address", 20_000, timedelta(hours=1)),)

# Tickets of citizens: those filed from one telephone, and codes tried in vain.
TICKETS = (
    Limit("ticket_phone", 10, timedelta(days=1)),
    Limit("ticket_address", 600, timedelta(hours=1)),
)
TICKETS_SMS = TICKETS[:1]
# Photos for one ticket, those that cannot be read too.
EVIDENCE = (Limit("evidence_ticket", 20, timedelta(days=1)), *PICTURES)
# What people tell of reactions; by SMS a serious word is always heard.
REACTIONS = (
    Limit("reaction_phone", 20, timedelta(days=1)),
    Limit("reaction_address", 600, timedelta(hours=1)),
)
REACTIONS_SMS = REACTIONS[:1]
FOLLOW = (
    Limit("ticket", 5, timedelta(minutes=15)),
    Limit("ticket", 20, timedelta(days=1)),
    Limit("follow_phone", 20, timedelta(hours=1)),
    Limit("follow_address", 6000, timedelta(hours=1)),
)


def window_end(now: datetime, window: timedelta) -> datetime:
    """The end of the window that `now` lies in."""
    return EPOCH + window * ((now - EPOCH) // window + 1)


def network(address: str) -> str:
    """Who shares a connection: an IPv4 address, or the /64 of an IPv6 one; "" when unknown."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    bits = 32 if found.version == 4 else 64
    return str(ip_network(f"{found.compressed.partition('%')[0]}/{bits}", strict=False))


def exceeded(limits: Iterable[Limit], tries: Iterable[int]) -> list[Limit]:
    """The limits that these numbers of tries go beyond."""
    return [limit for limit, count in zip(limits, tries, strict=True) if count > limit.most]


def minutes(now: datetime, until: datetime) -> int:
    """Whole minutes to wait, at least one."""
    return max(1, -(-(until - now) // timedelta(minutes=1)))
