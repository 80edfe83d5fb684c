"""What must happen later is written here, in the same transaction as the change itself."""

import json
from collections.abc import Iterable
from typing import Any

from peewee import BigAutoField, DateTimeField, IntegerField, JSONField, TextField

from app import clock
from app.db import BaseModel, add_many


class OutboxEvent(BaseModel):
    """An event that happened; payload holds row ids only, never personal data."""

    id = BigAutoField()
    event = TextField()
    payload = JSONField()
    created_at = DateTimeField()
    attempts = IntegerField(default=0)
    last_error = TextField(null=True)
    done_at = DateTimeField(null=True)

    class Meta:
        table_name = "outbox"


OutboxEvent.add_index(
    OutboxEvent.index(OutboxEvent.id, where=OutboxEvent.done_at.is_null(), name="outbox_waiting")
)


def emit(event: str, **payload: Any) -> None:
    """Note that `event` happened. Call it inside the action's transaction."""
    OutboxEvent.insert(event=event, payload=payload, created_at=clock.now()).execute()


def emit_many(event: str, payloads: Iterable[dict[str, Any]]) -> None:
    """The same for many rows at once."""
    now = clock.now()
    add_many(
        OutboxEvent,
        [{"event": event, "payload": json.dumps(one), "created_at": now} for one in payloads],
    )
