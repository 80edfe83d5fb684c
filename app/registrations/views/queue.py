"""The wishes in the order in which people are called: the province approves and allocates, the
site sees whom it was given (and calls them on the page of a session)."""

from datetime import date, datetime
from typing import Any, NamedTuple

from flask import abort, g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.i18n import _
from app.people.models import commune_label, communes
from app.registrations import actions, rules
from app.registrations.forms import DecideForm
from app.registrations.models import PhoneProof, Registration, given_to, queue
from app.registrations.views import pages
from app.stock.models import Holding
from app.units.models import Area, Unit
from app.vaccines.models import catalogue_on
from app.web import allow, page
from app.words import Refused

PER_PAGE, SITES, DECIDES = 50, 300, "registration.decide"


class Asked(NamedTuple):
    """What the address asks for."""

    state: str
    group: str
    until: date | None
    commune: str
    listed: bool
    after: int | None


@pages.route("/registrations", methods=["GET", "POST"])
@allow(DECIDES, "session.plan")
def index() -> Response:
    """The wishes of one state, with what can be done with them."""
    asked, form, done = _asked(), DecideForm(), None
    if not form.is_submitted():
        return _shown(asked, form)
    what = request.form.get("what", "")
    if what in rules.MOVES and not g.user.can(DECIDES):
        abort(403)
    form.offer([(str(unit.id), unit.name) for unit in _sites()])
    if what not in rules.MOVES:
        form.refuse(Refused(("", "not_a_choice")))
    elif form.validate_on_submit():
        try:
            chosen = form.ids.data, what, g.user, form.site_id, form.reason.data or ""
            done = int(form.once(lambda: str(len(actions.decide(*chosen)))))
            form = DecideForm(formdata=None)
        except Refused as refused:
            form.refuse(refused)
    return _shown(asked, form, done)


def _asked() -> Asked:
    first = "sent" if g.user.can(DECIDES) else "allocated"
    state = request.args.get("state", first)
    return Asked(
        state if state in rules.SHOWN else first, request.args.get("group", ""),
        _day(request.args.get("until", "")),
        request.args.get("commune", "")[:150].replace("\x00", ""),
        request.args.get("sent") == "list",
        request.args.get("after", type=int),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text[:20].strip(), "%d/%m/%Y").date()
    except ValueError:
        return None


def _rows(asked: Asked) -> tuple[list[Registration], bool]:
    mine = Registration.unit if g.user.can(DECIDES) else Registration.site
    areas = _areas(asked.commune) if asked.commune else None
    whose = mine == g.user.unit_id
    if asked.listed:
        whose &= Registration.relation == rules.ORGANISATION
    query = queue(whose, asked.state, asked.group, asked.until, areas, asked.after)
    rows = list(query.limit(PER_PAGE + 1))
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def _areas(commune: str) -> list[tuple[str, str]]:
    """The communes of this name, and those of before that lie in them: who registers may name
    either."""
    found = (one.partition(":") for one, _label in communes(commune))
    named = [(scheme, code) for scheme, _, code in found]
    return named + Area.before(named)


def _sites() -> list[Unit]:
    """Where people may be sent."""
    if not g.user.can(DECIDES):
        return []
    return list(Unit.sites(g.user.unit_path, clock.today()).order_by(Unit.name).limit(SITES))


def _filled(sites: list[Unit]) -> list[tuple[str, str]]:
    """The sites as they are offered, with what they have and who waits there."""
    ids = [unit.id for unit in sites]
    doses, given = Holding.doses_at(ids, clock.today()), given_to(ids)
    return [
        (str(unit.id), _("%(site)s (%(doses)s liều, %(people)s người chờ)", site=unit.name,
                         doses=doses.get(unit.id, 0), people=given.get(unit.id, 0)))
        for unit in sites
    ]  # fmt: skip


def _shown(asked: Asked, form: DecideForm, done: int | None = None) -> Response:
    rows, more = _rows(asked)
    moves = [one for one, (states, _after) in rules.MOVES.items()
             if asked.state in states and g.user.can(DECIDES)]  # fmt: skip
    # To count who waits everywhere takes longer than all the rest of the page.
    form.offer(_filled(_sites()) if "allocate" in moves else [])
    audit.record("view", "registration", hits=len(rows))
    labels: dict[tuple[str, str], str] = {}
    for row in rows:
        place = (row.area_scheme, row.area_code)
        labels.setdefault(place, commune_label(*place))
    values: dict[str, Any] = {
        "asked": asked, "rows": rows, "areas": labels, "done": done, "states": rules.SHOWN,
        "groups": catalogue_on(clock.today()).groups,
        "moves": moves,
        "after": rows[-1].id if more else None, "grouped": rules.grouped,
        "proven": PhoneProof.proven(row.id for row in rows),
    }  # fmt: skip
    wrong = bool(form.errors or form.summary)
    return page("registrations/index.html", 422 if wrong else 200, form=form, **values)
