"""What the gateway tells of a message that left."""

from peewee import fn

from app import clock
from app.notices.models import Notice


def delivered(reference: str, arrived: bool) -> bool:
    """Note that a message arrived, or did not; false when we know no such message. A callback may
    come before the worker has noted that the message left, twice, or in the wrong order: what
    arrived stays so."""
    now = clock.now()
    values = {"state": "delivered", "delivered_at": now} if arrived else {
        "state": "failed", "last_error": "undelivered",
    }  # fmt: skip
    known = Notice.select().where(Notice.reference == reference).exists()
    Notice.update(values | {"sent_at": fn.COALESCE(Notice.sent_at, now)}).where(
        Notice.reference == reference, Notice.state.in_(("waiting", "sent", "failed"))
    ).execute()
    return known
