"""A certificate as a page that the browser prints: a sheet of A4, or a card for the wallet."""

from typing import Any

from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response

from app import audit
from app.accounts.scope import get_or_404
from app.certificates import actions, qr
from app.certificates.models import Certificate
from app.certificates.views import pages
from app.fields import BaseForm
from app.web import allow, page, public_url
from app.words import Refused


@pages.route("/certificates/<int:certificate_id>/paper", methods=["GET", "POST"])
@allow("certificate.print")
def paper(certificate_id: int) -> Response:
    """The bilingual certificate of QĐ 5772/QĐ-BYT on A4."""
    return _sheet(get_or_404(Certificate, certificate_id), "a4")


@pages.route("/certificates/<int:certificate_id>/wallet", methods=["GET", "POST"])
@allow("certificate.print")
def wallet(certificate_id: int) -> Response:
    """The same as a card to cut out and fold."""
    return _sheet(get_or_404(Certificate, certificate_id), "wallet")


def _sheet(certificate: Certificate, layout: str) -> Response:
    """GET shows the paper, each POST is one printing; what was only looked at does not print."""
    form, printed = BaseForm(), False
    if form.validate_on_submit():
        try:
            form.once(lambda: actions.print_paper(certificate, layout))
            form, printed = BaseForm(formdata=None), True  # a new key for the next printing
        except Refused as refused:
            form.refuse(refused)
    problem = actions.paper_problem(certificate)
    if request.method == "GET":
        audit.record("view", "certificate", certificate.id, certificate.person_id)
    return page(
        "certificates/sheet.html", 422 if form.errors or form.summary else 200, form=form,
        certificate=certificate, problem=problem, printed=printed, size=layout,
        papers=[] if problem else drawn([actions.paper(certificate)], layout), site=site(),
        prints=Certificate.get_by_id(certificate.id).prints,
    )  # fmt: skip


def drawn(papers: list[Any], layout: str) -> list[tuple[Any, Markup]]:
    """Each paper with its QR."""
    if layout == "family":
        return [(one, Markup(qr.packed(one.code, qr.ON_CARD))) for one in papers]
    most = qr.ON_A4 if layout == "a4" else qr.ON_CARD
    return [(one, Markup(qr.printed(one.code, most))) for one in papers]


def site() -> str:
    """The address of this service as people type it."""
    return public_url().partition("://")[2]
