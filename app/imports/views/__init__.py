"""Lists for a session: sent or pasted, checked row by row, decided on, written, given back; and
lists of doses given before, and by which organisations register their people."""

from flask import Blueprint

pages = Blueprint("imports", __name__)

from app.imports.views import files, organisations, past, rows, send  # noqa: E402, F401  (they add their routes)
