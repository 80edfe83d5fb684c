"""The counts of a day, the daily report and its sent versions, and the access log."""

from app.reports.models.count import around, counts, doses_of, entries, records, visits_behind
from app.reports.models.report import (
    SentReport,
    Site,
    cases_of,
    present,
    provinces,
    sites,
)

__all__ = [
    "SentReport", "Site", "around", "cases_of", "counts", "doses_of", "entries", "present",
    "provinces", "records", "sites", "visits_behind",
]  # fmt: skip
