"""What is asked of those who take back, change or enter something after the fact."""

from app.fields import BaseForm


class UndoForm(BaseForm):
    """A button beside what was just saved."""
