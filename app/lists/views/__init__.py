"""Lists on screen, on paper and as files."""

from flask import Blueprint

pages = Blueprint("lists", __name__)

from app.lists.views import calling, lists, paper, runs  # noqa: E402, F401  (routes)
