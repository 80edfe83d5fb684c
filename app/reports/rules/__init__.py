"""What is counted, whether it adds up, and what the daily report is made of; pure."""

from app.reports.rules.count import (
    COUNTS,
    OUTCOMES,
    VOIDED,
    Asked,
    Counts,
    Records,
    Traced,
    counts,
    total,
)
from app.reports.rules.figures import EVER, NOTHING, Sums, added, share
from app.reports.rules.report import (
    DUE,
    Case,
    Change,
    Column,
    Line,
    Numbers,
    Report,
    adds_up,
    by_product,
    changes,
    digest,
    head_rows,
    lateness,
    lines,
    shown_columns,
    state,
    total_of,
    value,
)

__all__ = [
    "COUNTS", "DUE", "EVER", "NOTHING", "OUTCOMES", "VOIDED", "Asked", "Case", "Change", "Column",
    "Counts", "Line", "Numbers", "Records", "Report", "Sums", "Traced", "added", "adds_up",
    "by_product", "changes", "counts", "digest", "head_rows", "lateness", "lines", "shown_columns",
    "share", "state", "total", "total_of", "value",
]  # fmt: skip
