"""What officers do with wishes."""

from flask import Blueprint

pages = Blueprint("registrations", __name__)

from app.registrations.views import queue  # noqa: E402, F401  (it adds its routes)
