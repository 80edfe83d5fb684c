"""Step 1: what waits at a site, day by day, what is missing, and who can mend it."""

from datetime import date

from flask import abort, g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.certificates import actions, rules
from app.certificates.forms import LatinForm, MarksForm, UntilForm, number
from app.certificates.models import FIRST, days, doses_on
from app.certificates.views import pages
from app.people.models import Person
from app.vaccines.models import catalogue_on
from app.web import allow, go, page
from app.words import Refused

DAYS, DOSES = 50, 100  # on a page


@pages.get("/certificates")
@allow("certificate.confirm", "certificate.sign")
def index() -> Response:
    """The days that are not all confirmed and signed, the oldest first. `?since=`: from a day."""
    return _index(UntilForm(formdata=None, data={"until": clock.today()}))


def _index(form: UntilForm, status: int = 200, done: actions.Confirmed | None = None) -> Response:
    since = _day(request.args.get("since", "")) or FIRST
    rows = days(g.user.unit_path, since, DAYS + 1)
    return page(
        "certificates/index.html", status, rows=rows[:DAYS], form=form, done=done,
        several=len({row.unit_id for row in rows}) > 1, since=request.args.get("since"),
        more=rows[DAYS].day if len(rows) > DAYS else None,
    )  # fmt: skip


@pages.post("/certificates/confirm")
@allow("certificate.confirm")
def confirm_until() -> Response:
    """Confirm all that is complete up to a day. It takes a while, so one press does a part of it
    and the next goes on; what is confirmed already is left alone, so no key is asked."""
    form = UntilForm()
    if not form.validate_on_submit():
        return _index(form, 422)
    done = actions.confirm_until(form.until.data, number(form.after.data), g.user)
    known = {"until": form.until.data, "after": str(done.last)}
    return _index(UntilForm(formdata=None, data=known), done=done)


@pages.route("/certificates/days/<day>", methods=["GET", "POST"])
@allow("certificate.confirm", "certificate.sign")
def day(day: str) -> Response:
    """The doses of a day: what is missing of each, and a button for all of the page that are
    complete. `?after=`: from the dose after this one on."""
    on, form, confirmed = _day(day), MarksForm(), None
    if on is None:
        abort(404)
    if form.is_submitted():
        if not g.user.can("certificate.confirm"):
            abort(403)
        if form.validate_on_submit():
            marks = [actions.Mark(*one) for one in form.shown()]
            confirmed = int(form.once(lambda: actions.confirm(marks, g.user)))
    after = number(request.args.get("after"))
    doses = doses_on(g.user.unit_path, on, after, DOSES + 1)
    lines = actions.lines(doses[:DOSES])
    audit.record("view", "confirmation", on=on.isoformat(), hits=len(lines))
    ready = [line for line in lines if line.ready]
    again = MarksForm(formdata=None, data={"marks": " ".join(_mark(line) for line in ready)})
    wrong = form.is_submitted() and (form.errors or not confirmed)
    return page(
        "certificates/day.html", 422 if wrong else 200, day=on, lines=lines, ready=len(ready),
        form=again, confirmed=confirmed, products=catalogue_on(clock.today()).products,
        last=lines[-1].dose.id if len(doses) > DOSES else 0, after=after,
    )  # fmt: skip


def _mark(line: actions.Line) -> str:
    return ".".join(map(str, line.mark))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@pages.app_template_global("mender")
def mender(code: str) -> str:
    """The word for who can mend what is missing."""
    return f"mends_{rules.mender(code)}"


@pages.app_template_global("mending")
def mending(code: str) -> tuple[str, str]:
    """(endpoint, verb) of the page where it is mended; "" where there is none."""
    return MENDING.get(code, ("", ""))


LATIN = ("certificates.latin_name", "certificate.confirm")
MENDING = {
    "miss_verified": ("people.verify", "person.verify"),
    "miss_mismatch": ("people.identity", "person.edit"),
    "miss_passport": ("people.documents", "person.edit"),
    "miss_pending": ("amendments.index", "dose.approve"),
    "cert_birth": ("people.identity", "person.edit"),
    "cert_name_split": LATIN, "cert_name_letters": LATIN, "cert_name_latin": LATIN,
    "cert_name_long": LATIN,
}  # fmt: skip


@pages.route("/people/<int:person_id>/latin-name", methods=["GET", "POST"])
@allow("certificate.confirm")
def latin_name(person_id: int) -> Response:
    """How a name is split and written without marks; the rules' proposal, to be corrected."""
    person = get_or_404(Person, person_id)
    known = actions.latin_parts(person)
    form = LatinForm(data=known._asdict())
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.write_latin(person.id, form.parts(), g.user))
            return go("certificates.person", person_id=person.id)
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() else 200
    return page("certificates/latin_name.html", status, person=person, form=form)
