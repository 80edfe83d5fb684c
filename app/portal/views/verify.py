"""What the QR of a slip opens, for whoever compares it with a card."""

from werkzeug.wrappers import Response

from app.portal import actions
from app.portal.views import pages
from app.portal.views.asking import caller, waits
from app.web import page, public
from app.words import Refused


@pages.get("/x/<code>")
@pages.get("/X/<code>")
@public
def verify(code: str) -> Response:
    """What a QR opens: whether the slip is in the system, and enough to compare with a card."""
    try:
        found = actions.verify(code, caller())
    except Refused as refused:
        return waits(
            page("portal/verify.html", 429, found=None, refused=refused.reasons[0]), refused
        )
    return page("portal/verify.html", 200 if found else 404, found=found, refused=None)
