"""What was sent long ago is deleted, a little at a time."""

from app import clock
from app.db import db, is_postgres
from app.notices import rules
from app.notices.models import Notice
from app.outbox import OutboxEvent

AT_ONCE = 500


def sweep() -> int:
    """Delete so many of the oldest messages and events that are done with; how many they were.
    Events first become old, so that no message is ever made of one again."""
    with db.atomic():
        return _events() + _notices()


def _events() -> int:
    """The oldest rows are the first ones, and are all done but for those of just now."""
    before = clock.now() - rules.KEEP_EVENTS
    query = OutboxEvent.select(OutboxEvent.id, OutboxEvent.done_at)
    query = query.order_by(OutboxEvent.id).limit(AT_ONCE)
    rows = query.for_update(skip_locked=True) if is_postgres() else query
    old = [row.id for row in rows if row.done_at and row.done_at < before]
    return OutboxEvent.delete().where(OutboxEvent.id.in_(old)).execute() if old else 0


def _notices() -> int:
    old = Notice.created_at < clock.now() - rules.KEEP_MESSAGES
    query = Notice.select(Notice.id).where(old, Notice.state != "waiting")
    query = query.order_by(Notice.created_at).limit(AT_ONCE)
    rows = [row.id for row in (query.for_update(skip_locked=True) if is_postgres() else query)]
    return Notice.delete().where(Notice.id.in_(rows)).execute() if rows else 0
