"""Files to take along: the template, and the rows of a list with what was found beside each."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.i18n import _
from app.imports import rules
from app.imports.kinds import template as kind
from app.imports.kinds.headings import FOUND, TEMPLATE
from app.imports.models import Upload, UploadRow
from app.imports.rules import heading
from app.imports.views import pages
from app.spreadsheet import Head, Sheet, download, xlsx
from app.units.models import Unit
from app.web import allow
from app.words import word

FAILED = (*rules.ASK, *rules.OUT)
ALL = ("unread", *rules.ASK, *rules.READY, *rules.OUT, *rules.ENDED, *rules.UNDONE)
AT_ONCE = 500  # rows
MEND = "cac-dong-can-sua.xlsx"
Labels = dict[str, str]


@pages.get("/imports/template.xlsx")
@allow("session.plan")
def template() -> Response:
    """An empty list with the right headings, whose cells keep their zeros, with choices."""
    found = kind.codes(Unit.get_by_id(g.user.unit_id), clock.today())
    heads, chosen = list(map(Head, TEMPLATE.values())), list(map(Head, kind.CHOSEN.values()))
    sheets = (
        Sheet(kind.LIST, [heads], [24] * len(heads), kind.choices(found)),
        Sheet(kind.CODES, [chosen, *kind.code_rows(found)], [40] * len(chosen)),
        Sheet(kind.NOTES, kind.notes(), [34, 14, 24]),
    )
    return download(xlsx(*sheets), "danh-sach.xlsx")


@pages.get("/imports/<int:upload_id>/failed.xlsx")
@allow("session.plan")
def failed(upload_id: int) -> Response:
    """The rows that cannot be written yet, with the reason beside each, to be mended and sent."""
    return _rows(upload_id, FAILED, MEND)


@pages.get("/imports/<int:upload_id>/all.xlsx")
@allow("session.plan")
def whole(upload_id: int) -> Response:
    """All rows with what was found."""
    return _rows(upload_id, ALL, "ket-qua-kiem-tra.xlsx")


def _rows(upload_id: int, states: Sequence[str], name: str) -> Response:
    upload = get_or_404(Upload, upload_id)
    found, labels = (_("Dòng"), _("Kết quả"), _("Lý do")), TEMPLATE | upload.headings
    sheet = _sheet(upload, states, _("Danh sách"), found, lambda row: reasons(row, labels))
    return _print(upload, states, name.removesuffix(".xlsx"), sheet, name)


def failed_rows(file: Any, states: Sequence[str], title: str, labels: Labels) -> Response:
    """The rows of a list of which nothing can be made yet, with the reason beside each, to be
    mended and sent. In Vietnamese, as the headings are; title: of the sheet."""
    sheet = _sheet(file, states, title, FOUND, lambda row: " ".join(_told(row, labels)))
    return _print(file, states, "failed", sheet, MEND)


def _print(file: Any, states: Sequence[str], what: str, sheet: Sheet, name: str) -> Response:
    count = file.rows.model.in_states(file.id, states).count()
    audit.record("print", file.NOUN, file.id, rows=count, what=what)
    return download(xlsx(sheet), name)


def _sheet(
    file: Any, states: Sequence[str], title: str, found: Sequence[str], tell: Callable[[Any], str]
) -> Sheet:
    heads = [*(text for _key, text in file.columns), *found]
    return Sheet(title, _lines(file, states, heads, tell), [20] * (len(heads) - 1) + [60])


def _lines(
    file: Any, states: Sequence[str], heads: list[str], tell: Callable[[Any], str]
) -> Iterator[Sequence[str]]:
    yield [Head(text) for text in heads]
    for row in in_turn(lambda after: file.rows.model.in_states(file.id, states, after)):
        cells = row.cells or {}
        found = [cells.get(key, "") for key, _heading in file.columns]
        yield [*found, row.place, word(row.state), tell(row)]


def in_turn(rows_after: Callable[[int], Any]) -> Iterator[Any]:
    """All rows of a list, some at a time. rows_after: the place of a row → those that follow."""
    after = 0
    while rows := list(rows_after(after).limit(AT_ONCE)):
        after = rows[-1].seq
        yield from rows


def labels_of(file: Any, known: Labels) -> Labels:
    """Field → what its column is called, in the list or else in the template."""
    return {key: heading(text) for key, text in (TEMPLATE | known).items()} | file.headings


def _told(row: Any, labels: Labels) -> list[str]:
    return [said_of(field, word(code, **values), labels) for field, code, values in row.reasons]


def reasons(row: UploadRow, labels: Labels) -> str:
    """Everything that is to be said about a row, with the columns."""
    told = _told(row, labels)
    for field, text in (row.fixes or {}).items():
        meant = text or _("bỏ trống")
        told.append(said_of(field, _("Có thể là: %(meant)s.", meant=meant), labels))
    told += [f"{word(sign)}." for sign in dict.fromkeys(sign for _person, sign in row.alikes)]
    if row.twin:
        told.append(word("row_twin", row=row.twin))
    return " ".join(told)


def said_of(field: str, text: str, labels: Labels) -> str:
    """A reason with its column."""
    label = labels.get(field)
    return _("Cột %(column)s", column=label) + f": {text}" if label else text
