"""What the machines ask: is the process alive, can it serve."""

from flask import Flask, Response

from app.db import db
from app.web import public


@public
def healthz() -> Response:
    """200 as long as the process answers."""
    return Response("ok\n", mimetype="text/plain")


@public
def readyz() -> Response:
    """200 when the database answers too, 503 otherwise."""
    try:
        db.execute_sql("select 1")
    except Exception:
        return Response("database\n", status=503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


def init_app(app: Flask) -> None:
    """Add the addresses."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
