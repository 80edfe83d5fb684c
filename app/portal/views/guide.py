"""What a citizen can do here, and how."""

from werkzeug.wrappers import Response

from app.portal.views import pages
from app.portal.views.figures import kept
from app.web import page, public, sms_number


@pages.get("/huong-dan")
@public
def guide() -> Response:
    """Registering, looking up, telling what is wrong, and the same by SMS."""
    return kept(page("portal/guide.html", sms=sms_number()))
