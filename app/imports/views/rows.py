"""The rows of a list: what was found, what the clerk decides, and how it is written."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import g, request, url_for
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404
from app.imports import actions, rules
from app.imports.forms import DecideForm, StepForm
from app.imports.kinds.headings import TEMPLATE
from app.imports.models import Upload, UploadRow
from app.imports.views import pages
from app.people.models import Care, Person
from app.web import allow, go, page
from app.words import Refused

PER_PAGE = 50
# What the rows are shown by, in this order: what waits for the clerk comes first.
GROUPS = {
    "ask": rules.ASK,
    "wrong": ("row_wrong",),
    "differs": ("row_differs", "row_fill"),
    "out": ("row_double", "row_left", "row_out"),
    "undone": rules.UNDONE,
    "new": ("row_new", "row_registered"),
    "known": ("row_known", "row_added", "row_listed"),
}
AT_WORK = ("checking", "writing", "undoing")


@pages.get("/imports/<int:upload_id>")
@allow("session.plan")
def show(upload_id: int) -> Response:
    """The rows and what was found. `?rows=`: one of GROUPS; `?after=`: a row. Whoever ordered
    something that is not at its end yet takes it on by opening the page again."""
    upload = get_or_404(Upload, upload_id)
    audit.record("view", "upload", upload.id)
    if upload.state in AT_WORK and upload.by_id == g.user.id:
        return work_on(upload)
    return show_page(upload)


def work_on(upload: Upload) -> Response:
    """Do some of what was ordered, then show how far it is."""
    form = DecideForm(formdata=None)
    try:
        _work(upload)
    except Refused as refused:
        form.refuse(refused)
    return show_page(get_or_404(Upload, upload.id), 422 if form.summary else 200, form)


def _work(upload: Upload) -> None:
    if upload.state == "checking":
        actions.check_some(upload, g.user)
    elif upload.state == "writing":
        actions.write_some(upload, g.user)
    elif upload.state == "undoing":
        actions.undo_some(upload, g.user)


def show_page(upload: Upload, status: int = 200, form: Any = None) -> Response:
    """The page of an upload, with the group of rows that needs the clerk most."""
    seen = look(upload, GROUPS, "ask")
    tally = seen.tally
    return page(
        "imports/show.html", status, upload=upload, session=upload.session, **seen._asdict(),
        more=seen.more("imports.show", upload_id=upload.id), people=_people(seen.rows),
        labels=TEMPLATE | upload.headings, left=_left(upload.state, tally),
        undecided=seen.counts["ask"],
        ready=sum(tally.get(state, 0) for state in rules.READY),
        written=sum(tally.get(state, 0) for state in rules.WRITTEN),
        failed=sum(tally.get(state, 0) for state in (*rules.ASK, *rules.OUT)),
        address=actions.address, form=form or DecideForm(formdata=None),
        step_form=StepForm(formdata=None),
    )  # fmt: skip


class Seen(NamedTuple):
    """What the page of a list shows of its rows: tally: state → how many, total: in all; counts:
    group → how many; shown: the group whose rows are shown, from `after` on; last: the last one of
    them where others follow; mine: whether it is who looks that sent the list."""

    tally: dict[str, int]
    total: int
    counts: dict[str, int]
    shown: str
    rows: list[Any]
    after: int
    last: int
    mine: bool

    def more(self, endpoint: str, **where: Any) -> str:
        """The address of the rows that follow, "" where none do."""
        return url_for(endpoint, rows=self.shown, after=self.last, **where) if self.last else ""


def look(
    file: Any, groups: Mapping[str, Sequence[str]], otherwise: str, rows_of: Any = None
) -> Seen:
    """The rows that `?rows=` and `?after=` name, else those of the first group with any; otherwise:
    the group where there are none. rows_of: in place of SentRow.in_states."""
    tally = file.tally()
    counts = {name: sum(tally.get(s, 0) for s in states) for name, states in groups.items()}
    first = next((name for name, count in counts.items() if count), otherwise)
    shown, after = request.args.get("rows", first), _row_number(request.args.get("after", ""))
    shown = shown if shown in groups else first
    rows_of = rows_of or file.rows.model.in_states
    rows = list(rows_of(file.id, groups[shown], after).limit(PER_PAGE + 1))
    last = rows[PER_PAGE - 1].seq if len(rows) > PER_PAGE else 0
    total, mine = sum(tally.values()), file.by_id == g.user.id
    return Seen(tally, total, counts, shown, rows[:PER_PAGE], after, last, mine)


def order(what: Callable[[], object]) -> tuple[int, Any]:
    """Do what a button orders; the status of the answer, and the form with what was refused."""
    form = StepForm()
    if form.validate_on_submit():
        try:
            what()
        except Refused as refused:
            form.refuse(refused)
    return (422 if form.errors or form.summary else 200), form


def _left(state: str, tally: dict[str, int]) -> int:
    """How many rows wait for what is going on."""
    waiting = {"writing": rules.READY, "undoing": rules.WRITTEN}.get(state, ("unread",))
    return sum(tally.get(one, 0) for one in waiting)


def _row_number(text: str) -> int:
    """The place of a row as an address names it, 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _people(rows: list[UploadRow]) -> dict[int, Any]:
    """Whom these rows may mean, as far as it must be seen: person, whether in one's care, and who
    had them last."""
    ids = {person_id for row in rows for person_id, _sign in row.alikes}
    ids |= {row.person_id for row in rows if row.person_id and row.cells}
    if not ids:
        return {}
    carers = Care.last_of(ids, g.user.unit_path)
    found = Person.select().where(Person.id.in_(ids))
    return {person.id: (person, *carers[person.id]) for person in found}


def check_page(upload: Upload) -> Response:
    """Check for a while, then show what was found."""
    actions.check_some(upload, g.user)
    return show_page(get_or_404(Upload, upload.id))


def step(upload_id: int, work: Callable[[Upload, Any], object], form: Any = None) -> Response:
    """Do something with an upload and show it again."""
    upload, form = get_or_404(Upload, upload_id), form or StepForm()
    if not form.validate_on_submit():
        return show_page(upload, 422, form)
    try:
        work(upload, form)
    except Refused as refused:
        form.refuse(refused)
        return show_page(get_or_404(Upload, upload_id), 422, form)
    upload = get_or_404(Upload, upload_id)
    return check_page(upload) if upload.state == "checking" else show_page(upload)


@pages.post("/imports/<int:upload_id>/check")
@allow("session.plan")
def check(upload_id: int) -> Response:
    """Go on with checking."""
    return step(upload_id, lambda upload, _form: None)


@pages.post("/imports/<int:upload_id>/decide")
@allow("session.plan")
def decide(upload_id: int) -> Response:
    """Keep what was decided about the rows of a page, or about all of a kind at once."""
    if "leave_rest" in request.form:
        return step(upload_id, lambda upload, _form: actions.leave_rest(upload), DecideForm())
    if "fill_all" in request.form:
        return step(upload_id, lambda upload, _form: actions.fill_all(upload), DecideForm())
    return step(
        upload_id,
        lambda upload, form: actions.decide(upload, form.decisions, form.why.data or ""),
        DecideForm(),
    )


@pages.post("/imports/<int:upload_id>/write")
@allow("session.plan")
def write(upload_id: int) -> Response:
    """Register the new people and put everybody on the list."""
    return step(upload_id, lambda upload, _form: actions.write_some(upload, g.user))


@pages.post("/imports/<int:upload_id>/undo")
@allow("session.plan")
def undo(upload_id: int) -> Response:
    """Take back what was written, while nobody was received."""
    return step(upload_id, lambda upload, _form: actions.undo_some(upload, g.user))


@pages.post("/imports/<int:upload_id>/cancel")
@allow("session.plan")
def cancel(upload_id: int) -> Any:
    """Give it up; nothing of the file stays."""
    upload, form = get_or_404(Upload, upload_id), StepForm()
    if form.validate_on_submit():
        actions.cancel(upload)
    return go("imports.upload", session_id=upload.session_id)
