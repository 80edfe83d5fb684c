"""A list becomes rows, rows are checked and decided on, written, and perhaps taken back."""

from app.imports.actions.check import check_some, decide, fill_all, leave_rest
from app.imports.actions.judge import address
from app.imports.actions.past import Papers, cancel_past, take_past
from app.imports.actions.past_rows import ask_past, check_past
from app.imports.actions.try_out import told, try_out
from app.imports.actions.undo import undo_some
from app.imports.actions.upload import cancel, paste, upload
from app.imports.actions.write import write_some

__all__ = [
    "Papers", "address", "ask_past", "cancel", "cancel_past", "check_past", "check_some", "decide",
    "fill_all", "leave_rest", "paste", "take_past", "told", "try_out", "undo_some", "upload",
    "write_some",
]  # fmt: skip
