"""Lists by which organisations register their people: sent, checked row by row, made wishes, taken
back; and the codes to give out."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import g, request, url_for
from peewee import JOIN
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404, scoped
from app.imports import actions, rules
from app.imports.forms import AcceptForm, OrganisationForm, StepForm
from app.imports.kinds import wish_template as kind
from app.imports.kinds.headings import TEMPLATE, WISH
from app.imports.kinds.wishes import Organisation
from app.imports.models import WishFile, WishRow
from app.imports.rules import heading
from app.imports.views import pages
from app.imports.views.files import AT_ONCE, said_of
from app.imports.views.rows import AT_WORK, row_number
from app.registrations import rules as registrations
from app.registrations.models import Registration
from app.spreadsheet import Head, Sheet, csv, download, xlsx
from app.web import allow, go, page
from app.words import Refused, word

PER_PAGE = 50
SENDS = ("registration.decide", "session.plan")
# What the rows are shown by, in this order.
GROUPS = {
    "ask": rules.WISH_ASK,
    "wrong": ("row_wrong", "row_double"),
    "ready": (rules.WISH_READY,),
    "made": (rules.WISH_MADE,),
    "there": (rules.WISH_THERE,),
    "undone": rules.WISH_UNDONE,
    "out": ("row_out",),
}


@pages.route("/organisations", methods=["GET", "POST"])
@allow(*SENDS)
def organisations() -> Response:
    """Send a list and say whose it is; those sent before are named below."""
    form = OrganisationForm()
    if form.validate_on_submit():
        sender = Organisation(**form.sender())
        try:
            return _work_on(_mine(actions.take_wishes(form.taken(), sender, g.user)))
        except Refused as refused:
            form.refuse(refused)
    files = scoped(WishFile).order_by(WishFile.id.desc()).limit(20)
    status = 422 if form.is_submitted() else 200
    return page("imports/organisations.html", status, form=form, files=list(files))


def _mine(file_id: int) -> WishFile:
    return get_or_404(WishFile, file_id)


@pages.get("/organisations/<int:file_id>")
@allow(*SENDS)
def organisation(file_id: int) -> Response:
    """The rows and what was found. `?rows=`: one of GROUPS; `?after=`: a row. Whoever ordered
    something that is not at its end yet takes it on by opening the page again."""
    file = _mine(file_id)
    audit.record("view", "wish_file", file.id)
    return _work_on(file) if file.by_id == g.user.id and file.state in AT_WORK else _show(file)


def _work_on(file: WishFile) -> Response:
    work: dict[str, Any] = {
        "checking": actions.check_wishes, "writing": actions.write_wishes,
        "undoing": actions.undo_wishes,
    }  # fmt: skip
    if file.state in work:
        work[file.state](file)
    return _show(_mine(file.id))


def _show(file: WishFile, status: int = 200, form: Any = None) -> Response:
    tally = file.tally()
    counts = {name: sum(tally.get(s, 0) for s in states) for name, states in GROUPS.items()}
    first = next((name for name, count in counts.items() if count), "ready")
    shown, after = request.args.get("rows", first), row_number(request.args.get("after", ""))
    shown = shown if shown in GROUPS else first
    rows = list(_with_wishes(file.id, GROUPS[shown], after).limit(PER_PAGE + 1))
    last = rows[PER_PAGE - 1].seq if len(rows) > PER_PAGE else 0
    waiting = {"checking": "unread", "writing": rules.WISH_READY, "undoing": rules.WISH_MADE}
    return page(
        "imports/organisation.html", status, file=file, counts=counts, shown=shown,
        rows=rows[:PER_PAGE], after=after, labels=_labels(file), total=sum(tally.values()),
        more=last and url_for("imports.organisation", file_id=file.id, rows=shown, after=last),
        left=tally.get(waiting.get(file.state, ""), 0), mine=file.by_id == g.user.id,
        grouped=registrations.grouped, failed=sum(tally.get(one, 0) for one in rules.WISH_WRONG),
        form=form or AcceptForm(formdata=None),
    )  # fmt: skip


def _labels(file: WishFile) -> dict[str, str]:
    there = {key: text for key, text in file.columns if key[0] != "#"}
    return {key: heading(text) for key, text in (TEMPLATE | WISH | there).items()}


@pages.post("/organisations/<int:file_id>/accept")
@allow(*SENDS)
def organisation_accept(file_id: int) -> Response:
    """Take what is proposed for the rows that are ticked."""
    file, form = _mine(file_id), AcceptForm()
    if not form.validate_on_submit():
        return _show(file, 422, form)
    actions.accept_wishes(file, form.rows.data)
    return _work_on(_mine(file_id))


@pages.post("/organisations/<int:file_id>/write")
@allow(*SENDS)
def organisation_write(file_id: int) -> Response:
    """Make a wish of each row that is ready."""
    return _order(file_id, actions.write_wishes)


@pages.post("/organisations/<int:file_id>/undo")
@allow(*SENDS)
def organisation_undo(file_id: int) -> Response:
    """Withdraw what nobody decided upon yet."""
    return _order(file_id, actions.undo_wishes)


def _order(file_id: int, what: Any) -> Response:
    file, form = _mine(file_id), StepForm()
    if form.validate_on_submit():
        try:
            what(file)
        except Refused as refused:
            form.refuse(refused)
    failed = bool(form.errors or form.summary)
    return _show(_mine(file_id), 422 if failed else 200, form)


@pages.post("/organisations/<int:file_id>/cancel")
@allow(*SENDS)
def organisation_cancel(file_id: int) -> Any:
    """Give it up; nothing of the file stays."""
    file, form = _mine(file_id), StepForm()
    if form.validate_on_submit():
        actions.cancel_wishes(file.id)
    return go("imports.organisations")


@pages.get("/organisations/template.xlsx")
@allow(*SENDS)
def organisation_template() -> Response:
    """An empty list with the right headings."""
    heads = list(map(Head, kind.HEADINGS.values()))
    sheet = Sheet(kind.LIST, [heads], [24] * len(heads), kind.choices())
    return download(xlsx(sheet), "dang-ky-theo-to-chuc.xlsx")


@pages.get("/organisations/<int:file_id>/failed.xlsx")
@allow(*SENDS)
def organisation_failed(file_id: int) -> Response:
    """The rows of which nothing can be made yet, with the reason beside each."""
    file = _mine(file_id)
    count = WishRow.in_states(file.id, rules.WISH_WRONG).count()
    audit.record("print", "wish_file", file.id, rows=count, what="failed")
    heads = [*(text for _key, text in file.columns), *kind.FOUND]
    sheet = Sheet(kind.LIST, _failed(file, heads), [20] * (len(heads) - 1) + [60])
    return download(xlsx(sheet), "cac-dong-can-sua.xlsx")


def _failed(file: WishFile, heads: list[str]) -> Iterator[Sequence[str]]:
    yield [Head(text) for text in heads]
    after, labels = 0, _labels(file)
    while rows := list(WishRow.in_states(file.id, rules.WISH_WRONG, after).limit(AT_ONCE)):
        after = rows[-1].seq
        for row in rows:
            cells = row.cells or {}
            told = [said_of(one, word(code, **v), labels) for one, code, v in row.reasons]
            found = [cells.get(key, "") for key, _heading in file.columns]
            yield [*found, row.place, word(row.state), " ".join(told)]


@pages.get("/organisations/<int:file_id>/codes.csv")
@allow(*SENDS)
def organisation_codes(file_id: int) -> Response:
    """The codes for the organisation to give out, each with what is typed beside it to see how far
    the wish is."""
    file = _mine(file_id)
    count = WishRow.in_states(file.id, [rules.WISH_MADE]).count()
    audit.record("export", "wish_file", file.id, rows=count, what="codes")
    return download(csv(_codes(file)), "ma-dat-tiem.csv")


def _codes(file: WishFile) -> Iterator[Sequence[str]]:
    yield kind.CODES
    after = 0
    while rows := list(_with_wishes(file.id, [rules.WISH_MADE], after).limit(AT_ONCE)):
        after = rows[-1].seq
        for row in rows:
            wish = row.registration
            code = registrations.grouped(wish.code)
            yield [row.place, wish.name, str(wish.dob_year), wish.phone, code]


def _with_wishes(file_id: int, states: Sequence[str], after: int) -> Any:
    rows = WishRow.in_states(file_id, states, after)
    return rows.select_extend(Registration).join(Registration, JOIN.LEFT_OUTER)
