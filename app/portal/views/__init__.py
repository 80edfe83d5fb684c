"""The pages for everybody: no account, no cookie."""

from flask import Blueprint

pages = Blueprint("portal", __name__)

from app.portal.views import certificate, look_up, sites, sms, verify  # noqa: E402, F401  (they add routes)
