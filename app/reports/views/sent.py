"""Which units have sent the report of a day, and whose records changed since."""

from collections import Counter

from werkzeug.wrappers import Response

from app import clock
from app.reports import models, rules
from app.reports.forms import DayForm
from app.reports.models import Site
from app.reports.views import pages
from app.reports.views.counts import asked_unit, by_name
from app.reports.views.daily import late_text
from app.web import allow, page

# What needs somebody stands first.
STATES = ("report_overdue", "report_missing", "report_changed", "report_late", "report_sent")


@pages.get("/reports/sent")
@allow("report.view")
def sent() -> Response:
    """The sites below a unit that vaccinate on a day; for the nation its provinces."""
    form, unit = DayForm(), asked_unit()
    if not form.day:
        return page("reports/sent.html", 422, form=form, unit=unit, day=None)
    ask, due = models.sites if unit.parent_id else models.provinces, form.due
    found = {site.unit.id: site for site in ask(unit, form.day)}
    states = {key: state(site, form) for key, site in found.items()}
    ordered = [found[one.id] for one in by_name([site.unit for site in found.values()])]
    ordered.sort(key=lambda site: STATES.index(states[site.unit.id]))
    tally = Counter(states.values())
    return page(
        "reports/sent.html", form=form, unit=unit, day=form.day, rows=ordered, states=states,
        tally=[(name, tally[name]) for name in STATES if tally[name]], due=due, late=late_text,
        nation=not unit.parent_id,
    )  # fmt: skip


def state(site: Site, form: DayForm) -> str:
    """How the report of a unit stands."""
    first = site.first.sent_at if site.first else None
    return rules.state(first, site.changed, form.due, clock.now())
