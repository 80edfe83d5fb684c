"""The officers' pages of tickets."""

from flask import Blueprint

pages = Blueprint("corrections", __name__)

from app.corrections.views import claim, copy, note, queue, show  # noqa: E402, F401  (they add routes)
