"""Slips and certificates, as pages that the browser prints."""

from flask import Blueprint

pages = Blueprint("certificates", __name__)

from app.certificates.views import bulk, family, paper, slip  # noqa: E402, F401  (they add their routes)
