"""Gunicorn: a process for each core, threads in it, one database connection for each thread."""

import logging
import os

from gunicorn.glogging import Logger


def _whole(name: str, default: int) -> int:
    """A setting; what is wrong with one, the application says (app/config.py)."""
    text = os.environ.get(name, "")
    return int(text) if text.isdecimal() and int(text) else default


bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = _whole("WEB_CONCURRENCY", len(os.sched_getaffinity(0)))
threads = _whole("DB_CONNECTIONS", 4)

# Loaded once and shared: less memory, and a wrong setting is told once instead of by each worker.
preload_app = True
# A dose that is being saved is saved before the process ends; nginx waits as long.
graceful_timeout = 30
timeout = 60
# Longer than nginx keeps an idle connection (nginx.conf), or a form meets a closing one.
keepalive = 75
# A file that a worker touches each second must not wait for a busy disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# Its default path is one for all instances of a user; nothing here uses it.
control_socket_disable = True
# The application writes its own access log, without addresses and queries (app/log.py).
accesslog = None


def _anonymous(record: logging.LogRecord) -> bool:
    """Gunicorn quotes the sender and the query of a broken request; both may tell of a person."""
    for start in ("Invalid request", "Error handling request"):
        if str(record.msg).startswith(start):
            record.msg, record.args = start, ()
    return True


class JsonLogger(Logger):
    """Gunicorn's own messages in the shape of the application's."""

    def setup(self, cfg) -> None:
        """Called by gunicorn once in the arbiter."""
        from app.log import JsonFormatter

        super().setup(cfg)
        self.error_log.addFilter(_anonymous)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter())


logger_class = JsonLogger


def post_fork(server, worker) -> None:
    """A connection opened before the fork must not be used by two processes."""
    from app.db import db

    db.dispose()


def when_ready(server) -> None:
    """Tell where to look; the log does it too, but in JSON."""
    for listener in server.LISTENERS:
        print(f"\n  → {listener}   (Ctrl-C stops)\n", flush=True)
