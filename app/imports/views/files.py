"""Files to take along: the template, and the rows of a list with what was found beside each."""

from collections.abc import Iterator, Sequence

from flask import g
from werkzeug.wrappers import Response

from app import audit, clock
from app.accounts.scope import get_or_404
from app.i18n import _
from app.imports import rules
from app.imports.kinds import template as kind
from app.imports.kinds.headings import TEMPLATE
from app.imports.models import Upload, UploadRow
from app.imports.views import pages
from app.spreadsheet import Head, Sheet, download, xlsx
from app.units.models import Unit
from app.web import allow
from app.words import word

FAILED = (*rules.ASK, *rules.OUT)
ALL = ("unread", *rules.ASK, *rules.READY, *rules.OUT, *rules.ENDED, *rules.UNDONE)
AT_ONCE = 500  # rows


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
    return _rows(upload_id, FAILED, "cac-dong-can-sua.xlsx")


@pages.get("/imports/<int:upload_id>/all.xlsx")
@allow("session.plan")
def whole(upload_id: int) -> Response:
    """All rows with what was found."""
    return _rows(upload_id, ALL, "ket-qua-kiem-tra.xlsx")


def _rows(upload_id: int, states: Sequence[str], name: str) -> Response:
    upload = get_or_404(Upload, upload_id)
    count = UploadRow.in_states(upload.id, list(states)).count()
    audit.record("print", "upload", upload.id, rows=count, what=name.removesuffix(".xlsx"))
    heads = [heading for _key, heading in upload.columns]
    heads = [*heads, _("Dòng"), _("Kết quả"), _("Lý do")]
    sheet = Sheet(_("Danh sách"), _lines(upload, states, heads), [20] * (len(heads) - 1) + [60])
    return download(xlsx(sheet), name)


def _lines(upload: Upload, states: Sequence[str], heads: list[str]) -> Iterator[Sequence[str]]:
    yield [Head(text) for text in heads]
    after, labels = 0, TEMPLATE | upload.headings
    while rows := list(UploadRow.in_states(upload.id, list(states), after).limit(AT_ONCE)):
        after = rows[-1].seq
        for row in rows:
            cells = row.cells or {}
            found = [cells.get(key, "") for key, _heading in upload.columns]
            yield [*found, row.place, word(row.state), reasons(row, labels)]


def reasons(row: UploadRow, labels: dict[str, str]) -> str:
    """Everything that is to be said about a row, with the columns."""
    told = [said_of(field, word(code, **values), labels) for field, code, values in row.reasons]
    for field, text in (row.fixes or {}).items():
        meant = text or _("bỏ trống")
        told.append(said_of(field, _("Có thể là: %(meant)s.", meant=meant), labels))
    told += [f"{word(sign)}." for sign in dict.fromkeys(sign for _person, sign in row.alikes)]
    if row.twin:
        told.append(word("row_twin", row=row.twin))
    return " ".join(told)


def said_of(field: str, text: str, labels: dict[str, str]) -> str:
    """A reason with its column."""
    label = labels.get(field)
    return _("Cột %(column)s", column=label) + f": {text}" if label else text
