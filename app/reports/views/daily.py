"""The daily report of a unit: seen, sent, printed and taken along as a file."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import Response as FileResponse
from flask import abort, g, request
from werkzeug.wrappers import Response

from app import audit, clock, spreadsheet
from app.i18n import _, in_vietnamese, show_date, show_moment
from app.people.models import Person
from app.people.rules import sort_key
from app.reports import actions, models, rules
from app.reports.forms import DayForm, SendForm
from app.reports.models import SentReport
from app.reports.views import pages
from app.reports.views.counts import asked_day, asked_unit, number
from app.units.models import Unit
from app.web import allow, may, page
from app.words import Refused, word

MOST_CHANGES = 20
Row = list[str | int]


class Paper(NamedTuple):
    """A report in cells, as it stands on screen, on paper and in files: line by line, and the
    total last."""

    heads: list[list[Any]]
    flat: list[str]
    rows: list[Row]
    case_heads: list[str]
    cases: list[Row]
    no_cases: str


@pages.get("/reports/daily")
@allow("report.view")
def daily() -> Response:
    """The report of a unit (`?unit=`) on a day (`?on=`) as its records are now, or a version that
    was sent (`?version=`)."""
    form, unit = DayForm(), asked_unit()
    if not form.day:
        return page("reports/daily.html", 422, form=form, unit=unit, report=None)
    return daily_page(unit, form.day)


@pages.post("/reports/daily")
@allow("report.send")
def send() -> Response:
    """The report is sent as it was shown."""
    unit, day, form = asked_unit(), asked_day(), SendForm()
    if not form.validate_on_submit():
        return daily_page(unit, day, 422, form)
    try:
        form.once(lambda: actions.send(unit, day, form.shown.data or "", g.user))
        return daily_page(unit, day, just_sent=True)
    except Refused as refused:
        form.refuse(refused)
        return daily_page(unit, day, 422, form)


def daily_page(
    unit: Unit, day: date, status: int = 200, failed: Any = None, just_sent: bool = False
) -> Response:
    """The page of a report, with what may be done about it."""
    sent = SentReport.of(unit, day)
    kept = asked_version(sent)
    report = kept.report if kept else models.present(unit, day)
    changes = rules.changes(sent[-1].report, report) if sent and not kept else []
    if report.cases:
        audit.record("view", "daily_report", unit.id, on=str(day), hits=len(report.cases))
    form = DayForm()
    send_form = SendForm(formdata=None)
    send_form.shown.data = rules.digest(report, len(sent) + 1)
    send_form.summary = failed.summary if failed else []
    return page(
        "reports/daily.html", status, form=form, send_form=send_form, unit=unit, day=day,
        report=report, paper=paper_of(report, unit), sent=sent, kept=kept, just_sent=just_sent,
        changes=[change_text(one) for one in changes[:MOST_CHANGES]], many=len(changes),
        sums_hold=all(rules.adds_up(line.numbers) for line in report.lines),
        may_send=may("report.send") and not kept and (not sent or changes),
        due=form.due, now=clock.now(), late=late_text,
    )  # fmt: skip


def asked_version(sent: list[SentReport]) -> SentReport | None:
    """The version of `?version=`; 404 for one that was never sent."""
    asked = number("version")
    if asked is None:
        return None
    return next((one for one in sent if one.version == asked), None) or abort(404)


def late_text(sent_at: datetime, due: datetime) -> str:
    """Whether a report came in time, in words."""
    after = rules.lateness(sent_at, due)
    if after is None:
        return _("đúng hạn")
    hours, minutes = divmod(int(after.total_seconds()) // 60, 60)
    return _("muộn %(hours)s giờ %(minutes)s phút", hours=hours, minutes=minutes)


def change_text(change: rules.Change) -> str:
    """A number that was sent and is another one now, in words."""
    kind, _blank, rest = change.number.partition(" ")
    if kind == "sign":
        what = ", ".join(word(sign) for sign in rest.split()) or word("other_sign")
    else:
        what = f"{word(kind)} {rest}" if rest else word(f"count_{kind}")
    where = ", ".join(filter(None, (change.place, change.product)))
    return f"{where}: {what} {change.old} → {change.new}"


def paper_of(report: rules.Report, unit: Unit) -> Paper:
    """The cells of a report, in Vietnamese as its headings are."""
    columns = rules.shown_columns(report)
    lines = sorted(report.lines, key=lambda line: (line.unit != unit.id, *_order(line)))
    with in_vietnamese():
        rows = [_cells(columns, report, n, line, unit) for n, line in enumerate(lines, 1)]
        everything = rules.total_of(line.numbers for line in lines)
        total = rules.Line(0, _("Tổng cộng"), "", "", "", everything)
        rows.append(_cells(columns, report, 0, total, unit))
        people = models.cases_of(report)
        cases = [_case(n, case, people) for n, case in enumerate(report.cases, 1)]
        heads = [
            "TT", _("Họ và tên"), _("Năm sinh"), _("Giới tính"), _("Điểm tiêm"), _("Vắc xin"),
            _("Số lô"), _("Hạn dùng"), _("Thời gian tiêm"), _("Thời gian ghi nhận"),
            _("Dấu hiệu"),
        ]  # fmt: skip
        no_cases = _("không có")
    flat = [" – ".join(column.heads) for column in columns]
    return Paper(rules.head_rows(columns), flat, rows, heads, cases, no_cases)


def _order(line: rules.Line) -> Any:
    return [sort_key(part) for part in line.place.split()], line.unit, not line.name, line.name


def _cells(
    columns: list[rules.Column], report: rules.Report, n: int, line: rules.Line, unit: Unit
) -> Row:
    own = line.unit == unit.id and any(one.unit != unit.id for one in report.lines)
    texts: dict[str, str | int] = {
        "number": n or "",
        "place": f"{line.place} ({_('tại chỗ')})" if own else line.place,
        "round": line.round,
        "product": line.name or ("—" if n else ""),
        "note": note(line.numbers),
    }
    return [
        texts[column.what]
        if column.what in texts
        else rules.value(column, report.columns, line.numbers)
        for column in columns
    ]


def note(numbers: rules.Numbers) -> str:
    """What no column says: who is no subject yet, what was entered afterwards."""
    of, parts = {"late_hours": 0, **numbers}, []
    if of.get("waiting"):
        parts.append(_("%(n)s người đang chờ", n=of["waiting"]))
    if of.get("left"):
        parts.append(_("%(n)s người rời điểm tiêm", n=of["left"]))
    if of.get("late"):
        told = {"n": of["late"], "hours": of["late_hours"]}
        parts.append(_("trong đó hồi cứu %(n)s mũi, muộn nhất %(hours)s giờ", **told))
    if not rules.adds_up(numbers):
        parts.append(_("các số không khớp"))
    return "; ".join(parts)


def _case(n: int, case: rules.Case, people: Mapping[int, Person]) -> Row:
    person = people[case.visit]
    return [
        n, person.name if may("person.view") else person.masked, person.dob_year,
        word(person.sex), case.place, case.product, case.lot, show_date(_moment(case.expires)),
        show_moment(_moment(case.given)), show_moment(_moment(case.noted)),
        ", ".join(word(sign) for sign in case.signs),
    ]  # fmt: skip


def _moment(text: str) -> Any:
    """A day or a moment as a report keeps it."""
    if not text:
        return None
    return datetime.fromisoformat(text) if " " in text else date.fromisoformat(text)


class Asked(NamedTuple):
    """The report that an address asks for, as now or as it was sent."""

    unit: Unit
    day: date
    report: rules.Report
    kept: SentReport | None


def asked_report(on_paper: bool) -> Asked:
    """What is printed or taken along as a file; it is written down who did so."""
    unit, day = asked_unit(), asked_day()
    kept = asked_version(SentReport.of(unit, day))
    report = kept.report if kept else models.present(unit, day)
    rows = len(report.lines) + len(report.cases)
    audit.record("print" if on_paper else "export", "daily_report", unit.id, on=str(day), rows=rows)
    return Asked(unit, day, report, kept)


@pages.get("/reports/daily/paper")
@allow("report.view")
def paper() -> Response:
    """The report on A4 landscape, as the form has it."""
    asked = asked_report(on_paper=True)
    return page(
        "reports/paper.html", unit=asked.unit, day=asked.day, report=asked.report,
        kept=asked.kept, paper=paper_of(asked.report, asked.unit), now=clock.now(),
        started=show_date(_moment(asked.report.started)), version=request.args.get("version"),
    )  # fmt: skip


@pages.get("/reports/daily.<any(csv, xlsx):kind>")
@allow("report.view")
def file(kind: str) -> FileResponse:
    """The report as a table to calculate with; no cell is a formula."""
    asked = asked_report(on_paper=False)
    rows, name = file_rows(asked), f"bao-cao-ngay-{asked.day}.{kind}"
    if kind == "csv":
        return spreadsheet.download(spreadsheet.csv(rows), name)
    widths = [6, 36, 16, 30] + [11] * (len(rows[5]) - 5) + [40]
    sheet = spreadsheet.Sheet(str(asked.day), rows, widths)
    return spreadsheet.download(spreadsheet.xlsx(sheet), name)


def file_rows(asked: Asked) -> list[list[Any]]:
    """Title, facts, part A, part B, notes."""
    report, made = asked.report, paper_of(asked.report, asked.unit)
    bold = spreadsheet.Head
    with in_vietnamese():
        rows: list[list[Any]] = [
            [bold(report.title)],
            [f"{_('Đơn vị')}: {report.unit}"],
            [f"{_('Thời gian bắt đầu triển khai')}: {show_date(_moment(report.started))}"],
            [f"{_('Ngày báo cáo')}: {show_date(asked.day)}"],
            [bold(report.part_a)],
        ]
        rows += [[bold(text) for text in made.flat], *made.rows, [], [bold(report.part_b)]]
    rows += (
        [[bold(text) for text in made.case_heads], *made.cases] if made.cases else [[made.no_cases]]
    )
    return [*rows, [], *([text] for text in report.footnotes)]
