"""Lists of doses that were given before: sent, checked row by row, and asked to be entered."""

from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404, scoped
from app.imports import actions, rules
from app.imports.forms import PastForm, StepForm
from app.imports.kinds import past_template as kind
from app.imports.kinds.headings import PAST
from app.imports.models import PastFile
from app.imports.views import pages
from app.imports.views.files import failed_rows, labels_of
from app.imports.views.rows import AT_WORK, look, order
from app.spreadsheet import Head, Sheet, download, xlsx
from app.web import allow, go, page
from app.words import Refused

# What the rows are shown by, in this order.
GROUPS = {
    "wrong": rules.PAST_WRONG,
    "ready": (rules.PAST_READY,),
    "asked": (rules.PAST_ASKED,),
    "there": (rules.PAST_THERE,),
    "out": ("row_out",),
}


@pages.route("/past-doses", methods=["GET", "POST"])
@allow("dose.amend")
def past() -> Response:
    """Send a file, and say what papers it was made from; those sent before are named below."""
    form = PastForm()
    if form.validate_on_submit():
        papers = actions.Papers(form.proof.data, form.evidence.data, form.reason.data)
        try:
            return _work_on(get_or_404(PastFile, actions.take_past(form.taken(), papers, g.user)))
        except Refused as refused:
            form.refuse(refused)
    files = scoped(PastFile).order_by(PastFile.id.desc()).limit(20)
    return page(
        "imports/past.html", 422 if form.is_submitted() else 200, form=form, files=list(files)
    )


@pages.get("/past-doses/<int:past_id>")
@allow("dose.amend")
def past_show(past_id: int) -> Response:
    """The rows and what was found. `?rows=`: one of GROUPS; `?after=`: a row. Whoever ordered
    something that is not at its end yet takes it on by opening the page again."""
    file = get_or_404(PastFile, past_id)
    audit.record("view", "past_file", file.id)
    mine = file.by_id == g.user.id
    return _work_on(file) if mine and file.state in AT_WORK else _show(file)


def _work_on(file: PastFile) -> Response:
    if file.state == "checking":
        actions.check_past(file)
    elif file.state == "writing":
        actions.ask_past(file, g.user)
    return _show(get_or_404(PastFile, file.id))


def _show(file: PastFile, status: int = 200, form: Any = None) -> Response:
    seen = look(file, GROUPS, "wrong")
    return page(
        "imports/past_show.html", status, file=file, labels=_labels(file), **seen._asdict(),
        more=seen.more("imports.past_show", past_id=file.id),
        left=seen.tally.get(rules.PAST_READY if file.state == "writing" else "unread", 0),
        form=form or StepForm(formdata=None),
    )  # fmt: skip


def _labels(file: PastFile) -> dict[str, str]:
    return labels_of(file, PAST)


@pages.post("/past-doses/<int:past_id>/ask")
@allow("dose.amend")
def past_ask(past_id: int) -> Response:
    """Make a request of each row that is ready."""
    file = get_or_404(PastFile, past_id)
    status, form = order(lambda: actions.ask_past(file, g.user))
    return _show(get_or_404(PastFile, past_id), status, form)


@pages.post("/past-doses/<int:past_id>/cancel")
@allow("dose.amend")
def past_cancel(past_id: int) -> Any:
    """Give it up; nothing of the file stays."""
    file, form = get_or_404(PastFile, past_id), StepForm()
    if form.validate_on_submit():
        actions.cancel(file)
    return go("imports.past")


@pages.get("/past-doses/template.xlsx")
@allow("dose.amend")
def past_template() -> Response:
    """An empty list with the right headings, and what the vaccines are called."""
    heads = list(map(Head, kind.HEADINGS.values()))
    return download(
        xlsx(
            Sheet(kind.LIST, [heads], [24] * len(heads), kind.choices(clock.today())),
            Sheet(kind.CODES, kind.code_rows(clock.today()), [44]),
        ),
        "mui-da-tiem.xlsx",
    )


@pages.get("/past-doses/<int:past_id>/failed.xlsx")
@allow("dose.amend")
def past_failed(past_id: int) -> Response:
    """The rows of which nothing can be made yet, with the reason beside each."""
    file = get_or_404(PastFile, past_id)
    return failed_rows(file, rules.PAST_WRONG, kind.LIST, _labels(file))
