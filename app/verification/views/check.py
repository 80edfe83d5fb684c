"""The page that checks a certificate: paste its text, or send a photo of its QR. No account, no
cookie, no JavaScript."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app import clock
from app.certificates.rules import normal
from app.vaccines.models import catalogue_on
from app.verification import actions
from app.verification.forms import CheckForm
from app.verification.rules import code_of_slip, network
from app.verification.views import pages
from app.web import drain, go, page, public
from app.words import Refused


@pages.route("/kiem-tra", methods=["GET", "POST"])
@public
def check() -> Response:
    """Ask, and answer on the same address."""
    try:
        form = CheckForm()
    except RequestEntityTooLarge:
        drain()
        form = CheckForm(formdata=None)
        form.refuse(Refused(("picture", "picture_size")))
        return _page(form, 413)
    if not form.is_submitted():
        return _page(form)
    try:
        return _answer(form)
    except Refused as refused:
        form.refuse(refused)
        wait = refused.reasons[0][2].get("minutes")
        response = _page(form, 429 if wait else 422)
        if wait:
            response.headers["Retry-After"] = str(60 * wait)
        return response


def _answer(form: CheckForm) -> Response:
    address = network(request.remote_addr or "")
    text = form.pasted or actions.text_in(form.photographed(), address)
    if code := normal(code_of_slip(text)):
        return go("portal.verify", code=code)
    return _page(CheckForm(formdata=None), checked=actions.check(text, address))


def _page(form: CheckForm, status: int = 200, checked: actions.Checked | None = None) -> Response:
    products = catalogue_on(clock.today()).products.values()
    # Several products have one code: for children, or with two components. The plainest is meant.
    names = {one.mp: one.name for one in sorted(products, key=lambda one: -len(one.name))}
    return page("verification/check.html", status, form=form, checked=checked, names=names)


@pages.get("/kiem-tra/may-anh")
@public
def camera() -> Response:
    """The same with the camera of the device, where the browser can."""
    return page("verification/camera.html")
