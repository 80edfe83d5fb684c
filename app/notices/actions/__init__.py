"""Messages are made from the outbox, and leave."""

from app.notices.actions.callback import delivered
from app.notices.actions.events import take
from app.notices.actions.repeating import again
from app.notices.actions.sending import send
from app.notices.actions.sweeping import sweep

__all__ = ["again", "delivered", "send", "sweep", "take"]
