"""The pages where the vials of a session are counted and where it ends."""

from flask import Blueprint

pages = Blueprint("closing", __name__)

from app.closing.views import close, lots, unclosed  # noqa: E402, F401  (they add their routes)
