"""Slips and certificates, as pages that the browser prints; the three steps to a certificate."""

from flask import Blueprint

pages = Blueprint("certificates", __name__)

from app.certificates.views import (  # noqa: E402
    bulk,  # noqa: F401  (they add their routes)
    confirm,  # noqa: F401
    family,  # noqa: F401
    issue,  # noqa: F401
    one,  # noqa: F401
    overdue,  # noqa: F401
    paper,  # noqa: F401
    person,  # noqa: F401
    sign,  # noqa: F401
    slip,  # noqa: F401
)
