"""The pages for everybody: no account, no cookie."""

from flask import Blueprint

pages = Blueprint("portal", __name__)

from app.portal.views import (  # noqa: E402, F401  (they add routes)
    certificate,
    correct,
    evidence,
    figures,
    follow,
    guide,
    ill,
    look_up,
    register,
    sites,
    sms,
    verify,
)
