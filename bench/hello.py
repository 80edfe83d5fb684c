"""The least that Flask can do, under the same gunicorn: what all other figures are held against."""

from flask import Flask

from app.db import open_database

# deploy/gunicorn.conf.py closes the connections of the application after each fork.
open_database("sqlite:///:memory:")
application = Flask(__name__)


@application.get("/")
def hello() -> str:
    """A few bytes of text."""
    return "hello\n"
