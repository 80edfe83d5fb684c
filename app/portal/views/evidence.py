"""A photo for a ticket, on a page of its own: who only writes does not load it."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.corrections import actions as corrections
from app.portal.forms import FollowForm, PhotoForm
from app.portal.views import pages
from app.portal.views.asking import caller, waits
from app.portal.views.follow import ticket_page
from app.web import drain, go, page, public
from app.words import Refused


@pages.route("/phan-anh/anh", methods=["GET", "POST"])
@public
def evidence() -> Response:
    """The page that asks for a photo, from the page of a ticket; then the ticket again."""
    try:
        ticket = corrections.ticket_of(request.form.get("mark", ""))
    except RequestEntityTooLarge:
        return _too_large()
    if ticket is None:
        return go("portal.follow")
    form = PhotoForm()
    if "picture" not in request.files:
        return page("portal/evidence.html", form=form)
    try:
        corrections.add_photo(ticket, _sent(form), caller())
    except Refused as refused:
        form.refuse(refused)
        if refused.reasons[0][1] == "look_up_wait":
            return waits(page("portal/evidence.html", 429, form=form), refused)
        return page("portal/evidence.html", 422, form=form)
    return ticket_page(ticket)


def _sent(form: PhotoForm) -> bytes:
    """What the file holds. Raises Refused when none was chosen."""
    if not form.picture.data or not form.picture.data.filename:
        raise Refused(("picture", "required"))
    with form.picture.data.stream as stream:
        data: bytes = stream.read()
    return data


def _too_large() -> Response:
    """Nothing of the form was read, the mark neither: the ticket is asked for again."""
    drain()
    form = FollowForm(formdata=None)
    form.refuse(Refused(("", "picture_size")))
    return page("portal/follow.html", 413, form=form)
