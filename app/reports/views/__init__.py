"""The pages of the counts and of the audit."""

from flask import Blueprint

pages = Blueprint("reports", __name__)
audit_pages = Blueprint("audit", __name__)

from app.reports.views import audit, counts  # noqa: E402, F401  (they add their routes)
