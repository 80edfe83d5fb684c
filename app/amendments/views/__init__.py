"""The pages for what is done after the fact: undo."""

from flask import Blueprint

pages = Blueprint("amendments", __name__)

from app.amendments.views import undo  # noqa: E402, F401  (they add their routes)
