"""Logs as JSON lines without personal data."""

import json
import logging
import sys
import time
from datetime import datetime, timezone
from typing import Any

from flask import Flask, Response, g, request

EXTRA = ("endpoint", "method", "status", "ms", "user_id", "unit_id", "noun_id")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
log = logging.getLogger("app.access")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, name, message, the known extras, and a trace if any."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "level": record.levelname,
            "name": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _places(record)
        return json.dumps(line)  # in ASCII: no letter of a message ends the line


def _places(record: logging.LogRecord) -> list[str]:
    """Where the error came from. Its message is left out: it may quote what somebody typed."""
    places, trace = [], record.exc_info[2] if record.exc_info else None
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-40:]


def access(response: Response) -> Response:
    """Write who asked for which page, how it ended and how long it took."""
    started, who = g.get("started"), g.get("user")
    log.info(
        "request",
        extra={
            "endpoint": request.endpoint,
            # A broken client sends anything in its place.
            "method": request.method if request.method in METHODS else "other",
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000, 1) if started else None,
            "user_id": who.id if who else None,
            "unit_id": who.unit_id if who else None,
        },
    )
    return response


def init_app(app: Flask) -> None:
    """Send everything to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    app.after_request(access)
