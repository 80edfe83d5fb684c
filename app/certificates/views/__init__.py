"""The slip, as a page that the browser prints."""

from flask import Blueprint

pages = Blueprint("certificates", __name__)

from app.certificates.views import slip  # noqa: E402, F401  (it adds its routes)
