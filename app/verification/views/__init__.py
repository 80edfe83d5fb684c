"""Checking certificates, and the signed lists that others check them by."""

from flask import Blueprint

pages = Blueprint("verification", __name__)
