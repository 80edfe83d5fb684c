"""The pages for everybody: look up one's own doses and certificate, verify a slip. No account, no
cookie."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from app import clock
from app.certificates import actions as certificates
from app.certificates import payload, qr
from app.certificates.models import Certificate
from app.certificates.rules import grouped
from app.portal import actions
from app.portal.forms import LookUpForm
from app.vaccines.models import catalogue_on
from app.verification.rules import network
from app.web import go, page, public, public_url
from app.words import Refused

pages = Blueprint("portal", __name__)
WIDE = 216  # pixels of the narrowest telephone without its margins


@pages.route("/tra-cuu", methods=["GET", "POST"])
@public
def look_up() -> Response:
    """Ask for number, birth date and PIN, and answer on the same address: nothing that was typed
    stands in an address."""
    form, status, wait = LookUpForm(), 200, {}
    if form.validate_on_submit():
        try:
            found = actions.look_up(form.what.data, form.dob.data, form.pin.data, caller())
            if found:
                return result(found)
            form.refuse(Refused(("", "look_up_nothing")))
        except Refused as refused:
            form.refuse(refused)
            status, wait = 429, retry_after(refused)
    elif form.is_submitted():
        status = 422
    response = page("portal/look_up.html", status, form=form)
    response.headers.update(wait)
    return response


def caller() -> str:
    """Who shares the connection that asks."""
    return network(request.remote_addr or "")


def retry_after(refused: Refused) -> dict[str, str]:
    """The time to wait, as machines read it."""
    return {"Retry-After": str(60 * refused.reasons[0][2]["minutes"])}


def result(found: actions.Found) -> Response:
    """The doses, and the QR that a verifier scans."""
    picture = qr.png(qr.matrix(payload.content(found, public_url())), 2)
    return page(
        "portal/result.html", found=found, products=catalogue_on(clock.today()).products,
        code=grouped(found.code), picture=b64encode(picture).decode(),
        mark=actions.let_on(found.person_id), certified=actions.certified(found.person_id),
    )  # fmt: skip


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


@pages.get("/x/<code>")
@pages.get("/X/<code>")
@public
def verify(code: str) -> Response:
    """What a QR opens: whether the slip is in the system, and enough to compare with a card."""
    try:
        found = actions.verify(code, caller())
    except Refused as refused:
        response = page("portal/verify.html", 429, found=None, refused=refused.reasons[0])
        response.headers.update(retry_after(refused))
        return response
    return page("portal/verify.html", 200 if found else 404, found=found, refused=None)
