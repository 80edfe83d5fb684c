"""A file becomes rows, rows are checked and decided on, and then written to the list."""

from app.imports.actions.check import check_some, decide, leave_rest
from app.imports.actions.upload import cancel, upload
from app.imports.actions.write import write_some

__all__ = ["cancel", "check_some", "decide", "leave_rest", "upload", "write_some"]
