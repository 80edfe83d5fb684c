"""The pages of the counts and of the audit."""

from flask import Blueprint

pages = Blueprint("reports", __name__)
audit_pages = Blueprint("audit", __name__)

from app.reports.views import (  # noqa: E402  (they add their routes)
    audit,  # noqa: F401
    counts,  # noqa: F401
    daily,  # noqa: F401
    sent,  # noqa: F401
)
