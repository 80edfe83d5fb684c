"""The pages for everybody: look up one's own doses, verify a slip. No account, no cookie."""

from base64 import b64encode

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app import clock
from app.certificates import payload, qr
from app.certificates.rules import grouped
from app.portal import actions
from app.portal.forms import LookUpForm
from app.vaccines.models import catalogue_on
from app.verification.rules import network
from app.web import page, public, public_url
from app.words import Refused

pages = Blueprint("portal", __name__)


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
