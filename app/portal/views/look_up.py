"""Looking up one's own doses. No account, no cookie."""

from base64 import b64encode

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.certificates import payload, qr
from app.certificates.rules import grouped
from app.portal import actions
from app.portal.forms import LookUpForm
from app.portal.views import pages
from app.vaccines.models import catalogue_on
from app.verification.rules import network
from app.web import page, public, public_url
from app.words import Refused


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
