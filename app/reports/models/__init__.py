"""The counts of a day, the daily report and its sent versions, and the access log."""

from app.reports.models.count import around, counts, doses_of, entries, records, visits_behind
from app.reports.models.figures import DayCount, Figures, counted, figures, keep, kept, top
from app.reports.models.report import (
    SentReport,
    Site,
    cases_of,
    present,
    provinces,
    sites,
)

__all__ = [
    "DayCount", "Figures", "SentReport", "Site", "around", "cases_of", "counted", "counts",
    "doses_of", "entries", "figures", "keep", "kept", "present", "provinces", "records", "sites",
    "top", "visits_behind",
]  # fmt: skip
