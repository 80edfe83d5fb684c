"""Certificates of a commune, a session or a workplace as PDFs to print."""

from functools import partial
from typing import Any

from flask import abort, g, request
from werkzeug.wrappers import Response

from app.accounts.scope import get_or_404, scoped
from app.certificates import actions, pdf, rules
from app.certificates.forms import BulkForm
from app.certificates.models import BulkPrint, communes, people_of, sessions, workplaces
from app.certificates.views import pages
from app.certificates.views.paper import site
from app.i18n import _, show_date
from app.units.models import Area
from app.web import allow, go, page
from app.words import Refused, word


@pages.route("/certificates/bulk", methods=["GET", "POST"])
@allow("certificate.print")
def bulk() -> Any:
    """Whose certificates, how many there are and what is missing; then the order for the files."""
    form = BulkForm(_choices(g.user.unit_path))
    if not form.validate_on_submit():
        return _shown(form, 422 if form.is_submitted() else 200)
    what, _colon, which = form.which.data.partition(":")
    found = actions.to_print(people_of(g.user.unit_path, what, which))
    if "order" not in request.form:
        return _shown(form, 200, found)
    layout, ids = form.layout.data, found.certificates
    work = partial(actions.order_print, g.user.unit_id, what, which, layout, ids, g.user)
    try:
        return go("certificates.bulk_print", bulk_id=form.once(work))
    except Refused as refused:
        form.refuse(refused)
        return _shown(form, 422, found)


def _shown(form: BulkForm, status: int, found: actions.Found | None = None) -> Response:
    orders = scoped(BulkPrint).order_by(BulkPrint.id.desc()).limit(10)
    return page(
        "certificates/bulk.html", status, form=form, found=found, orders=list(orders), label=_label
    )


def _choices(path: str) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, in groups."""
    return {
        _("Buổi tiêm"): [(f"session:{one.id}", _session(one)) for one in sessions(path)],
        _("Đơn vị công tác, trường học"): _counted("workplace", workplaces(path)),
        _("Nơi ở"): _counted("commune", communes(path)),
    }


def _counted(what: str, places: list[tuple[str, str, int]]) -> list[tuple[str, str]]:
    return [(f"{what}:{value}", f"{name} ({n})") for value, name, n in places]


def _session(session: Any) -> str:
    day = f"{show_date(session.held_on)} {word(session.half_day).lower()}"
    return f"{day}, {session.unit.name}"


def _label(order: BulkPrint) -> str:
    """Whose certificates an order is for."""
    if order.what == "commune":
        scheme, _colon, code = order.which.partition(":")
        area = Area.find(scheme, code)
        return area.name if area else code
    if order.what == "session":
        return _("Buổi tiêm %(id)s", id=order.which)
    return order.which


@pages.get("/certificates/bulk/<int:bulk_id>")
@allow("certificate.print")
def bulk_print(bulk_id: int) -> Response:
    """The files of an order, and which of them went out."""
    order = get_or_404(BulkPrint, bulk_id)
    return page(
        "certificates/bulk_print.html", order=order, parts=rules.parts(order.total),
        at_once=rules.PART, label=_label,
    )  # fmt: skip


@pages.get("/certificates/bulk/<int:bulk_id>/<int:part>.pdf")
@allow("certificate.print")
def bulk_file(bulk_id: int, part: int) -> Response:
    """One file of an order; asked for again it comes again, and is counted again."""
    order = get_or_404(BulkPrint, bulk_id)
    if part > len(rules.parts(order.total)):
        abort(404)
    papers = actions.print_part(order, part)
    name = f'attachment; filename="chung-nhan-{order.id}-{part}.pdf"'
    return Response(
        pdf.document(papers, order.layout, site()), mimetype="application/pdf",
        headers={"Content-Disposition": name},
    )  # fmt: skip
