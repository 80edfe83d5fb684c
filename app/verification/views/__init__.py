"""Checking certificates, and the signed lists that others check them by."""

from flask import Blueprint

pages = Blueprint("verification", __name__)

from app.verification.views import check, checkpoint, lists  # noqa: E402, F401  (routes)
