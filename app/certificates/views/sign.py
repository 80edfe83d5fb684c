"""Step 2: the head of a site signs days, by name, with the password typed again."""

from flask import g
from werkzeug.wrappers import Response

from app import audit
from app.certificates import actions
from app.certificates.forms import SignForm
from app.certificates.views import pages
from app.web import allow, page
from app.words import Refused


@pages.route("/certificates/sign", methods=["GET", "POST"])
@allow("certificate.sign")
def sign() -> Response:
    """What waits for a signature, by day; what has changed since it was shown is refused."""
    form, signed = SignForm(), None
    if form.validate_on_submit():
        try:
            actions.check_password(form.password.data, g.user)
            signed = int(form.once(lambda: actions.sign(form.days.data, g.user)))
            form = SignForm(formdata=None)
        except Refused as refused:
            form.refuse(refused)
    sheets = actions.sheets(g.user.unit_path)
    audit.record("view", "signed_day", hits=len(sheets))
    return page(
        "certificates/sign.html", 422 if form.errors or form.summary else 200, form=form,
        sheets=sheets, signed=signed, several=len({sheet.unit_id for sheet in sheets}) > 1,
        ticked=form.days.data if form.is_submitted() and signed is None else None,
    )  # fmt: skip
