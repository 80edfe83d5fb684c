"""The pages for what is done after the fact: undo, late entry, requests and decisions."""

from flask import Blueprint

pages = Blueprint("amendments", __name__)

from app.amendments.views import decide, doses, elsewhere, late, undo  # noqa: E402, F401  (they add their routes)
