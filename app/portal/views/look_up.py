"""Looking up one's own doses. No account, no cookie."""

from base64 import b64encode

from werkzeug.wrappers import Response

from app import clock
from app.certificates import payload, qr
from app.certificates.rules import grouped
from app.portal import actions
from app.portal.forms import LookUpForm
from app.portal.views import pages
from app.portal.views.asking import asked, caller
from app.vaccines.models import catalogue_on
from app.web import page, public, public_url


@pages.route("/tra-cuu", methods=["GET", "POST"])
@public
def look_up() -> Response:
    """Ask for number, birth date and PIN, and show the doses."""
    form = LookUpForm()

    def find() -> actions.Found | None:
        return actions.look_up(form.what.data, form.dob.data, form.pin.data, caller())

    return asked(form, "portal/look_up.html", find, result)


def result(found: actions.Found) -> Response:
    """The doses, and the QR that a verifier scans."""
    picture = qr.png(qr.matrix(payload.content(found, public_url())), 2)
    return page(
        "portal/result.html", found=found, products=catalogue_on(clock.today()).products,
        code=grouped(found.code), picture=b64encode(picture).decode(),
        mark=actions.let_on(found.person_id), certified=actions.certified(found.person_id),
    )  # fmt: skip
