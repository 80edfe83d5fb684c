"""The certificate that a look-up leads on to: on the telephone, or as a sheet to print."""

from base64 import b64encode
from typing import Any

from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.certificates import actions as certificates
from app.certificates import qr
from app.certificates.models import Certificate
from app.portal import actions
from app.portal.forms import LookUpForm
from app.portal.views import pages
from app.web import go, page, public, public_url
from app.words import Refused

WIDE = 216  # pixels of the narrowest telephone without its margins


@pages.route("/chung-nhan", methods=["GET", "POST"])
@public
def certificate() -> Any:
    """What the result of a look-up leads on to: the QR for the telephone, or a sheet to print."""
    if request.method == "GET":
        return go("portal.look_up")
    person_id = actions.person_of(request.form.get("mark", ""))
    kind = "ICVP" if request.form.get("kind") == "ICVP" else "DCC"
    found = actions.certified(person_id).rows.get(kind) if person_id else None
    if found is None:
        form = LookUpForm(formdata=None)
        form.refuse(Refused(("", "look_up_again")))
        return page("portal/look_up.html", 422, form=form)
    return _sheet(found) if "a4" in request.form else _screen(found)


def _screen(found: Certificate) -> Response:
    """As few bytes as possible: level L, for no screen is torn or stained."""
    actions.shown(found)
    return page(
        "portal/certificate.html", certificate=found, shown=certificates.paper(found),
        picture=b64encode(qr.png(qr.matrix(found.code), 2)).decode(), width=WIDE,
        mark=request.form["mark"],
    )  # fmt: skip


def _sheet(found: Certificate) -> Response:
    certificates.print_paper(found, "a4")
    return page(
        "portal/sheet.html", shown=certificates.paper(found), site=public_url().partition("://")[2],
        picture=Markup(qr.printed(found.code, qr.ON_A4)),
    )  # fmt: skip
