"""Lists by which organisations register their people: sent, checked row by row, made wishes, taken
back; and the codes to give out."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import g
from peewee import JOIN
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404, scoped
from app.imports import actions, rules
from app.imports.forms import AcceptForm, OrganisationForm, StepForm
from app.imports.kinds import wish_template as kind
from app.imports.kinds.headings import WISH
from app.imports.kinds.wishes import Organisation
from app.imports.models import WishFile, WishRow
from app.imports.views import pages
from app.imports.views.files import failed_rows, in_turn, labels_of
from app.imports.views.rows import AT_WORK, look, order
from app.registrations import rules as registrations
from app.registrations.models import Registration
from app.spreadsheet import Head, Sheet, csv, download, xlsx
from app.web import allow, go, page
from app.words import Refused

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
    seen = look(file, GROUPS, "ready", _with_wishes)
    waiting = {"checking": "unread", "writing": rules.WISH_READY, "undoing": rules.WISH_MADE}
    return page(
        "imports/organisation.html", status, file=file, labels=_labels(file), **seen._asdict(),
        more=seen.more("imports.organisation", file_id=file.id),
        left=seen.tally.get(waiting.get(file.state, ""), 0), grouped=registrations.grouped,
        failed=sum(seen.tally.get(one, 0) for one in rules.WISH_WRONG),
        form=form or AcceptForm(formdata=None),
    )  # fmt: skip


def _labels(file: WishFile) -> dict[str, str]:
    return labels_of(file, WISH)


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
    file = _mine(file_id)
    status, form = order(lambda: what(file))
    return _show(_mine(file_id), status, form)


@pages.post("/organisations/<int:file_id>/cancel")
@allow(*SENDS)
def organisation_cancel(file_id: int) -> Any:
    """Give it up; nothing of the file stays."""
    file, form = _mine(file_id), StepForm()
    if form.validate_on_submit():
        actions.cancel(file)
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
    return failed_rows(file, rules.WISH_WRONG, kind.LIST, _labels(file))


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
    for row in in_turn(lambda after: _with_wishes(file.id, [rules.WISH_MADE], after)):
        wish = row.registration
        code = registrations.grouped(wish.code)
        yield [row.place, wish.name, str(wish.dob_year), wish.phone, code]


def _with_wishes(file_id: int, states: Sequence[str], after: int) -> Any:
    rows = WishRow.in_states(file_id, states, after)
    return rows.select_extend(Registration).join(Registration, JOIN.LEFT_OUTER)
