"""Sending the daily report, and counting the public figures."""

from datetime import date

from app import audit, clock
from app.accounts.actions import SignedIn
from app.db import db
from app.reports import models, rules
from app.reports.models import SentReport
from app.units.models import Unit
from app.words import Refused


def send(unit: Unit, day: date, shown: str, by: SignedIn) -> int:
    """The report of a unit on a day is sent; returns its version. `shown`: rules.digest of what
    the page showed, so that nobody sends what they did not see. Raises Refused: report_moved when
    the records or the sent versions are others now, report_same when nothing changed."""
    with db.atomic():
        before, report = SentReport.of(unit, day), models.present(unit, day)
        version = len(before) + 1
        if rules.digest(report, version) != shown:
            raise Refused(("", "report_moved"))
        if before and not rules.changes(before[-1].report, report):
            raise Refused(("", "report_same"))
        added = SentReport.insert(
            unit=unit.id, day=day, version=version, figures=report.plain(), sent_by=by.id,
            sent_at=clock.now(),
        ).on_conflict_ignore().as_rowcount().execute()  # fmt: skip
        if not added:
            raise Refused(("", "report_moved"))
        audit.record("create", "daily_report", unit.id, on=str(day), version=version)
        return version


def count_days(since: date = rules.EVER) -> None:
    """The public figures of the days from `since` on are counted anew, until this moment. What
    several count at once, the last one writes."""
    found = models.counted(since)
    empty = {*models.kept(since), (models.top().id, clock.today())} - found.keys()
    with db.atomic():
        models.keep(found | dict.fromkeys(empty, rules.NOTHING))
