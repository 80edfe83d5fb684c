"""Lists that go out on paper and come back: set down first, so that a code leads to each row."""

from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app.accounts.scope import get_or_404, scoped
from app.fields import BaseForm
from app.lists import actions
from app.lists.models import PrintRun
from app.lists.views import pages, sources
from app.lists.views.lists import asked_unit, printed, shown, units
from app.web import allow, go


@pages.route("/lists/police", methods=["GET", "POST"])
@allow("list.print")
def police() -> Any:
    """Whom the police would be asked about in the care of a unit (`?unit=`), and the button that
    sets the list down."""
    unit, form = asked_unit(), BaseForm()
    if form.validate_on_submit():
        run_id = form.once(lambda: actions.for_police(unit, g.user))
        return go("lists.run_as", run_id=run_id, form="print")
    earlier = scoped(PrintRun).where(PrintRun.kind == "police", PrintRun.unit == unit.id)
    return shown(
        sources.police(unit), form, units=units(), code=actions.run_code,
        runs=list(earlier.order_by(PrintRun.id.desc()).limit(10)),
    )  # fmt: skip


@pages.get("/lists/runs/<int:run_id>/<any(csv,print,xlsx):form>")
@allow("list.print")
def run_as(run_id: int, form: str) -> Response:
    """A list as it went out, on paper or as a file."""
    return printed(sources.handed_out(get_or_404(PrintRun, run_id)), form)
