"""The application for gunicorn and for the flask command."""

import sys

from app import create_app
from app.config import ConfigError

try:
    application = create_app()
except ConfigError as wrong:
    # The message says what to do; a trace would only hide it.
    sys.exit(str(wrong))
