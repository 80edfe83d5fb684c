"""Lists of doses that were given before: sent, checked row by row, and asked to be entered."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import g, request, url_for
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404, scoped
from app.imports import actions, rules
from app.imports.forms import PastForm, StepForm
from app.imports.kinds import past_template as kind
from app.imports.kinds.headings import PAST, TEMPLATE
from app.imports.models import PastFile, PastRow
from app.imports.rules import heading
from app.imports.views import pages
from app.imports.views.files import AT_ONCE, said_of
from app.imports.views.rows import AT_WORK, row_number
from app.spreadsheet import Head, Sheet, download, xlsx
from app.web import allow, go, page
from app.words import Refused, word

PER_PAGE = 50
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
    tally = file.tally()
    counts = {name: sum(tally.get(s, 0) for s in states) for name, states in GROUPS.items()}
    first = next((name for name, count in counts.items() if count), "wrong")
    shown, after = request.args.get("rows", first), row_number(request.args.get("after", ""))
    shown = shown if shown in GROUPS else first
    rows = list(PastRow.in_states(file.id, GROUPS[shown], after).limit(PER_PAGE + 1))
    last = rows[PER_PAGE - 1].seq if len(rows) > PER_PAGE else 0
    return page(
        "imports/past_show.html", status, file=file, counts=counts, shown=shown,
        rows=rows[:PER_PAGE], after=after, labels=_labels(file), total=sum(tally.values()),
        more=last and url_for("imports.past_show", past_id=file.id, rows=shown, after=last),
        left=tally.get(rules.PAST_READY if file.state == "writing" else "unread", 0),
        mine=file.by_id == g.user.id, form=form or StepForm(formdata=None),
    )  # fmt: skip


def _labels(file: PastFile) -> dict[str, str]:
    there = {key: text for key, text in file.columns if key[0] != "#"}
    return {key: heading(text) for key, text in (TEMPLATE | PAST | there).items()}


@pages.post("/past-doses/<int:past_id>/ask")
@allow("dose.amend")
def past_ask(past_id: int) -> Response:
    """Make a request of each row that is ready."""
    file, form = get_or_404(PastFile, past_id), StepForm()
    if form.validate_on_submit():
        try:
            actions.ask_past(file, g.user)
        except Refused as refused:
            form.refuse(refused)
    failed = bool(form.errors or form.summary)
    return _show(get_or_404(PastFile, past_id), 422 if failed else 200, form)


@pages.post("/past-doses/<int:past_id>/cancel")
@allow("dose.amend")
def past_cancel(past_id: int) -> Any:
    """Give it up; nothing of the file stays."""
    file, form = get_or_404(PastFile, past_id), StepForm()
    if form.validate_on_submit():
        actions.cancel_past(file.id)
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
    count = PastRow.in_states(file.id, rules.PAST_WRONG).count()
    audit.record("print", "past_file", file.id, rows=count, what="failed")
    heads = [*(text for _key, text in file.columns), *kind.FOUND]
    sheet = Sheet(kind.LIST, _lines(file, heads), [20] * (len(heads) - 1) + [60])
    return download(xlsx(sheet), "cac-dong-can-sua.xlsx")


def _lines(file: PastFile, heads: list[str]) -> Iterator[Sequence[str]]:
    yield [Head(text) for text in heads]
    after, labels = 0, _labels(file)
    while rows := list(PastRow.in_states(file.id, rules.PAST_WRONG, after).limit(AT_ONCE)):
        after = rows[-1].seq
        for row in rows:
            cells = row.cells or {}
            told = [said_of(one, word(code, **v), labels) for one, code, v in row.reasons]
            found = [cells.get(key, "") for key, _heading in file.columns]
            yield [*found, row.place, word(row.state), " ".join(told)]
