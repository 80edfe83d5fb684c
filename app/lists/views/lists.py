"""Lists of a session and of a unit: a page to look at, paper to print, files to keep."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import groupby, islice
from typing import Any

from flask import abort, g, request
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404, scoped
from app.i18n import _
from app.lists import actions, rules
from app.lists.forms import AskedForm, CodeForm
from app.lists.models import PrintRun
from app.lists.rules import Line
from app.lists.views import pages, sources
from app.lists.views.sources import Source
from app.people.models import Person
from app.sessions.models import VaccinationSession
from app.spreadsheet import Head, Sheet, csv, download, xlsx
from app.units.models import Unit
from app.web import allow, go, may, page, stream
from app.words import Refused, word

PER_PAGE, AT_ONCE, MANY_UNITS = 50, 100, 500
ABSENT_DAYS = 30


@pages.route("/lists", methods=["GET", "POST"])
@allow("list.print")
def index() -> Response:
    """Which lists there are; and the record of a row of one on paper, by the code of the row."""
    form = CodeForm()
    if form.validate_on_submit():
        person = actions.row_with(form.code.data, g.user.unit_path)
        if person and may("person.view"):
            return go("people.show", person_id=person.id)
        form.refuse(Refused(("code", "row_unknown")))
    runs = scoped(PrintRun).order_by(PrintRun.id.desc()).limit(10)
    return page(
        "lists/index.html", 422 if form.is_submitted() else 200, form=form, runs=list(runs),
        code=actions.run_code,
    )  # fmt: skip


@pages.get("/sessions/<int:session_id>/lists/<any(session,invitation):kind>")
@allow("list.print")
def of_session(session_id: int, kind: str) -> Response:
    """A list of a session, page by page."""
    return shown(sources.of_session(kind, get_or_404(VaccinationSession, session_id)))


@pages.get(
    "/sessions/<int:session_id>/lists/<any(session,invitation):kind>/<any(csv,print,xlsx):form>"
)
@allow("list.print")
def of_session_as(session_id: int, kind: str, form: str) -> Response:
    """The whole list of a session, on paper or as a file."""
    return printed(sources.of_session(kind, get_or_404(VaccinationSession, session_id)), form)


@pages.get("/lists/<any(absent,due):kind>")
@allow("list.print")
def of_unit(kind: str) -> Response:
    """A list of a unit (`?unit=`, one's own) about a day (`?on=`), page by page."""
    form = AskedForm(DAYS[kind](), units())
    if form.day is None:
        return page("lists/show.html", 422, source=None, kind=kind, form=form, rows=[])
    return shown(_of_unit(kind, form), form)


@pages.get("/lists/<any(absent,due):kind>/<any(csv,print,xlsx):form>")
@allow("list.print")
def of_unit_as(kind: str, form: str) -> Response:
    """The whole list of a unit, on paper or as a file."""
    asked = AskedForm(DAYS[kind](), units())
    if asked.day is None:
        abort(404)  # no link of ours says so
    return printed(_of_unit(kind, asked), form)


DAYS: dict[str, Callable[[], Any]] = {
    "due": clock.today,
    "absent": lambda: clock.today() - timedelta(days=ABSENT_DAYS),
}


def _of_unit(kind: str, form: AskedForm) -> Source:
    make = sources.due if kind == "due" else sources.absent
    return make(asked_unit(), form.day)  # type: ignore[arg-type]


def units() -> list[tuple[int, str]]:
    """The units whose lists one may ask for, one's own first."""
    rows = scoped(Unit).order_by(Unit.path).limit(MANY_UNITS)
    return [(unit.id, unit.name) for unit in rows]


def asked_unit() -> Unit:
    """The unit of `?unit=`, the reader's own without one; a stranger's is not there (404)."""
    return get_or_404(Unit, whole("unit") or g.user.unit_id)


def whole(name: str) -> int:
    """A number in the address, 0 without one; 404 for what no link of ours says."""
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        abort(404)
    return int(text or 0)


def shown(source: Source, form: Any = None, **more: Any) -> Response:
    """A page of a list; `?after=` is the last person of the page before."""
    after = Person.get_or_none(Person.id == whole("after")) if whole("after") else None
    found = list(islice(source.all(after, AT_ONCE), PER_PAGE + 1))
    last = found[PER_PAGE - 1][0] if len(found) > PER_PAGE else 0
    audit.record("view", "list", kind=source.kind, hits=len(found[:PER_PAGE]), **_about(source))
    columns = rules.on_screen(source.kind)
    return page(
        "lists/show.html", source=source, kind=source.kind, form=form, columns=columns, last=last,
        rows=[(key, cells(line, columns)) for key, line in found[:PER_PAGE]],
        first="after" in request.args, **more,
    )  # fmt: skip


def _about(source: Source) -> dict[str, int]:
    about = {"unit": source.unit.id}
    return about | ({"session": source.session.id} if source.session else {})


def cells(line: Line, columns: Any, row: int = 0, on_paper: bool = True) -> list[Any]:
    """What stands in the columns of a row."""
    return [rules.cell(line, column, row, on_paper) for column in columns]


def printed(source: Source, form: str) -> Response:
    """The whole list, sent while it is made. What went out is written into the audit at the end,
    also when the reader breaks off."""
    kind, counted = rules.KINDS[source.kind], Counted(source)
    done = partial(counted.record, form)
    if form == "print":
        return stream(
            "lists/print.html", done, source=source, columns=kind.columns, wide=kind.wide,
            groups=_groups(source, counted), total=counted, now=clock.now(), code=actions.run_code,
            conclusions=sources.conclusions() if source.kind == "paper" else (),
        )  # fmt: skip
    rows = _file(kind.columns, counted)
    pieces = csv(rows) if form == "csv" else xlsx(Sheet(word(f"list_{source.kind}"), rows))
    return download(_followed(pieces, done), f"{source.kind}.{form}")


def _followed(pieces: Iterator[bytes], done: Callable[[], object]) -> Iterator[bytes]:
    try:
        yield from pieces
    finally:
        done()


class Counted:
    """Everybody on a list, counted as they go out."""

    def __init__(self, source: Source) -> None:
        self.source, self.rows = source, 0

    def __iter__(self) -> Iterator[Line]:
        for person_id, line in self.source.all():
            self.rows += bool(person_id)
            yield line

    def record(self, form: str) -> None:
        """Write into the audit what went out."""
        source, run = self.source, self.source.run
        audit.record(
            "print", "list", run.id if run else None, kind=source.kind, form=form, rows=self.rows,
            **_about(source),
        )  # fmt: skip


def _groups(source: Source, counted: Counted) -> Iterator[tuple[str, Any]]:
    """(heading, rows): one for each hamlet, or one for all."""
    columns, by_place = rules.KINDS[source.kind].columns, source.kind == "invitation"
    for place, lines in groupby(counted, lambda line: line.place if by_place else None):
        heading = _("Chưa rõ thôn, tổ") if place == "" else place or ""
        yield heading, _numbered(columns, lines)


def _numbered(columns: tuple[str, ...], lines: Iterator[Line]) -> Iterator[list[Any]]:
    for row, line in enumerate(lines, 1):
        yield cells(line, columns, row)


def _file(columns: tuple[str, ...], counted: Counted) -> Iterator[list[Any]]:
    yield [Head(word(f"col_{column}")) for column in columns]
    for row, line in enumerate(counted, 1):
        yield cells(line, columns, row, on_paper=False)
