"""A list becomes rows, rows are checked and decided on, written, and perhaps taken back."""

from app.imports.actions.check import check_some, decide, fill_all, leave_rest
from app.imports.actions.judge import address
from app.imports.actions.past import Papers, take_past
from app.imports.actions.past_rows import ask_past, check_past
from app.imports.actions.sent import cancel
from app.imports.actions.try_out import told, try_out
from app.imports.actions.undo import undo_some
from app.imports.actions.upload import paste, upload
from app.imports.actions.wish_rows import accept_wishes, check_wishes, undo_wishes, write_wishes
from app.imports.actions.wishes import take_wishes
from app.imports.actions.write import write_some

__all__ = [
    "Papers", "accept_wishes", "address", "ask_past", "cancel", "check_past", "check_some",
    "check_wishes", "decide", "fill_all", "leave_rest", "paste", "take_past", "take_wishes", "told",
    "try_out", "undo_some", "undo_wishes", "upload", "write_some", "write_wishes",
]  # fmt: skip
