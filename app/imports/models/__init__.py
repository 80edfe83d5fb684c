"""Lists that were sent, row by row, until they are written or cancelled."""

from app.imports.models.past import PastFile, PastRow
from app.imports.models.sent import SentFile, SentRow
from app.imports.models.uploads import Upload, UploadRow
from app.imports.models.wishes import WishFile, WishRow

__all__ = [
    "PastFile", "PastRow", "SentFile", "SentRow", "Upload", "UploadRow", "WishFile", "WishRow",
]  # fmt: skip
