"""Messages are made from the outbox, and leave."""

from app.notices.actions.callback import delivered
from app.notices.actions.events import take
from app.notices.actions.sending import send

__all__ = ["delivered", "send", "take"]
